#include "plan/changes.h"

#include <algorithm>
#include <array>

#include "schema/table_ddl.h"

namespace pga::plan {
namespace {

using schema::Alteration;
using schema::Database;
using schema::Id;
using schema::KindId;
using schema::Object;
using schema::rules_of_parents;

bool online_form_may(const Form& form, const Options& options) {
  return options.online || form.keeps_data();
}

std::optional<Expansion> ask_forms(const Action& action, const Situation& situation) {
  for (const Form* form : all_forms()) {
    if (!online_form_may(*form, situation.options)) continue;
    if (auto expansion = form->expand(action, situation)) return expansion;
  }
  return std::nullopt;
}

class Finder {
 public:
  Finder(const Situation& situation, const std::set<Id>& forced) : s_(situation), forced_(forced) {}

  Changes run() {
    compare();
    follow_parents();
    follow_rules();
    rebuild_for_alterations();
    rebuild_for_lost_needs();
    ask_about_creations();
    return std::move(out_);
  }

 private:
  void compare();
  void compare_one(const Object& from, const Object& to);
  void follow_parents();
  void follow_rules();
  void rebuild_for_alterations();
  void rebuild_for_lost_needs();
  void ask_about_creations();
  void rebuild_where(const Id& of, const std::function<bool(const Object&)>& wanted, const std::string& because,
                     std::set<Id>& seen);
  void make_again(const Id& id, const std::string& because);
  void make_dependents_again(const Id& id, const std::string& because);
  void shelter(const Object& column, const std::string& because);

