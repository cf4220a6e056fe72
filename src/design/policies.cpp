// Who may do what with which rows: row-level security, and rules between columns ("if … then …").
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/quote.h"
#include "base/text.h"
#include "design/build.h"
#include "design/subtypes.h"
#include "design/tools.h"

namespace pga::design {
namespace {

using request::Meaning;
using request::Statement;

// The column that says whose row it is; "" none.
std::string owner_column(Draft& draft, const Table& table) {
  const auto people = draft.current().people();
  const std::string one = people != nullptr ? singular_of(people->name) : "user";
  for (const auto& name : {std::string("author_id"), std::string("owner_id"), one + "_id", std::string("created_by"),
                           std::string("organiser_id"), std::string("user_id")}) {
    if (table.has(name)) return name;
  }
  return singular_of(table.name) == one ? "id" : "";
}

// The answer to a question that the words raised about this entity ("order-policy-where"), not to one about another.
std::string answer_about(Build& build, const std::string& entity, const std::string& question, const std::string& otherwise) {
  const std::string bare = entity.substr(entity.find('.') == std::string::npos ? 0 : entity.find('.') + 1);
  const std::string id = replace_all(singular_of(bare), "_", "-") + "-" + question;
  const auto found = std::ranges::find(build.understood.decisions, id, &request::Decision::id);
  return found == build.understood.decisions.end() ? otherwise : build.draft.decide(*found);
}

struct Allowed {
  std::map<std::string, std::vector<std::string>> by_operation;  // conditions, joined by OR
};

std::string role_is(const std::string& role) {
  return "(SELECT current_setting('app.role', true)) = " + literal(role);
}

// "own": whose it is; of a group or a company: what the tenant's policies look at already.
std::string condition_of(Draft& draft, Table& table, const Statement& statement) {
  const auto people = draft.current().people();
  const std::string one = people != nullptr ? singular_of(people->name) : "user";
  const bool anybody = singular_of(statement.role) == one || statement.role.empty();
  std::vector<std::string> parts;
  if (!anybody) parts.push_back(role_is(singular_of(statement.role)));
  if (statement.condition == "own") {
    const std::string column = owner_column(draft, table);
    if (column.empty()) {
      draft.warn("no-owner-" + table.name, "Nothing in " + table.name + " says whose row it is: “own” cannot be looked at.",
                 "say who: `each " + singular_of(table.name) + " belongs to one " + one + "`");
      return "false";
    }
    const auto* known = table.existing ? draft.current().find(table.schema + "." + table.name) : nullptr;
    const auto* old = known != nullptr ? known->column(column) : nullptr;
    const auto* made = table.find(column);
    const std::string type = old != nullptr ? old->type : made != nullptr ? made->type : "bigint";
    parts.push_back(ident(column) + " = (SELECT nullif(current_setting('app." + one + "_id', true), '')::" + type + ")");
    if (column != "id")
      table.index({column}, "the rows that somebody may see: the policy's condition",
                  made != nullptr && !made->required ? ident(column) + " IS NOT NULL" : "");
  }
  return parts.empty() ? "true" : join(parts, " AND ");
}

void write_policies(Draft& draft, Table& table, const Allowed& allowed) {
  const bool tenant = std::ranges::any_of(
      table.afters, [](const std::string& sql) { return sql.find("ROW LEVEL SECURITY") != std::string::npos; });
  if (!tenant)
    table.after(
        fmt::format("ALTER TABLE {0} ENABLE ROW LEVEL SECURITY;\nALTER TABLE {0} FORCE ROW LEVEL SECURITY;", table.sql_name()));
  for (const std::string operation : {"select", "insert", "update", "delete"}) {
    const auto found = allowed.by_operation.find(operation);
    if (found == allowed.by_operation.end() && tenant) continue;  // the tenant's own policy stands
    std::string test = found == allowed.by_operation.end() ? "true"
                       : found->second.size() == 1         ? found->second[0]
                                                           : "(" + join(found->second, ") OR (") + ")";
    std::string upper = operation;
    for (auto& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    const std::string body = operation == "insert"   ? "WITH CHECK (" + test + ")"
                             : operation == "update" ? "USING (" + test + ") WITH CHECK (" + test + ")"
                                                     : "USING (" + test + ")";
    table.after(fmt::format("CREATE POLICY {} ON {}{} FOR {} {};", ident(table.name + "_" + operation + "_allowed"),
                            table.sql_name(), tenant ? " AS RESTRICTIVE" : "", upper, body));
  }
  draft.assume(
      "S29",
      fmt::format("who asks is said by the application in each transaction: SET LOCAL app.user_id, SET LOCAL app.role ({})",
                  table.name),
      "");
  draft.warn("rls-owner", "Superusers and roles with BYPASSRLS see everything; a connection pool must use SET LOCAL, never SET.",
             "connect as a role that owns nothing");
}

void policies(Build& build) {
  auto& draft = build.draft;
  std::map<std::string, Allowed> tables;
  std::vector<const Statement*> everywhere;
  for (const auto& statement : build.understood.statements) {
    if (statement.meaning != Meaning::policy || statement.negated) continue;
    if (statement.subject.empty()) {
      everywhere.push_back(&statement);
      continue;
    }
    because(build, statement);
    const std::string where = answer_about(build, statement.subject, "policy-where", "rls");
    Table* table = draft.find(statement.subject);
    if (where == "application") {
      draft.elsewhere(statement.paraphrase + " The application looks at it, as was decided.");
      continue;
    }
    if (table == nullptr) {
      draft.warn("no-table-" + statement.subject, "There is no table of " + statement.subject + " whose rows could be protected.",
                 "describe it first");
      continue;
    }
    const std::string condition = condition_of(draft, *table, statement);
    for (const auto& operation : statement.names)
      tables[table->schema + "." + table->name].by_operation[operation].push_back(condition);
  }
  for (auto& [name, allowed] : tables) {
    Table* table = draft.find(name);
    if (table == nullptr) continue;
    for (const auto* statement : everywhere) {
      for (auto& [operation, conditions] : allowed.by_operation) {
        const bool named = std::ranges::find(statement->names, operation) != statement->names.end();
        const std::string condition = role_is(singular_of(statement->role));
        if (named && std::ranges::find(conditions, condition) == conditions.end()) conditions.push_back(condition);
      }
    }
    write_policies(draft, *table, allowed);
  }
  if (tables.empty() && !everywhere.empty())
    draft.assume("S29", "who may do everything needs no policy: nothing is restricted for others",
                 "say what others may do: `allow staff: read booking of own company`");
}

// "status is shipped", "tracking_no must be set", "kind is staff": one side of an implication; "" unread.
std::string side_of(const Table& table, std::string text) {
  text = replace_all(replace_all(text, " must be ", " is "), " has to be ", " is ");
  const auto is = text.find(" is ");
  if (is == std::string::npos) return "";
  std::string column(trim(text.substr(0, is))), value(trim(text.substr(is + 4)));
  column = replace_all(column, " ", "_");
  if (column.starts_with("the_")) column = column.substr(4);
  if (!table.has(column)) return "";
  if (value == "set" || value == "given" || value == "present" || value == "required" || value == "filled")
    return ident(column) + " IS NOT NULL";
  if (value == "empty" || value == "missing" || value == "null" || value == "not set") return ident(column) + " IS NULL";
  if (value == "true" || value == "false") return (value == "true" ? "" : "NOT ") + ident(column);
  if (value.empty()) return "";
  return ident(column) + " = " + literal(value);
}

void implication(Build& build, const Statement& statement) {
  auto& draft = build.draft;
  std::string subject = statement.subject;
  if (subject.empty()) {
    // Of the one table that has the column.
    const std::string word = replace_all(statement.condition.substr(0, statement.condition.find(" is ")), " ", "_");
    size_t found = 0;
    for (const auto& known : draft.current().tables()) {
      if (known.column(word) != nullptr) subject = known.schema + "." + known.name, ++found;
    }
    for (const auto* made : draft.made_tables()) {
      if (made->has(word)) subject = made->name, ++found;
    }
    if (found > 1) subject.clear();
  }
  Table* table = subject.empty() ? nullptr : draft.find(subject);
  const std::string left = table == nullptr ? "" : side_of(*table, statement.condition),
                    right = table == nullptr ? "" : side_of(*table, statement.action);
  if (left.empty() || right.empty()) {
    draft.warn("implication", "Understood, and not written as a rule: " + statement.paraphrase,
               "say it with columns that are there: `if status is shipped then shipped_at must be set`");
    return;
  }
  const std::string ways =
      answer_about(build, statement.subject.empty() ? "rule" : statement.subject, "implication-both-ways", "both");
  std::string about(trim(statement.action.substr(0, statement.action.find(' '))));
  table->check(about, ways == "both" ? "exactly_when" : "when",
               ways == "both" ? "(" + left + ") = (" + right + ")" : "NOT (" + left + ") OR (" + right + ")",
               "Said: " + statement.paraphrase);
  if (table->existing)
    draft.warn("existing-rows-" + table->name, "Rows that break the new rule would make the migration stop.",
               fmt::format("SELECT count(*) FROM {} WHERE NOT (({}) = ({}))", table->sql_name(), left, right));
}

}  // namespace

void build_subtypes(Build& build) {
  std::map<std::string, std::vector<std::string>> kinds;
  for (const auto& statement : build.understood.statements) {
    if (statement.meaning != Meaning::subtype || statement.negated || statement.object.empty()) continue;
    because(build, statement);
    auto& list = kinds[statement.object];
    if (!statement.subject.empty() && std::ranges::find(list, statement.subject) == list.end()) list.push_back(statement.subject);
  }
  for (const auto& [parent, names] : kinds) {
    if (answer_about(build, parent, "kinds-exclusive", "one") == "several") {
      for (const auto& name : names) {
        const auto target = build.draft.target(parent);
        Table& part = build.draft.table(name);
        part.reference(target.one + "_id", target, OnDelete::cascade, true, "Of " + parent, false);
        part.unique({target.one + "_id"}, "One each; one may be several kinds at once");
        if (!part.existing) part.id().created_at();
      }
    } else {
      make_subtypes(build.draft, parent, names);
    }
  }
}

void build_policies(Build& build) {
  for (const auto& statement : build.understood.statements) {
    if (statement.meaning == Meaning::implication && !statement.negated) {
      because(build, statement);
      implication(build, statement);
    }
  }
  policies(build);
}

}  // namespace pga::design
