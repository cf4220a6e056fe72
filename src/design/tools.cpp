#include "design/tools.h"

#include <fmt/format.h>

#include <utility>

#include "base/quote.h"
#include "base/text.h"

namespace pga::design {

std::string choose(Draft& draft, const std::string& id, std::string question, std::vector<request::Option> options,
                   std::string reason, int weight) {
  return draft.decide({.id = replace_all(id, "_", "-"),
                       .question = std::move(question),
                       .options = std::move(options),
                       .recommended = 0,
                       .reason = std::move(reason),
                       .weight = weight,
                       .span = {},
                       .decided = {},
                       .by = {}});
}

void trigger_function(Draft& draft, const std::string& name, const std::string& body, const std::string& comment) {
  draft.before(name, fmt::format("CREATE FUNCTION {0}() RETURNS trigger\n  LANGUAGE plpgsql\n  SET search_path = pg_catalog, "
                                 "pg_temp\n  AS $$\n{1}\n$$;\nCOMMENT ON FUNCTION {0}() IS {2};",
                                 ident(name), body, literal("Trigger: " + comment)));
}

void trigger(Table& table, const std::string& name, const std::string& when, const std::string& how, const std::string& function,
             const std::string& arguments) {
  const bool constraint = how.starts_with("DEFERRABLE");
  table.after(fmt::format("CREATE {}TRIGGER {} {} ON {}\n  {} EXECUTE FUNCTION {}({});", constraint ? "CONSTRAINT " : "",
                          ident(name), when, table.sql_name(), how, ident(function), arguments));
}

void function(Draft& draft, const std::string& name, const std::string& arguments, const std::string& types,
              const std::string& rest, const std::string& comment) {
  draft.behind(name, fmt::format("CREATE FUNCTION {0}({1}) {2};\nCOMMENT ON FUNCTION {0}({3}) IS {4};", ident(name), arguments,
                                 rest, types, literal(comment)));
}

void needs_extension(Draft& draft, const std::string& name) {
  if (!draft.current().has_extension(name)) draft.before(name, "CREATE EXTENSION IF NOT EXISTS " + ident(name) + ";");
}

void refuse_changes(Draft& draft, Table& table, const std::string& what) {
  trigger_function(draft, "refuse_change",
                   "BEGIN\n  RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME USING ERRCODE = "
                   "'restrict_violation';\nEND",
                   "what was written stays");
  trigger(table, table.name + "_immutable", "BEFORE " + what, "FOR EACH ROW", "refuse_change");
}

Table& thing(Draft& draft, const std::string& entity) {
  Table& table = draft.table(entity);
  if (!table.existing) table.id().created_at();
  return table;
}

std::string qualified(const Table& table) {
  return ident({table.schema, table.name});
}

std::string first_known(Draft& draft, const std::vector<std::string>& entities) {
  for (const auto& entity : entities) {
    if (!entity.empty() && draft.find(entity) != nullptr) return entity;
  }
  return "";
}

std::string spoken(const std::string& name) {
  return replace_all(name, "_", " ");
}

}  // namespace pga::design