  const Situation& s_;
  const std::set<Id>& forced_;
  Changes out_;
};

void Finder::compare_one(const Object& from, const Object& to) {
  Fate fate;
  fate.from = &from;
  fate.to = &to;
  fate.changed = schema::changed_fields(from, to);
  if (fate.changed.empty()) {
    const bool told =
        from.comment == to.comment && from.owner == to.owner && from.privileges == to.privileges && from.labels == to.labels;
    if (!told) out_.fates.emplace(to.id, std::move(fate));
    return;
  }
  fate.alteration = schema::kind_of(to.id.kind).alter(from, to, fate.changed, s_.from, s_.to);
  if (const Facts* facts = s_.facts_of(to.id); facts != nullptr && facts->no_cast) {
    fate.alteration = Alteration::recreate();
    out_.fates.emplace(to.id, std::move(fate));
    return;
  }
  const bool replace = fate.alteration.how == Alteration::How::recreate;
  Action action{replace ? Verb::replace : Verb::alter, to.id, &from, &to, fate.changed, false};
  fate.expansion = ask_forms(action, s_);
  if (replace && !fate.expansion) {
    out_.fates.emplace(to.id, std::move(fate));
    return;  // made again below, when all are compared
  }
  out_.fates.emplace(to.id, std::move(fate));
}

void Finder::compare() {
  for (const auto& [id, object] : s_.from.objects) {
    if (const Object* now = s_.to.find(id)) {
      compare_one(object, *now);
    } else {
      Fate fate;
      fate.verb = Verb::drop;
      fate.from = &object;
      out_.fates.emplace(id, std::move(fate));
    }
  }
  for (const auto& [id, object] : s_.to.objects) {
    if (s_.from.find(id) != nullptr) continue;
    Fate fate;
    fate.verb = Verb::create;
    fate.to = &object;
    out_.fates.emplace(id, std::move(fate));
  }
}

// A column of a partition or child table follows its parent's: added, dropped and changed with it.
void Finder::follow_parents() {
  for (auto& [id, fate] : out_.fates) {
    if (id.kind != KindId::column) continue;
    const Object& column = fate.to != nullptr ? *fate.to : *fate.from;
    if (!column.flag("inherited") || column.flag("is_local")) continue;
    const Object* before = column.parent ? s_.from.find(*column.parent) : nullptr;
    const Object* after = column.parent ? s_.to.find(*column.parent) : nullptr;
    if (before == nullptr || after == nullptr || !same_parents(*before, *after)) continue;
    for (const auto& parent : parent_tables(*after, s_.to)) {
      Id above{KindId::column, parent.path};
      above.path.push_back(id.name());
      const Fate* its = out_.find(above);
      if (its != nullptr && its->verb == fate.verb && fate.verb != Verb::alter) fate.follows = true;
      if (its != nullptr && its->alteration.how == Alteration::How::recreate && !its->expansion) fate.follows = true;
    }
  }
}

// A check or foreign key of a table that joins a partitioned table with the same rule becomes that rule; it is the table's own
// again when the table leaves.
void Finder::follow_rules() {
  for (auto& [id, fate] : out_.fates) {
    if (id.kind != KindId::constraint || (fate.verb != Verb::drop && fate.verb != Verb::create)) continue;
    const Object& rule = fate.to != nullptr ? *fate.to : *fate.from;
    const Object* before = rule.parent ? s_.from.find(*rule.parent) : nullptr;
    const Object* after = rule.parent ? s_.to.find(*rule.parent) : nullptr;
    if (before == nullptr || after == nullptr || same_parents(*before, *after)) continue;
    const auto above = fate.verb == Verb::drop ? rules_of_parents(*after, s_.to) : rules_of_parents(*before, s_.from);
    fate.follows = std::ranges::any_of(above, [&](const Object* other) {
      const bool named = other->id.name() == id.name() || (fate.verb == Verb::drop && rule.text("type") == "FOREIGN KEY");
      return named && other->text("definition") == rule.text("definition");
    });
  }
}

void Finder::shelter(const Object& column, const std::string& because) {
  auto [it, fresh] = out_.fates.try_emplace(column.id);
  Fate& fate = it->second;
  if (fate.sheltered || fate.verb == Verb::drop) return;
  if (fresh) {
    fate.from = &column;
    fate.to = s_.to.find(column.id);
  }
  fate.sheltered = true;
  fate.because = because;
  make_dependents_again(column.id, because);
}

void Finder::make_again(const Id& id, const std::string& because) {
  const Object* from = s_.from.find(id);
  const Object* to = s_.to.find(id);
  if (from == nullptr || to == nullptr) return;  // dropped or created anyway
  auto [it, fresh] = out_.fates.try_emplace(id);
  Fate& fate = it->second;
  if (fate.again) return;
  if (fresh) {
    fate.from = from;
    fate.to = to;
  }
  fate.again = true;
  fate.expansion.reset();
  fate.because = because;
  make_dependents_again(id, schema::to_text(id) + " is made again");
}

void Finder::make_dependents_again(const Id& id, const std::string& because) {
  const bool is_column = id.kind == KindId::column;
  for (const Object* dependent : s_.from.dependents(id)) {
    const Object* after = s_.to.find(dependent->id);
    if (after == nullptr) {  // dropped: what it takes along is dropped as well, or must be made again
      continue;
    }
    const bool still = std::ranges::binary_search(after->needs, id);
    if (dependent->id.kind == KindId::column && !dependent->value("generated") && !is_column) {
      const bool child = dependent->parent == id;
      if (child) {
        make_again(dependent->id, because);
      } else if (still) {
        shelter(*dependent, because);
      }
      continue;
    }
    if (dependent->id.kind == KindId::table && !(dependent->parent == id) && !still) continue;
    make_again(dependent->id, because);
  }
}

void Finder::rebuild_where(const Id& of, const std::function<bool(const Object&)>& wanted, const std::string& because,
                           std::set<Id>& seen) {
  for (const Object* dependent : s_.from.dependents(of)) {
    if (!seen.insert(dependent->id).second) continue;
    if (wanted(*dependent)) make_again(dependent->id, because);
    rebuild_where(dependent->id, wanted, because, seen);
  }
}

void Finder::rebuild_for_alterations() {
  std::vector<Id> again, wide;
  for (const auto& [id, fate] : out_.fates) {
    if (fate.from == nullptr || fate.to == nullptr || fate.follows) continue;
    const bool recreate = !fate.changed.empty() && fate.alteration.how == Alteration::How::recreate && !fate.expansion;
    if (recreate || forced_.contains(id)) again.push_back(id);
    if (fate.alteration.rebuild) wide.push_back(id);
  }
  // An expression over a column whose type changes need not mean anything with the new type: what replaces it comes after.
  for (const auto& [id, fate] : out_.fates) {
    const bool expression =
        fate.from != nullptr && fate.to != nullptr && !fate.changed.empty() && !fate.follows &&
        (fate.from->id.kind == KindId::index ? fate.from->flag("has_expressions") || fate.from->value("predicate")
                                             : fate.from->id.kind == KindId::constraint && fate.from->text("type") == "CHECK") &&
        std::ranges::find(fate.changed, "definition") != fate.changed.end();
    if (!expression) continue;
    for (const auto& need : fate.from->needs) {
      const Fate* its = need.kind == KindId::column ? out_.find(need) : nullptr;
      const bool type = its != nullptr && its->from != nullptr && its->to != nullptr &&
                        std::ranges::find(its->changed, "type") != its->changed.end();
      if (type && std::ranges::find(again, id) == again.end()) again.push_back(id);
    }
  }
  for (const auto& id : again) {
    std::string changed;
    for (const auto field : out_.fates.at(id).changed) changed += (changed.empty() ? "" : ", ") + std::string(field);
    make_again(id, "its " + (changed.empty() ? std::string("definition") : changed) + " cannot be altered in place");
  }
  std::vector<Id> following;  // columns that are made again with a parent's: what stands on them too
  for (const auto& [id, fate] : out_.fates) {
    if (id.kind == KindId::column && fate.follows && fate.verb == Verb::alter) following.push_back(id);
  }
  for (const auto& id : following) make_dependents_again(id, schema::to_text(id) + " is made again");
  for (const auto& id : wide) {
    const Fate& fate = out_.fates.at(id);
    if (fate.again) continue;
    const auto wanted = fate.alteration.rebuild;
    const std::string because = schema::to_text(id) + " changes";
    std::set<Id> seen{id};
    std::vector<Id> of = {id};
    if (id.kind == KindId::column && fate.from->parent) {  // the same column of the tables below
      std::vector<Id> tables = {*fate.from->parent};
      for (size_t i = 0; i < tables.size(); ++i) {
        for (const Object* child : s_.from.dependents(tables[i])) {
          if (child->id.kind != KindId::table) continue;
          Id column{KindId::column, child->id.path};
          column.path.push_back(id.name());
          if (const Object* found = s_.from.find(column); found != nullptr && found->flag("inherited")) {
            of.push_back(column);
            tables.push_back(child->id);
          }
        }
      }
    }
    for (const auto& one : of) rebuild_where(one, wanted, because, seen);
    seen.erase(id);
    for (const auto& dependent : seen) {
      const Object* object = s_.from.find(dependent);
      if (object != nullptr && wanted(*object)) out_.around[id].insert(dependent);
    }
  }
}

// A foreign key to the same table whose key goes: the new one could lean on the old key, so it cannot come before that is gone.
bool leans_on_key(const Object& before, const Object& after, const Id& key) {
  const bool foreign_key = before.id.kind == KindId::constraint && before.text("type") == "FOREIGN KEY";
  return foreign_key && (key.kind == KindId::constraint || key.kind == KindId::index) &&
         before.value("referenced_table") == after.value("referenced_table");
}

// An object whose text is the same although something that it needs goes (an overload, a shadowed name) means something else now.
void Finder::rebuild_for_lost_needs() {
  std::vector<std::pair<Id, Id>> lost;
  for (const auto& [id, fate] : out_.fates) {
    if (fate.verb != Verb::drop) continue;
    for (const Object* dependent : s_.from.dependents(id)) {
      const Object* after = s_.to.find(dependent->id);
      if (after == nullptr || dependent->id.kind == KindId::table || dependent->id.kind == KindId::column) continue;
      if (dependent->id.kind == KindId::sequence || dependent->id.kind == KindId::schema) continue;
      const Fate* its = out_.find(dependent->id);
      if (its != nullptr && (its->again || (!its->changed.empty() && !leans_on_key(*dependent, *after, id)))) continue;
      lost.emplace_back(dependent->id, id);
    }
  }
  for (const auto& [id, need] : lost) make_again(id, schema::to_text(need) + " goes");
}

// The forms for what is created or dropped; known only now, because what stands on a new table needs none.
void Finder::ask_about_creations() {
  for (auto& [id, fate] : out_.fates) {
    if (fate.follows || (!fate.again && fate.verb != Verb::create && fate.verb != Verb::drop)) continue;
    const Object& object = fate.to != nullptr ? *fate.to : *fate.from;
    const auto table = table_of(object);
    if (fate.verb == Verb::drop) {
      const bool covered = (table && *table != id && out_.dropped(*table)) || (object.parent && out_.dropped(*object.parent));
      if (!covered) fate.expansion = ask_forms({Verb::drop, id, fate.from, nullptr, {}, false}, s_);
      continue;
    }
    const bool fresh = table && out_.created(*table);
    const bool comes_back = s_.down && s_.kept.contains(id);
    const bool moves = fate.again && schema::kind_of(id.kind).holds_data();  // its rows or its position move over
    const bool on_relation = object.parent || id.kind == KindId::table || comes_back || moves;
    if ((fresh && !comes_back && !moves) || !on_relation) continue;
    if (object.parent && out_.created(*object.parent)) continue;
    if (moves) fate.leaving = ask_forms({Verb::drop, id, fate.from, nullptr, {}, false}, s_);
    fate.expansion = ask_forms({Verb::create, id, nullptr, fate.to, {}, fresh}, s_);
  }
}

}  // namespace

const Fate* Changes::find(const Id& id) const {
  const auto it = fates.find(id);
  return it == fates.end() ? nullptr : &it->second;
}
bool Changes::dropped(const Id& id) const {
  const Fate* fate = find(id);
  return fate != nullptr && (fate->verb == Verb::drop || fate->again || fate->sheltered);
}
bool Changes::created(const Id& id) const {
  const Fate* fate = find(id);
  return fate != nullptr && (fate->verb == Verb::create || fate->again);
}
bool Changes::made(const Id& id) const {
  const Fate* fate = find(id);
  return fate != nullptr && fate->verb != Verb::drop &&
         (fate->verb == Verb::create || fate->again || fate->sheltered || !fate->changed.empty());
}

Changes find_changes(const Situation& situation, const std::set<Id>& forced) {
  return Finder(situation, forced).run();
}

bool same_parents(const Object& from, const Object& to) {
  return from.value("partition_of") == to.value("partition_of") && from.value("inherits") == to.value("inherits");
}

std::optional<Id> table_of(const Object& object) {
  if (object.id.kind == KindId::table) return object.id;
  if (object.id.kind == KindId::column_default) return Id{KindId::table, {object.id.path[0], object.id.path[1]}};
  if (object.parent && object.parent->kind == KindId::table) return object.parent;
  return std::nullopt;
}

std::vector<Id> parent_tables(const Object& table, const Database& in) {
  std::vector<Id> out;
  if (const auto of = table.list("partition_of"); !of.empty()) out.push_back({KindId::table, of});
  if (table.list("inherits").empty()) return out;
  for (const auto& need : table.needs) {
    if (need.kind == KindId::table && in.find(need) != nullptr && std::ranges::find(out, need) == out.end()) out.push_back(need);
  }
  return out;
}

}  // namespace pga::plan
