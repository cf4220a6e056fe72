#include "plan/emit.h"

#include <algorithm>

#include "base/quote.h"
#include "plan/hazards.h"
#include "plan/neutral.h"
#include "plan/online/data.h"
#include "plan/online/parts.h"
#include "plan/stable_text.h"
#include "schema/fresh_privileges.h"
#include "schema/sequence_ddl.h"
#include "schema/table_ddl.h"

namespace pga::plan {
namespace {

using schema::Id;
using schema::KindId;
using schema::Object;
using schema::Statements;

void append(Statements& to, Statements more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

std::string because(const Fate& fate) {
  return fate.because.empty() ? std::string() : ", because " + fate.because;
}

// Statements that join an index to its parent's come later, when the table has joined.
Statements without_attach(Statements statements, const std::vector<const Object*>& parts) {
  std::vector<std::string> heads;
  for (const Object* part : parts) {
    if (part->id.kind != KindId::index && part->id.kind != KindId::constraint) continue;
    if (const auto parent = part->list("attached_to"); !parent.empty())
      heads.push_back("ALTER INDEX " + schema::qualified(parent) + " ATTACH PARTITION ");
  }
  std::erase_if(statements, [&](const schema::Statement& s) {
    return std::ranges::any_of(heads, [&](const std::string& head) { return s.sql.starts_with(head); });
  });
  return statements;
}

// What a key says but for its kind and name. Of two keys that say the same CREATE TABLE would silently make one.
std::string key_of_constraint(const Object& constraint) {
  const std::string definition = constraint.text("definition");
  for (const std::string_view head : {"PRIMARY KEY ", "UNIQUE "}) {
    if (definition.starts_with(head)) return definition.substr(head.size());
  }
  return {};
}

}  // namespace

std::vector<Emitted> Emitter::run() {
  for (const int at : graph_.order) {
    if (done_.contains(at)) continue;
    done_.insert(at);
    const Node& node = graph_.nodes[static_cast<size_t>(at)];
    const size_t first = out_.size();
    emit(node);
    const bool again = node.fate != nullptr && (node.fate->again || node.fate->sheltered);
    const int maker = graph_.find(Part::make, node.id);
    const auto interrupts = [&](int at_node) {
      return at_node >= 0 && !done_.contains(at_node) && graph_.nodes[static_cast<size_t>(at_node)].interrupts;
    };
    const bool together = maker >= 0 && !interrupts(maker) && !interrupts(graph_.find(Part::prepare, node.id));
    if (node.part == Part::drop && again && together && !done_.contains(maker)) open_.insert(node.id);
    std::erase_if(open_, [&](const Id& id) {  // made, and with its rows
      const int fill = graph_.find(Part::fill, id);
      return done_.contains(graph_.find(Part::make, id)) && (fill < 0 || done_.contains(fill));
    });
    if (out_.size() == first) continue;
    const auto* object = node.fate->to != nullptr ? node.fate->to : node.fate->from;
    const Id top = top_of(*object, node.fate->to != nullptr ? s_.to : s_.from);
    for (size_t i = first; i < out_.size(); ++i) {
      out_[i].top = top;
      out_[i].open = !open_.empty() || i + 1 < out_.size();
    }
  }
  for (auto& one : out_) one.draft.step.sql = with_stable_text(std::move(one.draft.step.sql));
  return std::move(out_);
}

void Emitter::say(const Node& node, const Statements& statements, std::string why, Phase phase) {
  for (auto& draft : plain(statements, node.id, std::move(why))) {
    draft.phase = phase;
    judge_hazards(draft.step, node.part, node.id, *node.fate, changes_, s_);
    out_.push_back({std::move(draft), node.id});
  }
}

void Emitter::say(const Node& node, const Drafts& drafts) {
  for (const auto& draft : drafts) {
    out_.push_back({draft, node.id});
    if (out_.back().draft.step.object.empty()) out_.back().draft.step.object = schema::to_text(node.id);
  }
}

void Emitter::emit(const Node& node) {
  switch (node.part) {
    case Part::drop:
      return emit_drop(node);
    case Part::make:
      return emit_make(node);
    case Part::describe:
      return emit_describe(node);
    case Part::own:
      return emit_own(node);
    case Part::attach_index:
      return emit_attach_index(node);
    case Part::shell:
      return say(node, schema::kind_of(node.id.kind).shell(*node.fate->to),
                 "a placeholder, because it and others need each other");
    case Part::attach:
      return say(node, {schema::attach_partition(*node.fate->to)}, "the partition joins its table");
    case Part::prepare:
      return say(node, node.fate->expansion->prepare);
    case Part::fill:
      return say(node, node.fate->expansion->fill);
    case Part::finish:
      return say(node, node.fate->expansion->finish);
  }
}

void Emitter::emit_drop(const Node& node) {
  const Fate& fate = *node.fate;
  if (fate.sheltered) {
    const std::string column = ident(node.id.name());
    return say(
        node,
        {{"ALTER TABLE " + schema::table_name(*fate.from) + " ALTER COLUMN " + column + " TYPE text USING " + column + "::text"}},
        "held as text while its type is made again" + because(fate));
  }
  if (fate.verb == Verb::drop && fate.expansion) return say(node, fate.expansion->main);
  if (fate.leaving) return say(node, fate.leaving->main);
  const Phase phase = fate.again ? Phase::expand : Phase::contract;
  const std::string why = fate.again ? "dropped, to be created again below" + because(fate) : "not in the target";
  say(node, schema::kind_of(node.id.kind).drop(*fate.from, s_.from), why, phase);
}

void Emitter::emit_make(const Node& node) {
  const Fate& fate = *node.fate;
  const auto& kind = schema::kind_of(node.id.kind);
  if (fate.expansion && !(node.id.kind == KindId::table && changes_.created(node.id))) {
    say(node, fate.expansion->main);
    if (node.id.kind == KindId::column && changes_.created(node.id)) {  // the form has set the default as well
      if (const int value = graph_.find(Part::make, Id{KindId::column_default, node.id.path}); value >= 0) done_.insert(value);
    }
    return;
  }
  if (fate.sheltered) return restore_sheltered(node);
  if (changes_.created(node.id)) {
    if (node.id.kind == KindId::table) return make_table(node);
    if (node.id.kind == KindId::column) return make_column(node);
    if (node.id.kind == KindId::column_default && same_default_as_parent(*fate.to) && !fate.again) return;
    auto statements = kind.create(*fate.to, s_.to);
    statements = without_attach(std::move(statements), {fate.to});
    if (changes_.find(node.id)->again) return say(node, statements, "created again as it should be" + because(fate));
    return say(node, statements, "new in the target");
  }
  std::string fields;
  for (const auto field : fate.changed) fields += (fields.empty() ? "" : ", ") + std::string(field);
  auto statements = fate.alteration.statements;
  const auto table = table_of(*fate.to);
  if (table && attached_by_plan(*table, s_))
    statements = without_attach(std::move(statements), {fate.to});  // comes with the table
  say(node, statements, "changes " + fields);
}

void Emitter::restore_sheltered(const Node& node) {
  const Fate& fate = *node.fate;
  Object text = *fate.from;
  text.set("type", "text");
  text.set("collation", std::nullopt);
  text.set("user_type", std::nullopt);
  const auto changed = schema::changed_fields(text, *fate.to);
  auto alteration = schema::kind_of(node.id.kind).alter(text, *fate.to, changed, s_.from, s_.to);
  say(node, alteration.statements, "back to its own type" + because(fate));
}

bool Emitter::folds(const Id& part, int into) const {
  const int node = graph_.find(Part::make, part);
  if (node < 0 || done_.contains(node)) return false;
  const auto& after = graph_.nodes[static_cast<size_t>(node)].after;
  return std::ranges::all_of(after, [&](int before) { return before == into || done_.contains(before); });
}

bool Emitter::same_default_as_parent(const Object& value) const {
  const Object* column = s_.to.find(Id{KindId::column, value.id.path});
  if (column == nullptr || column->flag("is_local") || !column->flag("inherited") || !column->parent) return false;
  const Object* table = s_.to.find(*column->parent);
  if (table == nullptr) return false;
  if (changes_.created(table->id) && graph_.find(Part::attach, table->id) >= 0) return false;  // made as a table of its own
  for (const auto& parent : parent_tables(*table, s_.to)) {
    const Object* theirs = s_.to.find(KindId::column_default, {parent.path[0], parent.path[1], value.id.name()});
    if (theirs == nullptr || theirs->text("expression") != value.text("expression")) continue;
    // It came along with CREATE TABLE of this one, or with ADD COLUMN of the parent's.
    if (changes_.created(table->id)) return true;
    const Fate* above = changes_.find(Id{KindId::column, theirs->id.path});
    if (above != nullptr && above->verb == Verb::create) return true;
  }
  return false;
}

void Emitter::make_table(const Node& node) {
  const Object& table = *node.fate->to;
  const int self = graph_.find(Part::make, node.id);
  const bool attach = graph_.find(Part::attach, node.id) >= 0;
  const bool partition_of = table.value("partition_of") && !attach;
  std::set<Id> inlined;
  std::set<std::string> keys;
  const auto children = s_.to.children(table.id);
  for (bool moved = true; moved;) {
    moved = false;
    for (const Object* column : s_.to.children(table.id, KindId::column)) {
      const Id id{KindId::column_default, column->id.path};
      const Object* value = s_.to.find(id);
      if (value == nullptr || !folds(id, self)) continue;
      const bool declared = !partition_of && (attach || column->flag("is_local") || !column->flag("inherited"));
      if (!declared && !same_default_as_parent(*value)) continue;  // said by a statement of its own
      inlined.insert(id);
      done_.insert(graph_.find(Part::make, id));
      moved = true;
    }
    for (const Object* part : children) {
      if (part->id.kind != KindId::constraint || !part->flag("validated") || !folds(part->id, self)) continue;
      // 18: inside CREATE TABLE it would make NOT NULLs of its own beside those of the parents.
      if (s_.to.major() >= 18 && part->text("type") == "PRIMARY KEY" && !table.list("inherits").empty()) continue;
      if (const auto key = key_of_constraint(*part); !key.empty() && !keys.insert(key).second) continue;
      inlined.insert(part->id);
      done_.insert(graph_.find(Part::make, part->id));
      moved = true;
    }
  }
  const auto form = attach ? schema::PartitionForm::attach : schema::PartitionForm::partition_of;
  auto statements = without_attach(schema::create_table(table, s_.to, inlined, form), children);
  const bool again = node.fate->again;
  say(node, statements, again ? "created again as it should be" + because(*node.fate) : "new in the target");
  if (node.fate->expansion) say(node, node.fate->expansion->main);  // rows come back
}

// A partition or child table whose column came along with the parent's, but without the default.
void Emitter::follow_default(const Object& column) {
  for (const Object* child : s_.to.dependents(*column.parent)) {
    if (child->id.kind != KindId::table || changes_.created(child->id)) continue;
    Id below{KindId::column, child->id.path};
    below.path.push_back(column.id.name());
    const Object* found = s_.to.find(below);
    if (found == nullptr || !found->flag("inherited")) continue;
    if (s_.to.find(Id{KindId::column_default, below.path}) == nullptr) {
      Node node;
      node.part = Part::make;
      node.id = below;
      node.fate = changes_.find(below);
      if (node.fate != nullptr) {
        say(node,
            {{"ALTER TABLE ONLY " + schema::table_name(*found) + " ALTER COLUMN " + ident(column.id.name()) + " DROP DEFAULT"}},
            "the target has no default here");
      }
    }
    follow_default(*found);
  }
}

// NOT NULL without a default: existing rows need a value. PostgreSQL would refuse the column when there is a row.
bool Emitter::add_filled_column(const Node& node) {
  const Object& column = *node.fate->to;
  const bool needs_value = column.flag("not_null") && column.flag("not_null_valid") && !column.value("identity") &&
                           !column.value("generated") && s_.to.find(Id{KindId::column_default, column.id.path}) == nullptr;
  if (!needs_value) return false;
  if (is_keyed(column, s_.to)) return add_numbered_column(node);
  const auto value = neutral_value(column, s_.to);
  if (!value) return false;
  const std::string table = schema::table_name(column), name = ident(column.id.name());
  Statements statements = {{"ALTER TABLE " + table + " ADD COLUMN " + schema::column_definition(column, s_.to, false)}};
  const size_t at = statements[0].sql.rfind(" NOT NULL");
  const size_t named = statements[0].sql.rfind(" CONSTRAINT ", at);
  statements[0].sql.insert(
      column.value("not_null_name") && named != std::string::npos && !column.flag("not_null_name_is_default") ? named : at,
      " DEFAULT " + *value);
  statements.push_back({"ALTER TABLE " + table + " ALTER COLUMN " + name + " DROP DEFAULT"});
  append(statements, schema::column_settings(column));
  const size_t first = out_.size();
  say(node, statements, "existing rows get " + *value + ", because the column takes no NULL and has no default");
  add_hazard(out_[first].draft.step, Hazard::data_change);
  notes_.push_back(
      "existing rows of " + table + " get " + *value + " in the new column " + name +
      ", because it is NOT NULL and has no default: give it a default, or fill it with what is right, if that is wrong");
  return true;
}

// A key must tell the rows apart: they are numbered.
bool Emitter::add_numbered_column(const Node& node) {
  const Object& column = *node.fate->to;
  const auto value = numbered_value(column, s_.to);
  if (!value || !column.parent || s_.from.find(*column.parent) == nullptr) return false;
  const std::string table = schema::table_name(column), name = ident(column.id.name());
  Object bare = column;
  bare.set("not_null", "f");
  Statements statements = {{"ALTER TABLE " + table + " ADD COLUMN " + schema::column_definition(bare, s_.to, false)}};
  const std::string number = "UPDATE " + table + " AS t SET " + name + " = " + *value +
                             " FROM (SELECT u.tableoid AS relation, u.ctid AS place, pg_catalog.row_number() OVER (ORDER BY "
                             "u.tableoid, u.ctid) AS n FROM " +
                             table + " AS u) AS s WHERE t.tableoid = s.relation AND t.ctid = s.place";
  statements.push_back({data::quietly(*column.parent, s_, number)});
  statements.push_back({"ALTER TABLE " + table + " ALTER COLUMN " + name + " SET NOT NULL"});
  append(statements, schema::column_settings(column));
  const size_t first = out_.size();
  say(node, statements, "existing rows are numbered, because the column is a key and has no default");
  out_[first].draft.step.strong_lock = true;
  for (const Hazard hazard : {Hazard::data_change, Hazard::strong_lock, Hazard::long_scan}) {
    add_hazard(out_[first + 1].draft.step, hazard);
  }
  notes_.push_back("existing rows of " + table + " are numbered in the new column " + name +
                   ", because it is a key and has no default: fill it with what is right, if that is wrong");
  return true;
}

void Emitter::make_column(const Node& node) {
  const Object& column = *node.fate->to;
  const std::string why = node.fate->again ? "added again as it should be" + because(*node.fate) : "new in the target";
  const int self = graph_.find(Part::make, node.id);
  const Id value{KindId::column_default, column.id.path};
  if (s_.to.find(value) == nullptr || !folds(value, self)) {
    if (add_filled_column(node)) return;
    return say(node, schema::kind_of(node.id.kind).create(column, s_.to), why);
  }
  done_.insert(graph_.find(Part::make, value));
  Statements statements = {
      {"ALTER TABLE " + schema::table_name(column) + " ADD COLUMN " + schema::column_definition(column, s_.to, true)}};
  append(statements, schema::column_settings(column));
  say(node, statements, why);
  follow_default(column);
}

void Emitter::emit_own(const Node& node) {
  const Object& sequence = *node.fate->to;
  const auto column = sequence.list("owned_by");
  const Id table{KindId::table, {column[0], column[1]}};
  const Object* before = changes_.created(table) ? nullptr : s_.from.find(table);
  if (before != nullptr && before->owner) {  // PostgreSQL wants one owner for both
    say(node, {{"ALTER SEQUENCE " + schema::qualified(sequence.id.path) + " OWNER TO " + ident(*before->owner)}},
        "the sequence is its table's owner's");
  }
  say(node, {schema::own_sequence(sequence)}, "the sequence goes with its column");
  if (is_fresh_table(table, changes_) || !changes_.created(node.id) || node.fate->again) return;
  const Object* found = s_.to.find(Id{KindId::column, column});
  if (found == nullptr || s_.from.find(Id{KindId::column, column}) == nullptr) return;
  const std::string numbers = "(SELECT pg_catalog.max(" + ident(column[2]) + ") FROM " + ident({column[0], column[1]}) + ")";
  say(node,
      {{"SELECT pg_catalog.setval(" + literal(ident({sequence.id.path[0], sequence.id.path[1]})) + ", " + numbers +
        "::bigint) WHERE " + numbers + " IS NOT NULL"}},
      "goes on after the numbers that are in use");
}

void Emitter::emit_attach_index(const Node& node) {
  const Object& part = *node.fate->to;
  const auto parent = part.list("attached_to");
  // A partition that joins its table brings indexes that fit along; only a parent's index that is new itself must be joined by
  // name.
  const auto table = table_of(part);
  const bool joined = table && (graph_.find(Part::attach, *table) >= 0);
  bool parent_is_new = false;
  for (const auto& need : part.needs) {
    const bool index = need == Id{KindId::index, parent} ||
                       (need.kind == KindId::constraint && need.path[0] == parent[0] && need.path.back() == parent[1]);
    if (index && changes_.created(need)) parent_is_new = true;
  }
  if (joined && !parent_is_new) return;
  const std::string index =
      part.id.kind == KindId::constraint ? part.value("index_name").value_or(part.id.name()) : part.id.name();
  say(node, {{"ALTER INDEX " + schema::qualified(parent) + " ATTACH PARTITION " + ident({part.id.path[0], index})}},
      "the index joins that of the whole table");
}

namespace {

// Of a column: its table's.
schema::Value owner_of(const Object& object, const schema::Database& in) {
  if (object.id.kind != KindId::column || !object.parent) return object.owner;
  const Object* table = in.find(*object.parent);
  return table != nullptr ? table->owner : object.owner;
}

}  // namespace

void Emitter::emit_describe(const Node& node) {
  const Fate& fate = *node.fate;
  const Object& to = *fate.to;
  const bool created = changes_.created(node.id);
  const auto owner = owner_of(to, s_.to);
  const bool of_column = node.id.kind == KindId::column;
  Statements statements;
  if (created) {
    append(statements, schema::owner_sql(to));
    append(statements, schema::privilege_sql(to, schema::with_owner(schema::fresh_privileges(to, s_.from), owner, of_column),
                                             to.privileges, owner));
    if (to.comment) append(statements, schema::comment_sql(to));
    append(statements, schema::label_sql(to, {}, to.labels));
  } else {
    if (fate.from->owner != to.owner) {
      const std::string target = schema::kind_of(node.id.kind).owner_target(to);
      if (to.owner) {
        append(statements, schema::owner_sql(to));
      } else if (!target.empty()) {
        statements.push_back({"ALTER " + target + " OWNER TO CURRENT_USER"});
      }
    }
    auto before = fate.from->privileges;
    if (owner_of(*fate.from, s_.from) != owner) before = schema::with_owner(std::move(before), owner, of_column);
    append(statements, schema::privilege_sql(to, before, to.privileges, owner));
    if (fate.from->comment != to.comment) append(statements, schema::comment_sql(to));
    append(statements, schema::label_sql(to, fate.from->labels, to.labels));
  }
  say(node, statements, created ? "what belongs to it" : "owner, privileges or description differ");
}

}  // namespace pga::plan
