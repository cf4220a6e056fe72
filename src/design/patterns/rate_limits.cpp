// How often somebody may do something.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/partitions.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  const std::string limit = statement.count ? std::to_string(*statement.count) : "100";
  const std::string kind = choose(
      draft, "rate-limit-kind", "What is counted?",
      {{"window", "by whole minutes", "One row a subject and minute; at the change of minutes twice as much gets through."},
       {"bucket", "a bucket that refills", "One row a subject; smooth, exact, and that row is hot."}},
      "Simple, and rows of the past just go.", 2);
  Table& table = draft.table(kind == "window" ? "rate_window" : "rate_bucket");
  table.text("subject", 1, 200, true, "'user:42', 'ip:192.0.2.1', 'login:ann@example.org'");
  if (kind == "window") {
    table.column({"window_start", "timestamptz", true, "", "The beginning of the minute"});
    table.column({"hits", "integer", true, "DEFAULT 1", ""});
    table.check("hits", "range", "hits BETWEEN 1 AND 1000000");
    table.key({"subject", "window_start"});
    table.index({"window_start"}, "the purge of what is over");
    draft.query("Count, if it is allowed: no row back means refused",
                fmt::format("INSERT INTO {0} AS w (subject, window_start) VALUES ($1, date_trunc('minute', now())) ON CONFLICT "
                            "(subject, window_start) DO UPDATE SET hits = w.hits + 1 WHERE w.hits < {1} RETURNING hits",
                            table.sql_name(), limit),
                table.name + "_pkey");
    draft.query("Every hour: what is over goes",
                "DELETE FROM " + table.sql_name() + " WHERE window_start < now() - interval '1 hour'",
                "idx_" + table.name + "_window_start");
  } else {
    table.column({"tokens", "double precision", true, "", "What is left"});
    table.check("tokens", "range", "tokens BETWEEN 0 AND " + limit);
    table.column({"refilled_at", "timestamptz", true, "DEFAULT now()", ""});
    table.key({"subject"});
    draft.query(
        "Take one, if there is one: no row back means refused",
        fmt::format("INSERT INTO {0} AS b (subject, tokens) VALUES ($1, {1} - 1) ON CONFLICT (subject) DO UPDATE SET tokens = "
                    "least({1}, b.tokens + extract(epoch FROM now() - b.refilled_at) * {1} / 60) - 1, refilled_at = now() WHERE "
                    "least({1}, b.tokens + extract(epoch FROM now() - b.refilled_at) * {1} / 60) >= 1 RETURNING tokens",
                    table.sql_name(), limit),
        table.name + "_pkey");
  }
  table.says("How often, lately");
  draft.warn(
      "unlogged",
      table.name + " may be made UNLOGGED (ALTER TABLE … SET UNLOGGED): half the writing; a crash forgets the last minutes.", "");
  Table& attempts = draft.table("login_attempt");
  attempts.column({"id", "bigint", true, "GENERATED ALWAYS AS IDENTITY", ""});
  attempts.column({"at", "timestamptz", true, "DEFAULT now()", ""});
  attempts.text("subject", 1, 254, true, "What was typed as the name, in small letters: also what is no account");
  attempts.column({"ip", "inet", true, "", "Personal"});
  attempts.column({"ok", "boolean", true, "", ""});
  attempts.key({"at", "id"});
  attempts.index({"subject", "at DESC"}, "failures of one name in the last minutes", "NOT ok");
  attempts.index({"ip", "at DESC"}, "failures from one address", "NOT ok");
  attempts.says("Who tried to sign in");
  partition_by_time(draft, attempts, {.column = "at", .step = "day", .ahead = 7, .keep_days = 30});
  draft.query("How often it failed in the last 15 minutes",
              "SELECT count(*) FROM " + attempts.sql_name() +
                  " WHERE subject = lower($1) AND NOT ok AND at > now() - interval '15 minutes'",
              "idx_" + attempts.name + "_subject_at");
  draft.warn("limit-in-database", "Every refused request is a write: a cache counts cheaper where there is one.", "");
  draft.warn("lockout", "Who locks accounts after failures lets anybody lock out anybody.",
             "slow down by name and address; never lock for long");
}

}  // namespace

extern const Pattern pattern_rate_limits;
const Pattern pattern_rate_limits = {"rate-limits", "Rate limits by fixed windows, and failed sign-ins", &build};

}  // namespace pga::design
