// Functions, procedures and window functions. An in-place change is always CREATE OR REPLACE, which keeps the OID and so every
// dependent; where PostgreSQL refuses it (other result, other argument names, fewer defaults, other kind of routine) the
// function is created anew. https://www.postgresql.org/docs/current/sql-createfunction.html, "Overloading" and "Notes".
#include <algorithm>
#include <array>

#include "base/quote.h"
#include "base/text.h"
#include "schema/kind.h"
#include "schema/kinds/parts.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kFunctionFields = {
    Field{"routine", FieldType::text, "function, procedure or window."},
    Field{"arguments", FieldType::sql, "Arguments with modes, names, types and defaults."},
    Field{"identity", FieldType::sql, "Arguments without defaults.", Compare::no},
    Field{"result", FieldType::sql, "Result type, TABLE(…) included; NULL for procedures."},
    Field{"language", FieldType::text, "Language of the body."},
    Field{"volatility", FieldType::text, "immutable, stable or volatile."},
    Field{"strict", FieldType::boolean, "Returns NULL on NULL input without being called."},
    Field{"leakproof", FieldType::boolean, "Reveals nothing of its arguments but by its result."},
    Field{"security_definer", FieldType::boolean, "Runs with the rights of its owner."},
    Field{"parallel", FieldType::text, "safe, restricted or unsafe."},
    Field{"cost", FieldType::text, "Estimated cost of a call in cpu_operator_cost."},
    Field{"rows", FieldType::text, "Estimated number of result rows; 0 when it returns no set."},
    Field{"support", FieldType::sql, "Planner support function."},
    Field{"settings", FieldType::list, "Configuration during a call: name=value."},
    Field{"transforms", FieldType::list, "Types that are passed through a transform."},
    Field{"object_file", FieldType::text, "Shared library of a C function."},
    Field{"body", FieldType::text, "Body as a string: source text or link symbol."},
    Field{"sql_body", FieldType::sql, "SQL-standard body, RETURN … or BEGIN ATOMIC … END (14 and newer)."},
    Field{"depends_on_extensions", FieldType::list, "Extensions whose drop drops this too (DEPENDS ON EXTENSION)."},
    Field{"default_count", FieldType::integer, "Number of arguments with a default.", Compare::no},
    Field{"argument_names", FieldType::list, "Names of all arguments, empty where there is none.", Compare::no},
    Field{"argument_types", FieldType::list, "Mode letter and type of all arguments.", Compare::no},
};

std::string routine_word(const Object& object) {
  return object.text("routine") == "procedure" ? "PROCEDURE" : "FUNCTION";
}

// The elements of a value such as  "$user", public : names, quoted where needed, separated by commas.
std::vector<std::string> split_name_list(std::string_view text) {
  std::vector<std::string> out;
  std::string part;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      if (quoted && i + 1 < text.size() && text[i + 1] == '"') {
        part += text[++i];
      } else {
        quoted = !quoted;
      }
    } else if (c == ',' && !quoted) {
      out.push_back(std::move(part));
      part.clear();
    } else if (quoted || c != ' ') {
      part += c;
    }
  }
  out.push_back(std::move(part));
  return out;
}

// These keep their value as a list of quoted names (GUC_LIST_QUOTE); one literal would become one name (pg_dump's
// variable_is_guc_list_quote knows the same).
bool holds_names(std::string_view setting) {
  return setting == "search_path" || setting == "temp_tablespaces" || setting == "local_preload_libraries" ||
         setting == "session_preload_libraries" || setting == "shared_preload_libraries" || setting == "unix_socket_directories";
}

std::string setting_sql(const std::string& item) {
  const size_t equals = item.find('=');
  const std::string name = item.substr(0, equals);
  const std::string value = equals == std::string::npos ? "" : item.substr(equals + 1);
  if (!holds_names(to_lower(name))) return "SET " + ident(name) + " TO " + literal(value);
  std::vector<std::string> parts;
  for (const auto& part : split_name_list(value)) parts.push_back(literal(part));
  return "SET " + ident(name) + " TO " + join(parts, ", ");
}

std::string attributes_sql(const Object& object) {
  std::vector<std::string> words;
  const auto say = [&](bool when, std::string what) {
    if (when) words.push_back(std::move(what));
  };
  std::vector<std::string> transforms;
  for (const auto& type : object.list("transforms")) transforms.push_back("FOR TYPE " + type);
  say(!transforms.empty(), "TRANSFORM " + join(transforms, ", "));
  say(object.text("routine") == "window", "WINDOW");
  say(object.text("volatility") == "immutable", "IMMUTABLE");
  say(object.text("volatility") == "stable", "STABLE");
  say(object.flag("leakproof"), "LEAKPROOF");
  say(object.flag("strict"), "STRICT");
  say(object.flag("security_definer"), "SECURITY DEFINER");
  say(object.text("parallel") == "safe", "PARALLEL SAFE");
  say(object.text("parallel") == "restricted", "PARALLEL RESTRICTED");
  const bool compiled = object.text("language") == "c" || object.text("language") == "internal";
  say(object.text("routine") != "procedure" && object.text("cost") != (compiled ? "1" : "100"), "COST " + object.text("cost"));
  say(object.text("rows") != "0" && object.text("rows") != "1000", "ROWS " + object.text("rows"));
  say(object.value("support").has_value(), "SUPPORT " + object.text("support"));
  for (const auto& setting : object.list("settings")) words.push_back(setting_sql(setting));
  return join(words, "\n  ");
}

