#include "plan/graph_build.h"

#include <algorithm>

#include "base/text.h"
#include "schema/table_ddl.h"

namespace pga::plan {
namespace {

using schema::Database;
using schema::Id;
using schema::KindId;
using schema::Object;

std::string padded(size_t number, size_t width = 6) {
  std::string digits = std::to_string(number);
  return digits.size() >= width ? digits : std::string(width - digits.size(), '0') + digits;
}

bool needs_index(const Object& object) {  // an index, or a constraint that has one
  if (object.id.kind == KindId::index) return true;
  return object.id.kind == KindId::constraint && object.text("type") != "FOREIGN KEY" && object.text("type") != "CHECK";
}

// Where names of relations (tables, indexes, sequences, views …) or types must be unique together: "r schema name", "t schema
// name".
std::vector<std::string> name_keys(const Object& object) {
  const auto slug = schema::kind_of(object.id.kind).slug();
  const auto& path = object.id.path;
  std::vector<std::string> out;
  const auto relation = [&](const std::string& name) { out.push_back("r\x1f" + path[0] + "\x1f" + name); };
  const auto type = [&](const std::string& name) { out.push_back("t\x1f" + path[0] + "\x1f" + name); };
  if (slug == "table" || slug == "view" || slug == "materialized_view" || slug == "composite_type") {
    relation(path[1]);
    type(path[1]);
  } else if (slug == "sequence" || slug == "index") {
    relation(path[1]);
  } else if (slug == "constraint" && needs_index(object)) {
    relation(object.value("index_name").value_or(path[2]));
    if (object.text("type") == "PRIMARY KEY") out.push_back("p\x1f" + path[0] + "\x1f" + path[1]);  // a table has one
  } else if (slug == "enum_type" || slug == "domain" || slug == "range_type" || slug == "base_type") {
    type(path[1]);
  } else if (slug == "function" || slug == "aggregate") {
    out.push_back("f\x1f" + path[0] + "\x1f" + path[1] + "\x1f" + path[2]);
  } else if (slug == "column" && object.value("identity_sequence")) {
    out.push_back("q\x1f" + object.text("identity_sequence"));
  }
  if (slug == "sequence") {
    std::vector<std::string> parts;
    out.push_back("q\x1f" + schema::kind_of(object.id.kind).address(object));
  }
  return out;
}

// A unique index or constraint of these columns, in any order.
bool is_key_of(const Object& object, std::vector<std::string> columns) {
  if (!needs_index(object) || (object.id.kind == KindId::index && !object.flag("unique"))) return false;
  auto own = object.list("columns");
  std::ranges::sort(own);
  std::ranges::sort(columns);
  return own == columns;
}

bool contains(const std::vector<Id>& list, const Id& id) {
  return std::ranges::find(list, id) != list.end();
}

class Builder {
 public:
  Builder(const Situation& situation, const Changes& changes, const GraphChoices& choices)
      : s_(situation), changes_(changes), choices_(choices) {}

  GraphBuild run() {
    for (const auto& [id, fate] : changes_.fates) add_nodes(id, fate);
    for (const auto& [id, fate] : changes_.fates) {
      drop_edges(id, fate);
      make_edges(id, fate);
    }
    around_edges();
    name_edges();
    leave_edges();
    partition_edges();
    fill_edges();
    describe_edges();
    return std::move(out_);
  }

 private:
  const Object* either(const Fate& fate) const { return fate.to != nullptr ? fate.to : fate.from; }
  int add(Part part, const Id& id, const Fate& fate, int stage);
  void add_nodes(const Id& id, const Fate& fate);
  void edge(int before, int after, const Id* reason = nullptr);
  bool covered_drop(const Id& id, const Fate& fate, Id& by) const;
  int dropper(const Id& id) const;
  int maker(const Id& id) const;
  bool leaves(const Id& table) const;
  bool goes_after_detach(const Object& part) const;
  bool parent_index_is_made(const Object& part) const;
  void whole_before(const Object& index, int join);
  bool goes_with_type(const Id& function, const Id& type) const;
  void drop_edges(const Id& id, const Fate& fate);
  void make_edges(const Id& id, const Fate& fate);
  void need_edges(const Id& id, const Object& object, int node);
  void after_other_keys(const Id& id, const Object& object, int node);
  void around_edges();
  void name_edges();
  void leave_edges();
  void partition_edges();
  void fill_edges();
  void describe_edges();

