// Changes of what exists; what belongs to the application; and what was understood and is not designed: said, never swallowed.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/build.h"
#include "design/columns.h"

namespace pga::design {

using request::Meaning;
using request::Statement;

namespace {

void change(Build& build, const Statement& statement) {
  auto& draft = build.draft;
  Table* table = draft.find(statement.subject);
  if (table == nullptr || !table->existing || statement.names.empty()) return;
  const std::string column = statement.names[0];
  if (!table->has(column)) {
    draft.warn("no-column-" + table->name + "-" + column, "There is no column " + table->name + "." + column + " to change.", "");
    return;
  }
  const std::string head = "ALTER TABLE " + table->sql_name() + " ALTER COLUMN " + ident(column);
  const std::string name = "change of " + table->name + "." + column;
  if (statement.action == "required") {
    draft.behind(name, head + " SET NOT NULL;");
    draft.warn("existing-nulls", fmt::format("Rows of {} without {} would make the migration stop.", table->name, column),
               fmt::format("SELECT count(*) FROM {} WHERE {} IS NULL", table->sql_name(), ident(column)));
  } else if (statement.action == "optional") {
    draft.behind(name, head + " DROP NOT NULL;");
  } else if (statement.action == "unique") {
    table->unique({column}, "Said: " + statement.paraphrase);
    draft.warn("existing-duplicates", fmt::format("Rows of {} that share {} would make the migration stop.", table->name, column),
               fmt::format("SELECT {0}, count(*) FROM {1} GROUP BY 1 HAVING count(*) > 1", ident(column), table->sql_name()));
  } else if (statement.action == "type" && !statement.condition.empty()) {
    Table probe(draft, table->schema, table->name, false);
    add_attribute(draft, probe, {.name = column, .type = statement.condition});
    if (const auto* made = probe.find(column))
      draft.behind(name, fmt::format("{} TYPE {} USING {}::{};", head, made->type, ident(column), made->type));
  } else if (statement.action == "longer") {
    draft.behind(name, head + " TYPE text;");
  }
}

bool handled(Meaning meaning) {
  switch (meaning) {
    case Meaning::entity:
    case Meaning::attributes:
    case Meaning::key:
    case Meaning::unique:
    case Meaning::nullability:
    case Meaning::closed_list:
    case Meaning::check:
    case Meaning::default_value:
    case Meaning::derived:
    case Meaning::determines:
    case Meaning::temporal:
    case Meaning::relation:
    case Meaning::ternary:
    case Meaning::on_delete:
    case Meaning::bound:
    case Meaning::exclude:
    case Meaning::workflow:
    case Meaning::one_flagged:
    case Meaning::immutable:
    case Meaning::at_least_one_of:
    case Meaning::access:
    case Meaning::slow:
    case Meaning::ranking:
    case Meaning::retain:
    case Meaning::personal:
    case Meaning::tenant:
    case Meaning::audit:
    case Meaning::soft_delete:
    case Meaning::pattern:
    case Meaning::rename:
    case Meaning::change:
    case Meaning::drop:
    case Meaning::partition:
    case Meaning::index:
    case Meaning::outside:
    case Meaning::withdraw:
    case Meaning::volume:
    case Meaning::policy:
    case Meaning::subtype:
    case Meaning::implication:
    case Meaning::aggregate:
    case Meaning::decide:
    case Meaning::open:
    case Meaning::convention:
      return true;
    default:
      return false;
  }
}

}  // namespace

void build_changes(Build& build) {
  for (const auto& statement : build.understood.statements) {
    if (statement.negated) continue;
    because(build, statement);
    Table* table = statement.subject.empty() ? nullptr : build.draft.find(statement.subject);
    switch (statement.meaning) {
      case Meaning::change:
        change(build, statement);
        break;
      case Meaning::drop:
        if (table == nullptr || !table->existing) break;
        if (statement.names.empty()) {
          build.draft.behind("drop of " + table->name, "DROP TABLE " + table->sql_name() + ";");
        }
        for (const auto& name : statement.names) {
          if (table->has(name))
            build.draft.behind("drop of " + table->name + "." + name,
                               "ALTER TABLE " + table->sql_name() + " DROP COLUMN " + ident(name) + ";");
        }
        break;
      case Meaning::rename:
        if (table == nullptr || !table->existing) break;
        build.draft.rename(*table, statement.names.empty() ? "" : statement.names[0], statement.name);
        break;
      default:
        break;
    }
  }
}

void build_rest(Build& build) {
  for (const auto& statement : build.understood.statements) {
    if (statement.meaning == Meaning::outside) {
      build.draft.elsewhere((statement.name.empty() ? statement.paraphrase : statement.name) +
                            ": that belongs to the application; the schema beneath it is designed here.");
    } else if (!handled(statement.meaning)) {
      build.draft.warn("not-designed", "Understood, and not designed yet: " + statement.paraphrase,
                       "add it to the schema by hand");
    }
  }
}

}  // namespace pga::design