std::string body_sql(const Object& object) {
  if (object.value("sql_body")) return object.text("sql_body");
  if (object.value("object_file")) return "AS " + literal(object.text("object_file")) + ", " + literal(object.text("body"));
  return "AS " + dollar_quote(object.text("body"));
}

std::string creation(const Object& object, const std::string& arguments, const std::string& body) {
  std::string sql =
      "CREATE OR REPLACE " + routine_word(object) + " " + ident({object.id.path[0], object.id.path[1]}) + "(" + arguments + ")";
  if (object.value("result")) sql += "\nRETURNS " + object.text("result");
  sql += "\nLANGUAGE " + ident(object.text("language"));
  if (const std::string attributes = attributes_sql(object); !attributes.empty()) sql += "\n  " + attributes;
  return sql + "\n" + body;
}

// Whether CREATE OR REPLACE is allowed: only unnamed input arguments may get a name, and defaults may only be added.
bool replaceable(const Object& from, const Object& to) {
  for (const auto* field : {"routine", "result", "argument_types"}) {
    if (from.value(field) != to.value(field)) return false;
  }
  if (from.integer("default_count") > to.integer("default_count")) return false;
  const auto types = from.list("argument_types");
  auto before = from.list("argument_names"), after = to.list("argument_names");
  before.resize(types.size());
  after.resize(types.size());
  for (size_t i = 0; i < types.size(); ++i) {
    const bool input = types[i].starts_with("i ") || types[i].starts_with("v ");
    if (before[i] != after[i] && !(before[i].empty() && input)) return false;
  }
  return true;
}

class FunctionKind : public Kind {
 public:
  KindId id() const override { return KindId::function; }
  std::string_view slug() const override { return "function"; }
  std::string_view keyword() const override { return "FUNCTION"; }
  std::string_view catalog() const override { return "pg_proc"; }
  std::string_view query() const override { return embedded::schema::kinds_function; }
  std::span<const Field> fields() const override { return kFunctionFields; }

  Statements create(const Object& object, const Database&) const override {
    Statements out = {{creation(object, object.text("arguments"), body_sql(object))}};
    depend_on(object, {}, object.list("depends_on_extensions"), out);
    return out;
  }

  // A function with an SQL-standard body depends on what the body names; with an empty string as body (never checked, as
  // check_function_bodies is off) and no defaults it does not.
  Statements shell(const Object& object) const override {
    if (!object.value("sql_body")) return {};
    return {{creation(object, object.text("identity"), "AS ''")}};
  }

  // The functions of a type, which take or return it, are gone with it.
  Statements drop(const Object& object, const Database& in) const override {
    const bool of_type = std::ranges::any_of(object.needs, [&](const Id& need) {
      if (need.kind != KindId::base_type && need.kind != KindId::range_type) return false;
      const Object* type = in.find(need);
      return type != nullptr && std::ranges::find(type->needs, object.id) != type->needs.end();
    });
    return {{"DROP " + routine_word(object) + (of_type ? " IF EXISTS " : " ") + address(object)}};
  }

  Alteration alter(const Object& from, const Object& to, const std::vector<std::string_view>& changed, const Database&,
                   const Database&) const override {
    if (!replaceable(from, to)) return Alteration::recreate();
    Statements out;
    if (changed.size() > 1 || changed.front() != "depends_on_extensions") {
      out.push_back({creation(to, to.text("arguments"), body_sql(to))});
    }
    depend_on(to, from.list("depends_on_extensions"), to.list("depends_on_extensions"), out);
    return Alteration::in_place(std::move(out));
  }

  std::optional<Statement> rename(const Object& from, const Id& to, const Database&) const override {
    return Statement{"ALTER " + comment_target(from) + " RENAME TO " + ident(to.path[1])};
  }

  // The OUT arguments of a procedure take part in its look-up since 14, so they are said; a function's do not.
  std::string address(const Object& object) const override {
    const bool procedure = object.text("routine") == "procedure";
    return ident({object.id.path[0], object.id.path[1]}) + "(" + (procedure ? object.text("identity") : object.id.path[2]) + ")";
  }
  std::string comment_target(const Object& object) const override { return routine_word(object) + " " + address(object); }
  std::string owner_target(const Object& object) const override { return comment_target(object); }
  std::string grant_target(const Object& object) const override { return comment_target(object); }

 private:
  void depend_on(const Object& object, const std::vector<std::string>& from, const std::vector<std::string>& to,
                 Statements& out) const {
    for (const auto& change : list_changes(from, to)) {
      out.push_back(
          {"ALTER " + comment_target(object) + (change.added ? "" : " NO") + " DEPENDS ON EXTENSION " + ident(change.item)});
    }
  }
};

}  // namespace

const Kind& make_function() {
  static const FunctionKind kind;
  return kind;
}

}  // namespace pga::schema