  const Situation& s_;
  const Changes& changes_;
  const GraphChoices& choices_;
  GraphBuild out_;
};

void Builder::edge(int before, int after, const Id* reason) {
  if (before < 0 || after < 0 || before == after) return;
  out_.graph.nodes[static_cast<size_t>(after)].after.insert(before);
  if (reason != nullptr) out_.reasons[{before, after}].insert(*reason);
}

const Drafts* drafts_of(Part part, const Fate& fate) {
  if (part == Part::drop && fate.leaving) return &fate.leaving->main;
  if (!fate.expansion) return nullptr;
  const bool drops = fate.verb == Verb::drop;
  if (part == Part::prepare) return &fate.expansion->prepare;
  if (part == Part::finish) return &fate.expansion->finish;
  if (part == Part::fill) return &fate.expansion->fill;
  if (drops ? part == Part::drop : part == Part::make) return &fate.expansion->main;
  return nullptr;
}

bool interrupts(Part part, const Fate& fate) {
  const Drafts* drafts = drafts_of(part, fate);
  return drafts != nullptr && std::ranges::any_of(*drafts, [](const Draft& d) { return !d.transactional || d.alone; });
}

int Builder::add(Part part, const Id& id, const Fate& fate, int stage) {
  Node node;
  node.part = part;
  node.interrupts = interrupts(part, fate);
  node.id = id;
  node.fate = &fate;
  node.stage = stage;
  const Object& object = *either(fate);
  const Database& in = fate.to != nullptr ? s_.to : s_.from;
  const Id top = top_of(object, in);
  std::string group = padded(static_cast<size_t>(top.kind), 2) + "\x1f" + join(top.path, "\x1f");
  size_t own = top == id ? 0 : static_cast<size_t>(id.kind) + 1;
  if (id.kind == KindId::column || id.kind == KindId::column_default) {
    const Object* column = id.kind == KindId::column ? &object : in.find(Id{KindId::column, id.path});
    own = own * 10000 + static_cast<size_t>(column == nullptr ? 0 : column->integer("position"));
  } else {
    own *= 10000;
  }
  if (part == Part::describe && top == id) own = 1;
  node.key = {padded(static_cast<size_t>(top.kind), 2), std::move(group), padded(own, 8), join(id.path, "\x1f"),
              padded(static_cast<size_t>(part), 2)};
  out_.graph.nodes.push_back(std::move(node));
  const int at = static_cast<int>(out_.graph.nodes.size()) - 1;
  out_.graph.at[static_cast<size_t>(part)][id] = at;
  return at;
}

// Whether the object goes with another one that is dropped: its table, its column, the index of the parent table.
bool Builder::covered_drop(const Id& id, const Fate& fate, Id& by) const {
  if (choices_.uncovered.contains(id) || fate.from == nullptr) return false;
  const Object& object = *fate.from;
  const auto gone = [&](const Id& other) {
    const Fate* its = changes_.find(other);
    if (its == nullptr || its->sheltered || !changes_.dropped(other)) return false;
    // A form that handles the drop (parks the rows) is a drop as well.
    by = other;
    return true;
  };
  if (id.kind == KindId::column_default) {
    const Id column{KindId::column, id.path};
    const Fate* its = changes_.find(column);
    if (gone(column)) return true;
    if (its != nullptr && its->follows && its->verb == Verb::alter) return true;  // made again with the parent's
  }
  if (object.parent && gone(*object.parent)) return true;
  if (const auto table = table_of(object); table && *table != id && gone(*table)) return true;
  if (id.kind == KindId::sequence && object.value("owned_by")) {
    const auto column = object.list("owned_by");
    if (gone(Id{KindId::table, {column[0], column[1]}}) || gone(Id{KindId::column, column})) return true;
  }
  if (needs_index(object) && object.value("attached_to") && !goes_after_detach(object)) {
    const auto parent = object.list("attached_to");
    if (gone(Id{KindId::index, parent})) return true;
    for (const auto& need : object.needs) {
      if (need.kind == KindId::constraint && need.path[0] == parent[0] && need.path.back() == parent[1] && gone(need))
        return true;
    }
  }
  return false;
}

void Builder::add_nodes(const Id& id, const Fate& fate) {
  if (fate.follows) return;
  const auto slug = schema::kind_of(id.kind).slug();
  const bool event = slug == "event_trigger";
  const bool late = event || slug == "default_privileges" || slug == "publication" || slug == "subscription";
  const bool pure_drop = fate.verb == Verb::drop;
  const bool gone = pure_drop || fate.again || fate.sheltered;
  if (gone) {
    Id by;
    if (!covered_drop(id, fate, by)) add(Part::drop, id, fate, event ? 0 : pure_drop ? 4 : 2);
  }
  if (fate.expansion && !fate.expansion->prepare.empty()) add(Part::prepare, id, fate, 1);
  if (pure_drop) {
    if (fate.expansion && !fate.expansion->finish.empty()) add(Part::finish, id, fate, 3);
    return;
  }
  const bool on_fresh_table = id.kind == KindId::column && fate.to->parent && is_fresh_table(*fate.to->parent, changes_);
  if (changes_.made(id) && !on_fresh_table) add(Part::make, id, fate, late ? 5 : 2);
  if (choices_.shells.contains(id)) add(Part::shell, id, fate, 2);
  if (fate.expansion && !fate.expansion->fill.empty()) add(Part::fill, id, fate, 2);
  if (fate.expansion && !fate.expansion->finish.empty()) add(Part::finish, id, fate, 3);
  const bool created = changes_.created(id);
  if (id.kind == KindId::table && created && fate.to->value("partition_of")) {
    const Id parent{KindId::table, fate.to->list("partition_of")};
    if (!is_fresh_table(parent, changes_) || natural_partition_form(*fate.to, s_.to) == schema::PartitionForm::attach) {
      add(Part::attach, id, fate, 2);
    }
  }
  if (created && needs_index(*fate.to) && fate.to->value("attached_to")) add(Part::attach_index, id, fate, 2);
  const bool changes_hands = id.kind == KindId::sequence && fate.to->value("owned_by") &&
                             (created || fate.from->value("owned_by") != fate.to->value("owned_by"));
  if (changes_hands) add(Part::own, id, fate, 2);
  add(Part::describe, id, fate, late ? 5 : 2);
}

int Builder::dropper(const Id& id) const {
  Id at = id;
  for (int depth = 0; depth < 8; ++depth) {
    const Fate* fate = changes_.find(at);
    if (fate == nullptr || !changes_.dropped(at)) return -1;
    if (const int node = out_.graph.find(Part::drop, at); node >= 0) return node;
    Id by;
    if (!covered_drop(at, *fate, by)) return -1;
    at = by;
  }
  return -1;
}

int Builder::maker(const Id& id) const {
  if (const int node = out_.graph.find(Part::make, id); node >= 0) return node;
  const Fate* fate = changes_.find(id);
  if (fate == nullptr || fate->to == nullptr || id.kind != KindId::column) return -1;
  if (fate->follows) {  // comes with the parent table's column
    const Object* table = fate->to->parent ? s_.to.find(*fate->to->parent) : nullptr;
    if (table == nullptr) return -1;
    for (const auto& parent : parent_tables(*table, s_.to)) {
      Id above{KindId::column, parent.path};
      above.path.push_back(id.name());
      if (const int node = maker(above); node >= 0) return node;
    }
    return -1;
  }
  return fate->to->parent ? out_.graph.find(Part::make, *fate->to->parent) : -1;
}

// The table has parents (partition_of, inherits) and then none.
bool Builder::leaves(const Id& table) const {
  const Fate* fate = changes_.find(table);
  if (fate == nullptr || fate->from == nullptr || fate->to == nullptr || changes_.created(table)) return false;
  return !parent_tables(*fate->from, s_.from).empty() && parent_tables(*fate->to, s_.to).empty();
}

// What came from the parent can only be dropped when its table has left: an attached index, an inherited column.
bool Builder::goes_after_detach(const Object& part) const {
  const bool from_parent =
      (needs_index(part) && part.value("attached_to")) || (part.id.kind == KindId::column && part.flag("inherited"));
  return from_parent && part.parent && leaves(*part.parent);
}

// A base or range type and its functions need each other: DROP TYPE … CASCADE takes them along.
bool Builder::goes_with_type(const Id& function, const Id& type) const {
  if (function.kind != KindId::function || (type.kind != KindId::base_type && type.kind != KindId::range_type)) return false;
  const Object* object = s_.from.find(type);
  return object != nullptr && dropper(type) >= 0 && std::ranges::binary_search(object->needs, function);
}

void Builder::drop_edges(const Id& id, const Fate& fate) {
  const int own = dropper(id);
  if (own >= 0 && fate.from != nullptr) {
    for (const auto& need : fate.from->needs) {
      if (goes_with_type(id, need)) {  // so what stands on the function must go before the type
        for (const Object* other : s_.from.dependents(id)) {
          if (other->id != need) edge(dropper(other->id), dropper(need));
        }
        continue;
      }
      if (const int node = dropper(need); node >= 0) edge(own, node, &id);
      const Fate* its = changes_.find(need);
      if (goes_after_detach(*fate.from) && fate.from->parent == need) continue;
      if (its != nullptr && its->to != nullptr && !its->again && !its->sheltered) edge(own, maker(need), &id);
    }
    edge(own, out_.graph.find(Part::make, id));
    edge(own, out_.graph.find(Part::shell, id));
  }
  if (fate.from == nullptr || fate.to == nullptr || fate.again) return;
  // An altered object lets go of what is dropped.
  const int make = maker(id), finish = out_.graph.find(Part::finish, id);
  for (const auto& need : fate.from->needs) {
    if (!changes_.dropped(need)) continue;
    if (changes_.find(need)->again && fate.sheltered) continue;
    const int node = dropper(need);
    if (!(fate.to->parent == need)) edge(make, node);
    edge(finish, node);
  }
}

void Builder::need_edges(const Id& id, const Object& object, int node) {
  for (const auto& need : object.needs) {
    if (id.kind == KindId::sequence && object.value("owned_by")) {
      const auto column = object.list("owned_by");
      if (need == Id{KindId::column, column} || need == Id{KindId::table, {column[0], column[1]}}) continue;
    }
    // A table that was there before and only changes: its parts do not wait for that (a partition joins after its parts are
    // made).
    if (need.kind == KindId::table && object.parent == need && changes_.find(need) != nullptr && !changes_.created(need))
      continue;
    const int shell = choices_.shells.contains(need) && !choices_.shells.contains(id) ? out_.graph.find(Part::shell, need) : -1;
    edge(shell >= 0 ? shell : maker(need), node);
    edge(out_.graph.find(Part::attach_index, need), node);  // a key is only valid when the indexes of all partitions joined
    // A foreign key to a partitioned table: all partitions' indexes must have joined.
    if (id.kind == KindId::constraint && object.text("type") == "FOREIGN KEY" && need.kind == KindId::constraint) {
      for (const Object* child : s_.to.dependents(need)) edge(out_.graph.find(Part::attach_index, child->id), node);
    }
  }
}

// A foreign key leans on whichever unique index of the referenced columns PostgreSQL finds first: one that goes must be gone.
void Builder::after_other_keys(const Id& id, const Object& object, int node) {
  if (id.kind != KindId::constraint || object.text("type") != "FOREIGN KEY" || !changes_.created(id)) return;
  for (const Object* key : s_.from.children(Id{KindId::table, object.list("referenced_table")})) {
    if (is_key_of(*key, object.list("referenced_columns")) && changes_.dropped(key->id)) edge(dropper(key->id), node, &key->id);
  }
}

void Builder::make_edges(const Id& id, const Fate& fate) {
  if (fate.to == nullptr) return;
  const int make = maker(id), prepare = out_.graph.find(Part::prepare, id);
  const int shell = out_.graph.find(Part::shell, id);
  edge(prepare, make);
  edge(make, out_.graph.find(Part::finish, id));
  edge(shell, make);
  if (make < 0 && prepare < 0) return;
  after_other_keys(id, *fate.to, make);
  need_edges(id, *fate.to, make);
  if (prepare >= 0) need_edges(id, *fate.to, prepare);
  if (id.kind == KindId::column && fate.expansion && changes_.created(id)) {  // the form sets the default as well
    if (const Object* value = s_.to.find(Id{KindId::column_default, id.path})) {
      for (const int node : {make, prepare}) {
        if (node < 0) continue;
        need_edges(value->id, *value, node);
        if (node == prepare) out_.graph.nodes[static_cast<size_t>(node)].after.erase(make);  // the column itself
      }
    }
  }
  if (shell >= 0) {  // the placeholder needs its schema and the types of its columns or arguments only
    for (const auto& need : fate.to->needs) {
      const auto slug = schema::kind_of(need.kind).slug();
      const bool type =
          slug.ends_with("_type") || slug == "domain" || slug == "schema" || slug == "language" || slug == "extension";
      const bool row_type = need.kind == KindId::table && id.kind == KindId::function;
      if (type || row_type) edge(choices_.shells.contains(need) ? out_.graph.find(Part::shell, need) : maker(need), shell);
    }
  }
  const int own = out_.graph.find(Part::own, id);
  if (own >= 0) {
    edge(make, own);
    const auto column = fate.to->list("owned_by");
    edge(maker(Id{KindId::column, column}), own);
    edge(maker(Id{KindId::table, {column[0], column[1]}}), own);
  }
  // What may stand inside CREATE TABLE had better find what it needs: referenced tables, sequences, functions.
  const bool inside = id.kind == KindId::column_default || id.kind == KindId::constraint;
  const auto table_id = table_of(*fate.to);
  if (inside && table_id && is_fresh_table(*table_id, changes_)) {
    const int table = maker(*table_id);
    const auto wish = [&](int before) {
      if (table >= 0 && before >= 0 && before != table) out_.graph.nodes[static_cast<size_t>(table)].soft.insert(before);
    };
    for (const auto& need : fate.to->needs) wish(maker(need));
    if (id.kind == KindId::constraint && fate.to->text("type") == "FOREIGN KEY") {
      wish(maker(Id{KindId::table, fate.to->list("referenced_table")}));
    }
  }
}

void Builder::around_edges() {
  for (const auto& [id, dependents] : changes_.around) {
    const Fate* fate = changes_.find(id);
    if (fate == nullptr || fate->again) continue;
    for (const auto& dependent : dependents) {
      if (!changes_.dropped(dependent)) continue;
      edge(dropper(dependent), maker(id));
      if (changes_.created(dependent)) edge(maker(id), maker(dependent));
    }
  }
}

void Builder::name_edges() {
  std::map<std::string, std::vector<int>> released;
  for (const auto& [id, fate] : changes_.fates) {
    if (fate.from == nullptr) continue;
    const int drop = dropper(id);
    const int node = drop >= 0 ? drop : maker(id);
    if (node < 0) continue;
    auto keys = name_keys(*fate.from);
    if (drop < 0) {
      const auto kept = fate.to != nullptr ? name_keys(*fate.to) : std::vector<std::string>{};
      std::erase_if(keys, [&](const std::string& key) { return std::ranges::find(kept, key) != kept.end(); });
    }
    for (auto& key : keys) released[key].push_back(node);
  }
  for (const auto& [id, fate] : changes_.fates) {
    if (fate.to == nullptr) continue;
    const bool shell = choices_.shells.contains(id);
    const int node = shell ? out_.graph.find(Part::shell, id) : maker(id);
    for (const auto& key : name_keys(*fate.to)) {
      const auto it = released.find(key);
      if (it == released.end()) continue;
      for (const int before : it->second) {
        if (before != node) edge(before, node);
      }
    }
  }
}

// A table that leaves its parent, or goes, does so with the columns that they have had together.
void Builder::leave_edges() {
  for (const auto& [id, fate] : changes_.fates) {
    if (id.kind != KindId::table || fate.from == nullptr) continue;
    const bool dropped = changes_.dropped(id);
    if (!dropped && (fate.to == nullptr || same_parents(*fate.from, *fate.to))) continue;
    const int leave = dropped ? dropper(id) : maker(id);
    for (const auto& parent : parent_tables(*fate.from, s_.from)) {
      if (changes_.dropped(parent)) continue;
      const Fate* above = changes_.find(parent);
      const bool stays = !dropped && contains(parent_tables(*fate.to, s_.to), parent);
      if (stays || (above != nullptr && above->to == nullptr)) continue;
      for (const Object* part : s_.from.children(parent, KindId::column)) {
        edge(leave, dropper(part->id));
        edge(leave, maker(part->id));
      }
      // The indexes that have been one with the parent's are the table's own once it has left: before, they would go with them.
      for (const Object* part : s_.from.children(parent)) {
        if (!dropped && needs_index(*part)) edge(leave, dropper(part->id));
      }
      for (const Object* part : s_.to.children(parent, KindId::column)) {
        edge(leave, maker(part->id));
        edge(leave, out_.graph.find(Part::prepare, part->id));  // a form that adds it and fills it
      }
    }
  }
}

// Whether the index of the parent that an index is part of comes in this plan as well.
bool Builder::parent_index_is_made(const Object& part) const {
  const auto parent = part.list("attached_to");
  if (parent.empty() || maker(Id{KindId::index, parent}) >= 0) return true;
  return std::ranges::any_of(part.needs, [&](const Id& need) {
    return need.kind == KindId::constraint && need.path[0] == parent[0] && need.path.back() == parent[1] && maker(need) >= 0;
  });
}

// The parent takes only an index that is valid: with those of all parts below it.
void Builder::whole_before(const Object& index, int join) {
  for (const auto& [id, fate] : changes_.fates) {
    const int attach = out_.graph.find(Part::attach_index, id);
    if (attach < 0) continue;
    const Object* at = fate.to;
    for (int depth = 0; depth < 16 && at != nullptr; ++depth) {
      const auto above = at->list("attached_to");
      if (above.empty()) break;
      if (above[0] == index.id.path[0] && above.back() == index.id.path.back()) edge(attach, join);
      at = s_.to.find(Id{KindId::index, above});
    }
  }
}

void Builder::partition_edges() {
  for (const auto& [id, fate] : changes_.fates) {
    if (id.kind != KindId::table || fate.to == nullptr) continue;
    const int make = out_.graph.find(Part::make, id);
    const int attach = out_.graph.find(Part::attach, id);
    const bool created = changes_.created(id);
    const bool joins = !created && fate.from != nullptr && !same_parents(*fate.from, *fate.to);
    if (!created && !joins) continue;
    const int join = attach >= 0 ? attach : make;
    const bool left = joins && leaves(id);
    for (const Object* part : s_.from.children(id)) {
      if (left && goes_after_detach(*part)) edge(join, dropper(part->id));
      // An index that goes does so before the table joins: one that is like the parent's would be taken by it.
      if (joins && !left && needs_index(*part)) {
        edge(dropper(part->id), join);
        const Fate* its = changes_.find(part->id);
        if (its != nullptr && its->verb == Verb::drop) edge(out_.graph.find(Part::finish, part->id), join);
      }
    }
    edge(make, attach);
    for (const auto& parent : parent_tables(*fate.to, s_.to)) {
      edge(maker(parent), join);
      // Columns and checks of the parent are as they will be before the child comes.
      for (const Object* part : s_.to.children(parent)) {
        if (part->id.kind == KindId::column || (part->id.kind == KindId::constraint && part->text("type") == "CHECK"))
          edge(maker(part->id), make);
        if (attach < 0 && needs_index(*part) && created)
          edge(make, maker(part->id));  // else PostgreSQL would name the child's index
      }
      for (const Object* part : s_.from.children(parent)) {
        if (part->id.kind == KindId::column) edge(dropper(part->id), make);
      }
    }
    const bool filled_through_parent = created && std::ranges::any_of(parent_tables(*fate.to, s_.to), [&](const Id& parent) {
                                         return out_.graph.find(Part::fill, parent) >= 0;
                                       });
    if (attach >= 0 || joins) {
      for (const Object* part : s_.to.children(id)) {
        if (part->id.kind == KindId::column || part->id.kind == KindId::constraint || part->id.kind == KindId::index) {
          if (part->id.kind == KindId::constraint && part->text("type") == "FOREIGN KEY") continue;
          if (part->id.kind == KindId::column && created) continue;
          // Rows come between, unless the parent has the index already and would make the child's.
          if (filled_through_parent && needs_index(*part) && parent_index_is_made(*part)) continue;
          if (left) {
            edge(join, maker(part->id));  // what came from the parent cannot be changed before
          } else {
            if (needs_index(*part) && !parent_index_is_made(*part)) whole_before(*part, join);
            edge(maker(part->id), join);
          }
        }
      }
    }
  }
  for (const auto& [id, fate] : changes_.fates) {
    const int node = out_.graph.find(Part::attach_index, id);
    if (node < 0) continue;
    edge(maker(id), node);
    const auto table = table_of(*fate.to);
    if (table) edge(out_.graph.find(Part::attach, *table), node);
    for (const auto& need : fate.to->needs) edge(maker(need), node);
    // The parent's index must exist; the child's is made before it joins, so it does not wait for the parent's.
    const int make = maker(id);
    if (make < 0) continue;
    const auto parent = fate.to->list("attached_to");
    for (const auto& need : fate.to->needs) {
      const bool index = need == Id{KindId::index, parent} ||
                         (need.kind == KindId::constraint && need.path[0] == parent[0] && need.path.back() == parent[1]);
      if (!index) continue;
      auto& after = out_.graph.nodes[static_cast<size_t>(make)].after;
      after.erase(maker(need));
      after.erase(out_.graph.find(Part::attach_index, need));
    }
  }
}

// Rows come when the table, those below it and their defaults are there, and before anything that would check or fire.
void Builder::fill_edges() {
  for (const auto& [id, fate] : changes_.fates) {
    const int fill = out_.graph.find(Part::fill, id);
    if (fill < 0) continue;
    std::vector<Id> tables = {id};
    for (size_t i = 0; i < tables.size(); ++i) {
      edge(maker(tables[i]), fill);
      if (i > 0) edge(out_.graph.find(Part::attach, tables[i]), fill);  // its own rows are there when it joins
      for (const Object* other : s_.to.dependents(tables[i])) {
        if (other->id.kind == KindId::table) {
          if (changes_.created(other->id) && std::ranges::find(tables, other->id) == tables.end()) tables.push_back(other->id);
          continue;
        }
        const int make = maker(other->id);
        if (make < 0 || other->id.kind == KindId::column) continue;
        const bool first = other->id.kind == KindId::column_default || other->id.kind == KindId::sequence;
        const bool check = other->id.kind == KindId::constraint && other->text("type") == "CHECK";  // partitions come after it
        const bool after = (other->id.kind == KindId::constraint && !check) || other->id.kind == KindId::index ||
                           other->id.kind == KindId::trigger || other->id.kind == KindId::rule ||
                           other->id.kind == KindId::policy;
        if (first) edge(make, fill);
        if (after && make != maker(tables[i])) edge(fill, make);
      }
    }
  }
}

void Builder::describe_edges() {
  for (const auto& [id, fate] : changes_.fates) {
    const int node = out_.graph.find(Part::describe, id);
    if (node < 0) continue;
    edge(maker(id), node);
    edge(out_.graph.find(Part::own, id), node);
    edge(out_.graph.find(Part::attach, id), node);
    // A new owner of a table is that of its columns' privileges and of its sequences too.
    if (id.kind == KindId::column && fate.to->parent) edge(out_.graph.find(Part::describe, *fate.to->parent), node);
    if (id.kind != KindId::sequence || !fate.to->value("owned_by")) continue;
    const auto column = fate.to->list("owned_by");
    const int table = out_.graph.find(Part::describe, Id{KindId::table, {column[0], column[1]}});
    const int own = out_.graph.find(Part::own, id);
    edge(own >= 0 ? own : maker(id), table);
    edge(table, node);
  }
}

}  // namespace

bool is_fresh_table(const Id& table, const Changes& changes) {
  return table.kind == KindId::table && changes.created(table);
}

Id top_of(const Object& object, const Database& in) {
  const Object* at = &object;
  for (int depth = 0; depth < 8 && at->parent; ++depth) {
    const Object* up = in.find(*at->parent);
    if (up == nullptr) return *at->parent;
    at = up;
  }
  if (at->id.kind == KindId::column_default) return Id{KindId::table, {at->id.path[0], at->id.path[1]}};
  if (at->id.kind == KindId::sequence && at->value("owned_by")) {
    const auto column = at->list("owned_by");
    return Id{KindId::table, {column[0], column[1]}};
  }
  return at->id;
}

GraphBuild build_graph(const Situation& situation, const Changes& changes, const GraphChoices& choices) {
  return Builder(situation, changes, choices).run();
}

bool break_cycle(const GraphBuild& build, const std::vector<int>& component, const Changes& changes, GraphChoices& choices) {
  const std::set<int> members(component.begin(), component.end());
  // A part that goes with its table but belongs to the cycle is dropped by itself.
  std::set<Id> parts;
  for (const int v : component) {
    for (const int w : build.graph.nodes[static_cast<size_t>(v)].after) {
      if (!members.contains(w)) continue;
      const auto it = build.reasons.find({w, v});
      if (it == build.reasons.end()) continue;
      for (const auto& id : it->second) {
        const auto& node = build.graph.nodes[static_cast<size_t>(w)];
        const bool separable = id.kind != KindId::column && id.kind != KindId::table && id.kind != KindId::sequence;
        if (node.id != id && separable && !choices.uncovered.contains(id)) parts.insert(id);
      }
    }
  }
  if (!parts.empty()) {
    choices.uncovered.insert(parts.begin(), parts.end());
    return true;
  }
  for (const int v : component) {
    const Node& node = build.graph.nodes[static_cast<size_t>(v)];
    if (node.part != Part::make || node.fate->to == nullptr || choices.shells.contains(node.id)) continue;
    if (!changes.created(node.id) || schema::kind_of(node.id.kind).shell(*node.fate->to).empty()) continue;
    choices.shells.insert(node.id);
    return true;
  }
  for (const int v : component) {
    const Node& node = build.graph.nodes[static_cast<size_t>(v)];
    if (node.part != Part::make || node.fate->from == nullptr || node.fate->to == nullptr) continue;
    if (changes.created(node.id) || node.fate->sheltered || schema::kind_of(node.id.kind).holds_data()) continue;
    if (choices.forced.insert(node.id).second) return true;
  }
  return false;
}

}  // namespace pga::plan
