// Rules between rows and in time: overlaps, workflows, one flagged row, rows that do not change, who may do what.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/quote.h"
#include "base/text.h"
#include "design/build.h"
#include "design/columns.h"
#include "design/tools.h"

namespace pga::design {
namespace {

using request::Meaning;
using request::Statement;

std::string column_of(Build& build, Table& table, const std::string& name) {
  if (table.has(name)) return name;
  if (table.has(name + "_id")) return name + "_id";
  if (build.draft.find(name) != nullptr) {
    table.reference(name + "_id", build.draft.target(name), OnDelete::restrict_);
    return name + "_id";
  }
  add_attribute(build.draft, table, {.name = name});
  return name;
}

void exclude(Build& build, const Statement& statement) {
  auto& draft = build.draft;
  Table& table = draft.table(statement.subject);
  if (!table.existing) table.id();
  needs_extension(draft, "btree_gist");
  std::string range, type = "tstzrange";
  if (statement.names.size() >= 2) {
    for (const auto& name : statement.names) add_attribute(draft, table, {.name = name});
    range = fmt::format("tstzrange({}, {}, '[)')", ident(statement.names[0]), ident(statement.names[1]));
  } else if (table.has("starts_at") && table.has("ends_at")) {
    range = "tstzrange(starts_at, ends_at, '[)')";
  } else {
    const std::string name = statement.names.empty() ? "during" : statement.names[0];
    if (!table.has(name)) {
      table.column(
          {name, type, true, "", "From (included) to (excluded): one that ends when the next begins does not overlap it"});
      table.check(name, "not_empty", "NOT isempty(" + ident(name) + ")",
                  "An empty range overlaps nothing, so it would escape the rule");
      table.check(name, "bounded", fmt::format("NOT lower_inf({0}) AND NOT upper_inf({0})", ident(name)));
    }
    range = ident(name);
  }
  std::string scope;
  if (!statement.scope.empty()) scope = ident(column_of(build, table, statement.scope)) + " WITH =, ";
  std::string where;
  const auto unless = statement.condition;
  if (!unless.empty() && table.has("status")) {
    std::vector<std::string> states;
    for (const auto& word : split(replace_all(replace_all(unless, ",", " "), " or ", " "), ' ')) {
      if (!word.empty() && word != "unless" && word != "and" && word != "or" && word != "it" && word != "is")
        states.push_back(literal(word));
    }
    if (!states.empty()) where = " WHERE (status NOT IN (" + join(states, ", ") + "))";
  }
  table.rule({table.name + "_no_overlap", "EXCLUDE USING gist (" + scope + range + " WITH &&)" + where,
              "Two sessions that write at once cannot both succeed: only a constraint stops that race"});
  draft.warn("exclude-cost",
             "The exclusion constraint of " + table.name +
                 " is a GiST index: inserts cost more than with a b-tree, and it cannot be "
                 "built concurrently.",
             "");
}

void workflow(Build& build, const Statement& statement) {
  auto& draft = build.draft;
  Table& table = draft.table(statement.subject);
  if (!table.existing) table.id();
  const std::string column = statement.names.empty() ? "status" : statement.names[0];
  std::vector<std::string> states;
  std::map<std::string, std::vector<std::string>> next;
  for (const auto& [from, to] : statement.transitions) {
    for (const auto& state : {from, to}) {
      if (std::ranges::find(states, state) == states.end()) states.push_back(state);
    }
    next[from].push_back(to);
  }
  if (states.empty()) return;
  if (!table.has(column)) {
    table.one_of(column, states, states.front(), true, "Where it is: " + join(states, ", "));
  } else if (table.find(column) == nullptr) {
    draft.warn("workflow-column",
               table.name + "." + column + " exists: the transitions are added, its values are left as they are.", "");
  }
  std::vector<std::string> lines;
  for (const auto& [from, targets] : next) {
    for (const auto& to : targets) lines.push_back("(" + literal(from) + ", " + literal(to) + ")");
  }
  const std::string function = table.name + "_" + column + "_transition";
  draft.before(
      function,
      fmt::format("CREATE FUNCTION {0}() RETURNS trigger\n  LANGUAGE plpgsql\n  SET search_path = pg_catalog, pg_temp\n  AS "
                  "$$\nBEGIN\n  IF (OLD.{1}, NEW.{1}) NOT IN ({2}) THEN\n    RAISE EXCEPTION 'a row of {3} cannot go from % to "
                  "%', OLD.{1}, NEW.{1} USING ERRCODE = 'check_violation', CONSTRAINT = '{4}';\n  END IF;\n  RETURN "
                  "NEW;\nEND\n$$;\nCOMMENT ON FUNCTION {0}() IS 'Trigger: the ways of {3}.{1}';",
                  ident(function), ident(column), join(lines, ", "), replace_all(table.name, "'", "''"), function));
  table.after(fmt::format(
      "CREATE TRIGGER {} BEFORE UPDATE OF {} ON {}\n  FOR EACH ROW WHEN (OLD.{} IS DISTINCT FROM NEW.{}) EXECUTE FUNCTION "
      "{}();",
      ident(function), ident(column), table.sql_name(), ident(column), ident(column), ident(function)));
  draft.assume("P35", fmt::format("a new row of {} begins as {}", table.name, states.front()), "say the first state");
}

void immutable(Build& build, const Statement& statement) {
  auto& draft = build.draft;
  Table* found = draft.find(statement.subject);
  if (found == nullptr) return;
  Table& table = *found;
  if (statement.names.empty() && !table.existing && statement.condition.empty()) {
    refuse_changes(draft, table, "UPDATE");
    return;
  }
  for (const auto& name : statement.names) {
    const std::string function = table.name + "_" + name + "_fixed";
    draft.before(
        function,
        fmt::format("CREATE FUNCTION {0}() RETURNS trigger\n  LANGUAGE plpgsql\n  SET search_path = pg_catalog, pg_temp\n  AS "
                    "$$\nBEGIN\n  RAISE EXCEPTION '{1}.{2} is never changed' USING ERRCODE = "
                    "'restrict_violation';\nEND\n$$;",
                    ident(function), table.name, name));
    table.after(fmt::format(
        "CREATE TRIGGER {0} BEFORE UPDATE OF {1} ON {2}\n  FOR EACH ROW WHEN (OLD.{1} IS DISTINCT FROM NEW.{1}) EXECUTE "
        "FUNCTION {0}();",
        ident(function), ident(name), table.sql_name()));
  }
}

}  // namespace

void build_rules(Build& build) {
  for (const auto& statement : build.understood.statements) {
    if (statement.subject.empty() || (statement.negated && statement.meaning != Meaning::exclude)) continue;
    because(build, statement);
    switch (statement.meaning) {
      case Meaning::exclude:
        exclude(build, statement);
        break;
      case Meaning::workflow:
        workflow(build, statement);
        break;
      case Meaning::immutable:
        immutable(build, statement);
        break;
      case Meaning::one_flagged: {
        Table& table = build.draft.table(statement.subject);
        if (!table.existing) table.id();
        const std::string flag = statement.names.empty() ? "is_default" : statement.names[0];
        if (!table.has(flag)) table.column({flag, "boolean", true, "DEFAULT false", "At most one of them"});
        const std::string scope = statement.scope.empty() ? "" : column_of(build, table, statement.scope);
        table.special_index({"idx_" + table.name + "_one_" + flag, true,
                             "(" + (scope.empty() ? ident(flag) : ident(scope)) + ") WHERE " + ident(flag),
                             statement.paraphrase});
        break;
      }
      case Meaning::temporal: {
        Table& table = build.draft.table(statement.subject);
        if (!table.existing) table.id();
        table.column({"valid_from", "timestamptz", true, "DEFAULT now()", "From when it holds"});
        table.column({"valid_to", "timestamptz", false, "", "Until when (excluded); NULL while it holds"});
        table.check("valid_to", "later", "valid_to > valid_from");
        break;
      }
      default:
        break;
    }
  }
}

}  // namespace pga::design
