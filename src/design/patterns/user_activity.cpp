// What people do, logged: append-only, partitioned by time, with retention.
#include <fmt/format.h>

#include <algorithm>

#include "base/quote.h"
#include "design/audit.h"
#include "design/partitions.h"
#include "design/pattern.h"

namespace pga::design {
namespace {

void activity(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  const auto users = draft.people();
  long long days = 0;
  for (const auto& other : build.understood.statements) {
    const bool about = other.meaning == request::Meaning::retain && singular_of(other.subject) == "activity";
    if (about && other.count) days = *other.count;
  }
  if (days == 0) {
    const std::string kept = draft.decide(
        {.id = "activity-retention",
         .question = "How long is the activity kept?",
         .options = {{"90-days", "90 days",
                      "Three monthly partitions and the current one; older ones are dropped in milliseconds."},
                     {"13-months", "13 months", "A year can be compared with the one before; four times the storage."},
                     {"for-ever", "for ever", "It grows without end; personal data needs a reason for every day it is kept."}},
         .recommended = 0,
         .reason = "It is personal data: keep what questions need, and say how long.",
         .weight = 2,
         .span = {},
         .decided = {},
         .by = {}});
    days = kept == "90-days" ? 90 : kept == "13-months" ? 396 : 0;
  }
  Table& table = draft.table(statement.object.empty() ? "activity" : statement.object);
  table.column({"id", "bigint", true, "GENERATED ALWAYS AS IDENTITY", ""});
  table.column({"at", "timestamptz", true, "DEFAULT now()", "When it happened; the partition's key"});
  table.key({"at", "id"});
  table.reference(users.one + "_id", users, OnDelete::set_null, false,
                  "Who did it; NULL when nobody was signed in, or the account is gone", false);
  table.text("kind", 1, 60, true, "What was done: 'event.viewed', 'ticket.bought'");
  table.check("kind", "shape", "kind ~ '^[a-z0-9_]+([.][a-z0-9_]+)*$'");
  table.text("subject", 0, 200, false, "On what: 'event:42'. Text and no foreign key: the log outlives what it tells of");
  table.column({"ip", "inet", false, "", "Personal; leave it out when no question needs it"});
  table.column({"props", "jsonb", true, "DEFAULT '{}'", "What only this kind of activity has"});
  table.check("props", "object", "jsonb_typeof(props) = 'object'");
  table.index({users.one + "_id", "at DESC"}, "what one person did, newest first; the check when the account goes",
              ident(users.one + "_id") + " IS NOT NULL");
  table.index({"kind", "at DESC"}, "how often something was done, in a time");
  table.says("What people do, as it happens; written by the application, never changed");
  partition_by_time(draft, table,
                    {.column = "at", .step = days > 0 && days <= 31 ? "day" : "month", .ahead = 3, .keep_days = days});
  draft.query("What one person did",
              fmt::format("SELECT at, kind, subject FROM {} WHERE {} = $1 ORDER BY at DESC LIMIT 50", table.sql_name(),
                          ident(users.one + "_id")),
              fmt::format("idx_{}_{}_id_at", table.name, users.one));
  draft.query(
      "How often something was done, by day",
      fmt::format("SELECT date_trunc('day', at) AS day, count(*) FROM {} WHERE kind = $1 AND at >= now() - interval '7 days' "
                  "GROUP BY 1 ORDER BY 1",
                  table.sql_name()),
      fmt::format("idx_{}_kind_at", table.name));
  draft.warn(
      "personal-data", table.name + " holds personal data (who, when, from which address).",
      days > 0 ? "the retention is part of the design; name it in the privacy notice" : "decide how long it is kept, and why");
  draft.warn("write-cost", "Each row of " + table.name + " writes its table and three indexes: keep out what nobody asks for.",
             "");
}

void build(Build& build, const request::Statement& statement) {
  std::string which = "activity";
  for (const auto& decision : build.understood.decisions) {
    if (decision.id == "activity-or-audit") which = build.draft.decide(decision);
  }
  if (which != "audit") activity(build, statement);
  if (which != "activity") {
    std::vector<std::string> tables;
    for (const auto& table : build.draft.current().tables()) {
      if (table.schema == build.draft.current().habits().schema) tables.push_back(table.schema + "." + table.name);
    }
    audit_tables(build.draft, tables);
  }
}

}  // namespace

extern const Pattern pattern_user_activity;
const Pattern pattern_user_activity = {"user-activity", "What people do, partitioned by time, kept as long as said", &build};

}  // namespace pga::design
