#include "plan/online/shadow_column.h"

#include <algorithm>

#include "base/quote.h"
#include "base/text.h"
#include "plan/online/column_text.h"
#include "schema/table_ddl.h"

namespace pga::plan::data {

using schema::Database;
using schema::Id;
using schema::KindId;
using schema::Object;

namespace {

bool same(const Object& from, const Situation& situation) {
  const Object* to = situation.to.find(from.id);
  return to != nullptr && schema::changed_fields(from, *to).empty();
}

void sort_constraint(const Object& constraint, const Situation& situation, Dependents& out) {
  const std::string type = constraint.text("type");
  if (type == "CHECK") {
    if (same(constraint, situation)) out.checks.push_back(&constraint);
  } else if (type == "EXCLUDE" || constraint.flag("temporal")) {
    out.obstacle = "an exclusion constraint cannot be built concurrently";
  } else if (!same(constraint, situation)) {
    out.obstacle = schema::to_text(constraint.id) + " changes at the same time";
  } else {
    out.keys.push_back(&constraint);
  }
}

void sort_dependent(const Object& other, const Object& column, const Situation& situation, Dependents& out) {
  switch (other.id.kind) {
    case KindId::column_default:
      return;
    case KindId::constraint:
      return sort_constraint(other, situation, out);
    case KindId::index:
      if (!same(other, situation)) {
        out.obstacle = schema::to_text(other.id) + " changes at the same time";
      } else {
        out.indexes.push_back(&other);
      }
      return;
    case KindId::statistics:
      if (same(other, situation)) out.statistics.push_back(&other);
      return;
    case KindId::sequence: {
      const Object* to = situation.to.find(other.id);
      if (to != nullptr && to->list("owned_by") == column.id.path) out.sequences.push_back(&other);
      return;
    }
    default:
      out.obstacle = schema::to_text(other.id) + " depends on it";
  }
}

}  // namespace

Dependents dependents_of(const Object& from, const Situation& situation, const schema::Alteration& alteration) {
  Dependents out;
  for (const Object* other : situation.from.dependents(from.id)) {
    if (other->id.kind == KindId::column && other->value("generated"))
      out.obstacle = schema::to_text(other->id) + " is computed from it";
    if (alteration.rebuild && alteration.rebuild(*other)) continue;
    sort_dependent(*other, from, situation, out);
  }
  return out;
}

ShadowIndex shadow_index(const Object& index, const Object& column, const std::string& shadow, const Database& in) {
  ShadowIndex out{helper_name("pga_idx", {index.id.path[0], index.id.path[1], shadow}), {}};
  const std::string sql = schema::kind_of(index.id.kind).create(index, in).front().sql;
  const std::string unique = index.flag("unique") ? "UNIQUE " : "";
  const std::string table = schema::qualified(index.list("table"));
  const std::string head = "CREATE " + unique + "INDEX " + ident(index.id.name()) + " ON " + table + " USING ";
  if (!sql.starts_with(head)) return out;
  out.definition = "CREATE " + unique + "INDEX CONCURRENTLY " + ident(out.name) + " ON " + table + " USING " +
                   rename_column(std::string_view(sql).substr(head.size()), column.id.name(), shadow);
  return out;
}

ShadowIndex shadow_key(const Object& constraint, const Object& column, const std::string& shadow) {
  ShadowIndex out{helper_name("pga_key", {constraint.id.path[0], constraint.id.path[1], constraint.id.path[2], shadow}), {}};
  const auto names = [&](std::string_view field) {
    auto list = constraint.list(field);
    std::ranges::replace(list, column.id.name(), shadow);
    return ident_list(list);
  };
  out.definition =
      "CREATE UNIQUE INDEX CONCURRENTLY " + ident(out.name) + " ON " + table_of(constraint.id) + " (" + names("columns") + ")";
  if (!constraint.list("included").empty()) out.definition += " INCLUDE (" + names("included") + ")";
  if (constraint.flag("nulls_not_distinct")) out.definition += " NULLS NOT DISTINCT";
  if (const auto options = constraint.list("options"); !options.empty()) {
    out.definition += " WITH (" + schema::storage_parameters(options) + ")";
  }
  if (constraint.value("tablespace")) out.definition += " TABLESPACE " + ident(constraint.text("tablespace"));
  return out;
}

}  // namespace pga::plan::data
