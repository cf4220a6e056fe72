#include "schema/kinds/type_replacement.h"

#include <algorithm>

#include "base/quote.h"
#include "base/text.h"
#include "schema/fresh_privileges.h"
#include "schema/kinds/parts.h"
#include "schema/kinds/range_constructors.h"
#include "schema/table_ddl.h"

namespace pga::schema {
namespace {

void append(Statements& to, Statements more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

std::string element_of(std::string type) {
  while (type.ends_with("[]")) type.resize(type.size() - 2);
  return type;
}

// Cut so that a name with this suffix is no longer than PostgreSQL's 63 bytes, between two characters.
std::string cut(const std::string& name, size_t bytes) {
  size_t end = std::min(name.size(), bytes);
  while (end > 0 && end < name.size() && (static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U) --end;
  return name.substr(0, end);
}

}  // namespace

TypeReplacement::TypeReplacement(const TypeUse& use, const Object& to, const Database& to_db)
    : use_(use), to_(to), to_db_(to_db) {
  std::string all = to_text(to.id);
  for (const auto& value : to.fields) all += "\n" + value.value_or("NULL");
  suffix_ = "_old_" + fnv1a_hex(all).substr(0, 8);
  const bool rows = to.id.kind == KindId::composite_type && use.type_.value("attributes") != to.value("attributes");
  if (rows && use.stored()) {
    converter_ = ident({to.id.path[0], "pgarchitect_convert" + suffix_.substr(4)});
  }
}

std::string TypeReplacement::old_name(const std::string& name) const {
  return cut(name, 63 - suffix_.size()) + suffix_;
}

std::string TypeReplacement::old_address(const Object& type) const {
  return ident({type.id.path[0], old_name(type.id.name())});
}

const Object* TypeReplacement::renewed_type(const std::string& type) const {
  const std::string element = element_of(type);
  for (const Object* one : use_.renewed_) {
    if (kind_of(one->id.kind).address(*one) == element) return one;
  }
  return nullptr;
}

Statements TypeReplacement::statements() const {
  Statements out;
  rename_away(out);
  create_anew(out);
  create_converters(out);
  move_columns(out);
  drop_old(out);
  return out;
}

// The constructors of a range keep their names when it is renamed, and would be in the way of the new ones.
void TypeReplacement::rename_constructors(const Object& range, Statements& out) const {
  const auto say = [&](std::string_view field, const std::vector<std::string>& lists) {
    const auto name = range.list(field);
    if (name.empty()) return;
    for (const auto& arguments : lists) {
      out.push_back({"ALTER FUNCTION " + qualified(name) + arguments + " RENAME TO " + ident(old_name(name[1]))});
    }
  };
  say("constructor", range_constructor_arguments(range));
  say("multirange_constructor", multirange_constructor_arguments(range));
}

void TypeReplacement::rename_away(Statements& out) const {
  for (const Object* type : use_.renewed_) {
    if (type->id.kind == KindId::range_type) rename_constructors(*type, out);
  }
  for (const Object* type : use_.renewed_) {
    const Kind& kind = kind_of(type->id.kind);
    out.push_back(
        {"ALTER " + std::string(kind.keyword()) + " " + kind.address(*type) + " RENAME TO " + ident(old_name(type->id.name()))});
    if (type->id.kind != KindId::range_type || !type->value("multirange")) continue;
    const auto multirange = type->list("multirange");
    out.push_back({"ALTER TYPE " + qualified(multirange) + " RENAME TO " + ident(old_name(multirange[1]))});
  }
}

// Comments, owners and privileges as they were: what differs between the two schemas is the planner's to change.
void TypeReplacement::create_anew(Statements& out) const {
  for (const Object* type : use_.renewed_) {
    Object fresh = renewed(*type);
    fresh.comment = type->comment;
    fresh.owner = type->owner;
    fresh.privileges = type->privileges;
    fresh.labels = type->labels;
    // A default that will be another one may name what is no more.
    if (fresh.id.kind == KindId::domain && type->id != to_.id) {
      const Object* later = to_db_.find(type->id);
      if (later == nullptr || later->value("default_value") != type->value("default_value")) {
        fresh.set("default_value", std::nullopt);
      }
    }
    append(out, kind_of(type->id.kind).create(fresh, type->id == to_.id ? to_db_ : use_.in_));
    if (fresh.comment) append(out, comment_sql(fresh));
    append(out, label_sql(fresh, {}, fresh.labels));
    append(out, owner_sql(fresh));
    append(out, privilege_sql(fresh, fresh_privileges(fresh, use_.in_), fresh.privileges));
    create_checks(*type, out);
  }
}

// Before columns hold the domain: within arrays and composite values PostgreSQL could not check them later. What the plan drops,
// makes anew or rebuilds is left to it.
void TypeReplacement::create_checks(const Object& domain, Statements& out) const {
  for (const Object* check : use_.in_.children(domain.id, KindId::domain_constraint)) {
    const Object* later = to_db_.find(check->id);
    if (later == nullptr || later->value("definition") != check->value("definition") || use_.rebuilt(check->id)) continue;
    append(out, kind_of(check->id.kind).create(*check, use_.in_));
    if (check->comment) append(out, comment_sql(*check));
  }
}

std::string TypeReplacement::row_conversion(const Object& type) const {
  if (type.id.kind == KindId::domain) {
    return converter_ + "($1::" + old_address(*renewed_type(type.text("type"))) + ")::" + kind_of(type.id.kind).address(type);
  }
  const Object& target = renewed(type);
  const auto before = pairs(type, "attributes", "types");
  std::vector<std::string> values;
  for (const auto& [name, new_type] : pairs(target, "attributes", "types")) {
    const auto old = std::ranges::find(before, name, &std::pair<std::string, std::string>::first);
    const std::string value = "($1)." + ident(name);
    if (old == before.end()) {
      values.push_back("NULL::" + new_type);
    } else if (renewed_type(old->second) != nullptr && old->second == new_type) {
      values.push_back(converter_ + "(" + value + ")");
    } else if (old->second == new_type) {
      values.push_back(value);
    } else {
      values.push_back(value + "::text::" + new_type);
    }
  }
  return "ROW(" + join(values, ", ") + ")::" + kind_of(type.id.kind).address(type);
}

void TypeReplacement::create_converters(Statements& out) const {
  if (converter_.empty()) return;
  for (const Object* type : use_.renewed_) {
    const std::string old = old_address(*type), now = kind_of(type->id.kind).address(*type);
    const std::string head = "CREATE FUNCTION " + converter_ + "(";
    out.push_back({head + old + ") RETURNS " + now + " LANGUAGE sql IMMUTABLE STRICT AS " +
                   dollar_quote("SELECT " + row_conversion(*type))});
    out.push_back(
        {head + old + "[]) RETURNS " + now + "[] LANGUAGE sql IMMUTABLE STRICT AS " +
         dollar_quote("SELECT CASE WHEN array_ndims($1) > 1 THEN 'more than one dimension'::text::" + now +
                      "[] ELSE ARRAY(SELECT " + converter_ + "($1[i]) FROM generate_subscripts($1, 1) AS i ORDER BY i) END")});
  }
}

std::string TypeReplacement::move_column(const Object& column) const {
  const std::string name = ident(column.id.name());
  const std::string type = column.text("type");
  const Object* later = to_db_.find(column.id);
  const Object* table = use_.in_.find(*column.parent);
  const bool foreign = table != nullptr && table->text("form") == "foreign";
  // A column that will have a type without this one: text in between, from which its own alteration goes on.
  const bool leaves = later != nullptr && std::ranges::none_of(use_.renewed_, [&](const Object* renewed_one) {
                        return std::ranges::find(later->needs, renewed_one->id) != later->needs.end();
                      });
  std::string sql = "ALTER COLUMN " + name + " TYPE " + (leaves ? "text" : type);
  if (column.value("collation") && !leaves) sql += " COLLATE " + column.text("collation");
  if (foreign || (to_.id.kind == KindId::collation && renewed_type(type) == nullptr)) return sql;
  if (leaves) return sql + " USING " + name + "::text";
  return sql + " USING " + (converter_.empty() ? name + "::text::" + type : converter_ + "(" + name + ")");
}

void TypeReplacement::move_columns(Statements& out) const {
  std::map<Id, std::vector<std::string>> moves;
  Statements settings;
  for (const Object* column : use_.columns_) {
    // Inherited columns follow their parent's; what the plan drops or makes anew is gone.
    const Object* later = to_db_.find(column->id);
    if (later == nullptr || later->value("generated") || column->flag("inherited")) continue;
    moves[*column->parent].push_back(move_column(*column));
    // A change of type takes storage and compression back to the type's own.
    const std::string alter = "ALTER TABLE ONLY " + table_name(*column) + " ALTER COLUMN " + ident(column->id.name()) + " SET ";
    if (column->value("storage")) settings.push_back({alter + "STORAGE " + column->text("storage")});
    if (column->value("compression")) settings.push_back({alter + "COMPRESSION " + column->text("compression")});
  }
  for (const auto& [table, columns] : moves) {
    out.push_back({"ALTER TABLE " + qualified(table.path) + " " + join(columns, ", ")});
  }
  append(out, std::move(settings));
}

void TypeReplacement::drop_old(Statements& out) const {
  for (auto it = use_.renewed_.rbegin(); it != use_.renewed_.rend(); ++it) {
    if (converter_.empty()) break;
    const std::string old = old_address(**it);
    out.push_back({"DROP FUNCTION " + converter_ + "(" + old + "[]), " + converter_ + "(" + old + ")"});
  }
  for (auto it = use_.renewed_.rbegin(); it != use_.renewed_.rend(); ++it) {
    out.push_back({"DROP " + std::string(kind_of((*it)->id.kind).keyword()) + " " + old_address(**it)});
  }
}

}  // namespace pga::schema
