// What goes through states, by ways that are allowed, with its history.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  const std::string what = statement.subject.empty()
                               ? first_known(draft, {"request", "order", "document", "expense", "application", "invoice"})
                               : statement.subject;
  Table& table = thing(draft, what.empty() ? "request" : what);
  const auto target = draft.target(table.schema + "." + table.name);
  const std::string one = target.one,
                    column = table.has("status") && table.find("status") == nullptr ? "approval_status" : "status";
  const std::string kind = choose(draft, one + "-ways", "Where do the allowed ways stand?",
                                  {{"table", "in a table", "People can add ways; a trigger looks them up (some microseconds)."},
                                   {"trigger", "in a trigger", "The ways are code, and change with a migration."}},
                                  "Approvals change with the organisation.", 2);
  table.one_of(column, {"draft", "submitted", "approved", "rejected"}, "draft", true, "Where it is");
  table.column({"approved_at", "timestamptz", false, "", ""});
  table.check("approved_at", "given", "(" + column + " = 'approved') = (approved_at IS NOT NULL)",
              "Both directions: neither without the other");
  const std::string name = table.name + "_" + column + "_way";
  std::string allowed;
  if (kind == "table") {
    Table& ways = draft.table(one + "_transition");
    ways.column({"from_status", "text", true, "", ""});
    ways.column({"to_status", "text", true, "", ""});
    ways.key({"from_status", "to_status"});
    ways.check("", "moves", "from_status <> to_status");
    ways.says("The ways that are allowed");
    const bool fresh = !ways.existing;
    if (fresh) {
      draft.data("the usual ways",
                 fmt::format("INSERT INTO {} (from_status, to_status) VALUES ('draft', 'submitted'), ('submitted', 'approved'), "
                             "('submitted', 'rejected'), ('rejected', 'draft') ON CONFLICT DO NOTHING",
                             ways.sql_name()));
      draft.warn("workflow-ways", "Until the ways are in " + ways.name + " nothing moves.",
                 fmt::format("INSERT INTO {} (from_status, to_status) VALUES ('draft', 'submitted'), ('submitted', 'approved'), "
                             "('submitted', 'rejected'), ('rejected', 'draft')",
                             ways.sql_name()));
    }
    allowed = fmt::format("EXISTS (SELECT FROM {} WHERE from_status = OLD.{} AND to_status = NEW.{})", qualified(ways),
                          ident(column), ident(column));
  } else {
    allowed = fmt::format(
        "(OLD.{0}, NEW.{0}) IN (('draft', 'submitted'), ('submitted', 'approved'), ('submitted', 'rejected'), ('rejected', "
        "'draft'))",
        ident(column));
  }
  Table& steps = thing(draft, one + "_status_change");
  steps.reference(one + "_id", target, OnDelete::cascade, true, "", false);
  steps.text("from_status", 1, 60);
  steps.text("to_status", 1, 60);
  steps.text("by_whom", 1, 200, false, "As the application says it: SET LOCAL app.user_id");
  steps.index({one + "_id", "created_at"}, "how it came to be where it is");
  refuse_changes(draft, steps, "UPDATE");
  steps.says("Every step, when, and by whom");
  trigger_function(
      draft, name,
      fmt::format(
          "BEGIN\n  IF NOT {0} THEN\n    RAISE EXCEPTION '{1}: no way from % to %', OLD.{2}, NEW.{2} USING ERRCODE = "
          "'check_violation', CONSTRAINT = '{1}';\n  END IF;\n  INSERT INTO {3} ({4}_id, from_status, to_status, by_whom) VALUES "
          "(NEW.{5}, OLD.{2}, NEW.{2}, nullif(current_setting('app.user_id', true), ''));\n  RETURN NEW;\nEND",
          allowed, name, ident(column), qualified(steps), one, ident(target.key[0])),
      "only allowed ways, each written down");
  trigger(table, name, "BEFORE UPDATE OF " + ident(column),
          fmt::format("FOR EACH ROW WHEN (OLD.{0} IS DISTINCT FROM NEW.{0})", ident(column)), name);
  table.index({column}, "what waits for an approval", column + " = 'submitted'");
  draft.query("What waits", fmt::format("SELECT * FROM {} WHERE {} = 'submitted'", table.sql_name(), ident(column)),
              "idx_" + table.name + "_" + column);
  draft.query("How it came here",
              fmt::format("SELECT from_status, to_status, by_whom, created_at FROM {} WHERE {}_id = $1 ORDER BY created_at",
                          steps.sql_name(), one),
              "idx_" + steps.name + "_" + one + "_id_created_at");
}

}  // namespace

extern const Pattern pattern_workflow;
const Pattern pattern_workflow = {"workflow", "States, allowed ways between them, and who went them when", &build};

}  // namespace pga::design
