#include "schema/kinds/type_rebuild.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/quote.h"
#include "base/text.h"
#include "schema/fresh_privileges.h"
#include "schema/kinds/type_replacement.h"
#include "schema/table_ddl.h"

namespace pga::schema {
namespace {

bool one_of(const Object& object, std::initializer_list<std::string_view> slugs) {
  return std::ranges::find(slugs, kind_of(object.id.kind).slug()) != slugs.end();
}

bool contains_types(const Object& object) {
  return one_of(object, {"domain", "composite_type", "range_type"});
}

bool needs_any(const Object& object, const std::set<Id>& ids) {
  return std::ranges::any_of(object.needs, [&](const Id& need) { return ids.contains(need); });
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '"' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

TypeUse::TypeUse(const Object& type, const Database& in) : type_(type), in_(in) {
  find_types();
  find_columns();
  find_rebuilt();
  close_rebuilt();
}

void TypeUse::find_types() {
  std::vector<Id> todo = {type_.id};
  while (!todo.empty()) {
    const Id id = todo.back();
    todo.pop_back();
    if (!types_.insert(id).second) continue;
    for (const Object* dependent : in_.dependents(id)) {
      if (contains_types(*dependent)) todo.push_back(dependent->id);
    }
  }
}

void TypeUse::find_columns() {
  std::set<Id> held;
  for (const auto& id : types_) {
    for (const Object* column : in_.dependents(id)) {
      if (column->id.kind != KindId::column || column->value("generated")) continue;
      held.insert(id);
      const bool plain = id == type_.id && column->text("type") == kind_of(type_.id.kind).address(type_);
      contained_ = contained_ || !plain;
      if (std::ranges::find(columns_, column) == columns_.end()) columns_.push_back(column);
      blocked_ = blocked_ || in_partition_key(*column);
    }
  }
  std::ranges::sort(columns_, {}, [](const Object* column) { return column->id; });
  // What is held, and what that contains; the root in any case.
  held.insert(type_.id);
  std::set<Id> done;
  const auto visit = [&](const auto& self, const Id& id) -> void {
    if (!types_.contains(id) || !done.insert(id).second) return;
    const Object* object = in_.find(id);
    if (object == nullptr) return;
    for (const auto& need : object->needs) self(self, need);
    renewed_.push_back(object);
  };
  for (const auto& id : held) visit(visit, id);
}

// PostgreSQL never changes the type of a column of a partition key.
bool TypeUse::in_partition_key(const Object& column) const {
  const Object* table = column.parent ? in_.find(*column.parent) : nullptr;
  if (table == nullptr) return false;
  if (table->value("of_type")) return true;  // nor of a typed table
  const std::string key = table->text("partition_key");
  const std::string name = ident(column.id.name());
  for (size_t at = key.find(name); at != std::string::npos; at = key.find(name, at + 1)) {
    const bool begins = at == 0 || !is_word(key[at - 1]);
    const bool ends = at + name.size() == key.size() || !is_word(key[at + name.size()]);
    if (begins && ends) return true;
  }
  return false;
}

// Observed on 13 to 18: simple indexes, keys, checks and statistics of a column follow its change of type by themselves, unless
// their expressions name the type, which then is the old one.
bool TypeUse::refused_by(const Object& dependent) const {
  const bool names_type = needs_any(dependent, types_);
  switch (dependent.id.kind) {
    case KindId::column:
      return dependent.value("generated").has_value();
    case KindId::constraint: {
      const std::string type = dependent.text("type");
      if (type == "FOREIGN KEY") return true;
      return type != "PRIMARY KEY" && type != "UNIQUE" && names_type;
    }
    case KindId::domain_constraint:
      return false;  // made with its domain (TypeReplacement)
    case KindId::index:
    case KindId::statistics:
      return names_type;
    case KindId::sequence:
    case KindId::table:
    case KindId::schema:
    case KindId::extension:
      return false;
    default:
      return true;
  }
}

void TypeUse::find_rebuilt() {
  std::set<Id> moved = types_;
  for (const Object* column : columns_) moved.insert(column->id);
  std::set<Id> renewed;
  for (const Object* type : renewed_) renewed.insert(type->id);
  for (const auto& id : moved) {
    for (const Object* dependent : in_.dependents(id)) {
      if (moved.contains(dependent->id)) continue;
      // A table whose row type or partition key names the type cannot follow.
      if (dependent->id.kind == KindId::table && types_.contains(id)) blocked_ = true;
      if (refused_by(*dependent)) rebuilt_.insert(dependent->id);
    }
  }
  for (const auto& id : types_) {
    if (!renewed.contains(id)) rebuilt_.insert(id);  // no column holds it: dropped and made again
  }
}

// What needs something that is dropped is dropped with it.
void TypeUse::close_rebuilt() {
  std::vector<Id> todo(rebuilt_.begin(), rebuilt_.end());
  while (!todo.empty()) {
    const Id id = todo.back();
    todo.pop_back();
    for (const Object* dependent : in_.dependents(id)) {
      const bool holds =
          kind_of(dependent->id.kind).holds_data() && !(dependent->id.kind == KindId::column && dependent->value("generated"));
      if (holds) {
        blocked_ = true;
        continue;
      }
      if (dependent->id != type_.id && rebuilt_.insert(dependent->id).second) todo.push_back(dependent->id);
    }
  }
  rebuilt_.erase(type_.id);
  for (const Object* type : renewed_) blocked_ = blocked_ || rebuilt_.contains(type->id);
}

std::function<bool(const Object& dependent)> TypeUse::refused() const {
  // A function that only takes or returns the type does not mind.
  std::set<Id> out;
  for (const auto& id : rebuilt_) {
    const Object* object = in_.find(id);
    if (object == nullptr || contains_types(*object)) continue;
    if (object->id.kind == KindId::function && !object->value("sql_body")) continue;
    out.insert(id);
  }
  return [out](const Object& dependent) { return out.contains(dependent.id); };
}

Alteration TypeUse::rebuild(const Object& to, const Database& to_db) const {
  if (blocked_) return Alteration::recreate();
  Alteration out = Alteration::in_place(TypeReplacement(*this, to, to_db).statements());
  out.rebuild = [rebuilt = rebuilt_](const Object& dependent) { return rebuilt.contains(dependent.id); };
  return out;
}

}  // namespace pga::schema
