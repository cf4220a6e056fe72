// Sums that are read often, made ahead.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  std::string what = statement.subject.empty() ? first_known(draft, {"order", "sale", "payment", "invoice", "booking", "event"})
                                               : first_known(draft, {statement.subject});
  if (what.empty()) what = first_known(draft, {"order", "sale", "payment", "invoice", "booking", "event"});
  Table& table = thing(draft, what.empty() ? "order" : what);
  std::string at, amount;
  for (const char* name : {"placed_at", "paid_at", "issued_at", "at", "created_at", "starts_at"}) {
    if (at.empty() && table.has(name)) at = name;
  }
  for (const char* name : {"total", "amount", "price", "line_total"}) {
    if (amount.empty() && table.has(name)) amount = name;
  }
  if (at.empty()) {
    draft.warn("no-time-" + table.name, "Nothing in " + table.name + " tells when it happened: no sum by day can be made.",
               "add created_at, then say it again");
    return;
  }
  const std::string one = singular_of(table.name);
  const std::string kind =
      choose(draft, one + "-report", "How are the sums made?",
             {{"rollup", "a table of daily sums, made again for the last days",
               "Each run reads only what is new; old days stay as they were reported."},
              {"matview", "a materialised view", "Any query, whole and consistent; each refresh reads everything."},
              {"query", "by a query, with an index", "Nothing to keep true; every look reads all rows of its time."}},
             "Time goes on: what is over does not have to be read again.", 3);
  table.index({at}, "sums of a time");
  const std::string sum = amount.empty() ? "" : ", coalesce(sum(" + ident(amount) + "), 0) AS total";
  const std::string day = "(" + ident(at) + " AT TIME ZONE 'UTC')::date";
  if (kind == "query") {
    draft.query("By day",
                fmt::format("SELECT {} AS day, count(*) AS number{} FROM {} WHERE {} >= $1 GROUP BY 1 ORDER BY 1", day, sum,
                            table.sql_name(), ident(at)),
                "idx_" + table.name + "_" + at);
    return;
  }
  if (kind == "matview") {
    const std::string view = one + "_daily";
    draft.behind(view, fmt::format("CREATE MATERIALIZED VIEW {0} AS\n  SELECT {1} AS day, count(*) AS number{2} FROM {3} GROUP "
                                   "BY 1;\nCOMMENT ON MATERIALIZED VIEW {0} IS 'Sums by day (UTC); refreshed by a job';\n-- A "
                                   "refresh that lets others read needs it.\nCREATE UNIQUE INDEX {4} ON {0} (day);",
                                   ident(view), day, sum, table.sql_name(), ident("idx_" + view + "_day")));
    function(draft, view + "_refresh", "", "",
             "RETURNS void\n  LANGUAGE plpgsql\n  SET search_path = pg_catalog, pg_temp\n  AS $$\nBEGIN\n  REFRESH MATERIALIZED "
             "VIEW CONCURRENTLY " +
                 ident({table.schema, view}) + ";\nEND\n$$",
             "Refreshes without stopping readers; call it every few minutes");
    draft.query("By day", "SELECT day, number FROM " + ident(view) + " WHERE day >= $1 ORDER BY day", "idx_" + view + "_day");
    draft.warn("matview-stale", "It shows what was there at the last refresh.", "say beside the report of when it is");
    return;
  }
  Table& daily = draft.table(one + "_day");
  daily.column({"day", "date", true, "", "UTC"});
  daily.column({"number", "bigint", true, "", "How many"});
  if (!amount.empty()) daily.column({"total", "numeric(20,2)", true, "", "Sum of " + amount});
  daily.key({"day"});
  daily.says("Sums of " + table.name + " by day: what reports read");
  const std::string total = amount.empty() ? "" : ", total", set = amount.empty() ? "" : ", total = excluded.total";
  function(draft, daily.name + "_refresh", "since date DEFAULT current_date - 2", "date",
           fmt::format("RETURNS bigint\n  LANGUAGE plpgsql\n  SET search_path = pg_catalog, pg_temp\n  AS $$\nDECLARE\n  done "
                       "bigint;\nBEGIN\n  -- Whole days are made again: running it twice changes nothing, and days that lost all "
                       "their rows go.\n  DELETE FROM {0} d WHERE day >= since "
                       "AND NOT EXISTS (SELECT FROM {1} t WHERE t.{2} >= d.day::timestamp AT TIME ZONE 'UTC' AND t.{2} < (d.day "
                       "+ 1)::timestamp AT TIME ZONE 'UTC');\n  INSERT INTO {0} (day, number{3})\n    SELECT {4}, count(*){5} "
                       "FROM {1} WHERE {2} >= since::timestamp AT TIME ZONE 'UTC' GROUP BY 1\n    ON CONFLICT (day) DO "
                       "UPDATE SET number = excluded.number{6};\n  GET DIAGNOSTICS done = ROW_COUNT;\n  RETURN done;\nEND\n$$",
                       qualified(daily), qualified(table), ident(at), total, day, replace_all(sum, " AS total", ""), set),
           "Makes the sums from then on again; every few minutes, and with an early date after a correction");
  if (table.existing)
    draft.data("the days that are over",
               fmt::format("INSERT INTO {} (day, number{}) SELECT {}, count(*){} FROM {} WHERE {} IS NOT NULL GROUP BY 1 ON "
                           "CONFLICT (day) DO NOTHING",
                           daily.sql_name(), total, day, replace_all(sum, " AS total", ""), table.sql_name(), ident(at)));
  draft.query("By month",
              fmt::format("SELECT date_trunc('month', day) AS month, sum(number){} FROM {} WHERE day >= $1 GROUP BY 1 ORDER BY 1",
                          amount.empty() ? "" : ", sum(total)", daily.sql_name()),
              daily.name + "_pkey");
  draft.query("Every few minutes", "SELECT " + ident(daily.name + "_refresh") + "()", daily.name + "_pkey");
  draft.warn("rollup-late",
             "What is written late, for a day before yesterday, is not in the sums until they are made again from there.",
             "call it with that day after a correction");
}

}  // namespace

extern const Pattern pattern_reporting;
const Pattern pattern_reporting = {"reporting", "Daily sums by batch, or a materialised view", &build};

}  // namespace pga::design
