#include "plan/neutral.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/quote.h"
#include "schema/kind.h"

namespace pga::plan {
namespace {

using schema::KindId;

struct Neutral {
  std::string_view type;  // format_type's text, without its modifiers
  std::string_view value;
};

constexpr std::array kNeutral = {
    Neutral{"character varying", "''"},
    Neutral{"character", "''"},
    Neutral{"text", "''"},
    Neutral{"smallint", "0"},
    Neutral{"integer", "0"},
    Neutral{"bigint", "0"},
    Neutral{"numeric", "0"},
    Neutral{"real", "0"},
    Neutral{"double precision", "0"},
    Neutral{"money", "0"},
    Neutral{"boolean", "false"},
    Neutral{"jsonb", "'{}'"},
    Neutral{"json", "'{}'"},
    Neutral{"bytea", "''"},
    Neutral{"date", "'epoch'"},
    Neutral{"timestamp", "'epoch'"},
    Neutral{"time", "'00:00'"},
    Neutral{"interval", "'0'"},
    Neutral{"uuid", "'00000000-0000-0000-0000-000000000000'"},
    Neutral{"inet", "'0.0.0.0'"},
    Neutral{"cidr", "'0.0.0.0/0'"},
    Neutral{"tsvector", "''"},
    Neutral{"hstore", "''"},
    Neutral{"bit varying", "''"},
    Neutral{"citext", "''"},
    Neutral{"xml", "''"},
    Neutral{"tsquery", "''"},
    Neutral{"macaddr", "'00:00:00:00:00:00'"},
    Neutral{"macaddr8", "'00:00:00:00:00:00:00:00'"},
    Neutral{"oid", "0"},
    Neutral{"pg_lsn", "'0/0'"},
    Neutral{"point", "'(0,0)'"},
    Neutral{"box", "'(0,0),(0,0)'"},
    Neutral{"lseg", "'[(0,0),(0,0)]'"},
    Neutral{"path", "'((0,0))'"},
    Neutral{"polygon", "'((0,0))'"},
    Neutral{"circle", "'<(0,0),0>'"},
    Neutral{"line", "'{1,0,0}'"},
    Neutral{"int4range", "'empty'"},
    Neutral{"int8range", "'empty'"},
    Neutral{"numrange", "'empty'"},
    Neutral{"tsrange", "'empty'"},
    Neutral{"tstzrange", "'empty'"},
    Neutral{"daterange", "'empty'"},
    Neutral{"int4multirange", "'{}'"},
    Neutral{"int8multirange", "'{}'"},
    Neutral{"nummultirange", "'{}'"},
    Neutral{"tsmultirange", "'{}'"},
    Neutral{"tstzmultirange", "'{}'"},
    Neutral{"datemultirange", "'{}'"},
};

// "timestamp(3) with time zone" is a timestamp, "daterange" is no date.
bool is_type(std::string_view type, std::string_view name) {
  return type.starts_with(name) && (type.size() == name.size() || type[name.size()] == '(' || type[name.size()] == ' ');
}

}  // namespace

std::optional<std::string> neutral_value(const schema::Object& column, const schema::Database& in) {
  const std::string type = column.text("type");
  if (type.ends_with("[]")) return "'{}'";
  if (const auto user = column.list("user_type"); user.size() == 2) {
    if (const auto* kind = schema::find_kind("enum_type")) {
      if (const auto* found = in.find(kind->id(), user)) {
        if (const auto values = found->list("values"); !values.empty()) return literal(values.front());
      }
    }
    const bool text = user[1] == "citext" || user[1] == "hstore";
    return text ? std::optional<std::string>("''") : std::nullopt;
  }
  for (const auto& [name, value] : kNeutral) {
    if (is_type(type, name)) return std::string(value);
  }
  return std::nullopt;
}

bool is_keyed(const schema::Object& column, const schema::Database& in) {
  if (!column.parent) return false;
  for (const auto* part : in.children(*column.parent)) {
    const bool constraint = part->id.kind == KindId::constraint && part->text("type") != "CHECK";
    const bool index = part->id.kind == KindId::index && part->flag("unique");
    if (!constraint && !index) continue;
    const auto columns = part->list("columns");
    if (std::ranges::find(columns, column.id.name()) != columns.end()) return true;
  }
  return false;
}

std::optional<std::string> numbered_value(const schema::Object& column, const schema::Database& in) {
  if (!column.parent || column.value("not_null_name")) return std::nullopt;  // 18 names the rule: its own way is add-column's
  for (const auto* part : in.children(*column.parent)) {
    const bool constraint = part->id.kind == KindId::constraint;
    if (!constraint && !(part->id.kind == KindId::index && part->flag("unique"))) continue;
    const auto columns = part->list("columns");
    if (std::ranges::find(columns, column.id.name()) == columns.end()) continue;
    const bool key = !constraint || part->text("type") == "PRIMARY KEY" || part->text("type") == "UNIQUE";
    if (!key || columns.size() > 1) return std::nullopt;
  }
  const std::string type = column.text("type");
  if (type == "smallint" || type == "integer" || type == "bigint" || type == "numeric") return "s.n::" + type;
  if (type == "text" || type.starts_with("character varying")) return "s.n::text";
  if (type == "uuid") return "pg_catalog.lpad(pg_catalog.to_hex(s.n), 32, '0')::uuid";
  return std::nullopt;
}

}  // namespace pga::plan
