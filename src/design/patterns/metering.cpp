// Usage as it happens, each event once, with sums by the hour to bill from.
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
  const std::string buyer =
      first_known(draft, {statement.subject, "organisation", "organization", "tenant", "company", "customer"});
  const auto customers = buyer.empty() ? draft.people() : draft.target(buyer);
  const std::string who = customers.one + "_id";
  const std::string kind =
      choose(draft, "usage-detail", "How much is kept?",
             {{"raw", "every event, and hourly sums", "A bill can be explained and made again; the raw rows go by the month."},
              {"sums", "hourly sums only",
               "A hundredth of the rows; a disputed bill cannot be explained, and what is sent twice counts twice."}},
             "Who pays asks what for.", 3);
  Table& sums = draft.table("usage_hour");
  sums.reference(who, customers, OnDelete::cascade, true, "", false);
  sums.text("meter", 1, 60, true, "'api_calls'");
  sums.column({"hour", "timestamptz", true, "", "Its beginning"});
  sums.check("hour", "whole", "hour = date_trunc('hour', hour, 'UTC')");
  sums.column({"qty", "numeric(20,6)", true, "DEFAULT 0", ""});
  sums.key({who, "meter", "hour"});
  sums.storage = "WITH (fillfactor = 70)";
  sums.says("Usage by the hour: what bills are made of");
  if (kind == "raw") {
    Table& events = draft.table("usage_event");
    events.column({who, customers.types[0], true, "", "No foreign key: a customer that goes must not scan all partitions"});
    events.text("meter", 1, 60, true, "What is counted");
    events.column({"at", "timestamptz", true, "DEFAULT now()", "When it happened; the partition's key"});
    events.column({"qty", "numeric(20,6)", true, "DEFAULT 1", ""});
    events.check("qty", "range", "qty > 0 AND qty < 'Infinity'");
    events.text("dedupe_key", 1, 100, true, "Of the sender: the same event, sent again, is refused");
    events.key({who, "dedupe_key", "at"});
    events.index({"at"}, "the hourly sums: what came since");
    events.says("Usage as it happened, written once");
    partition_by_time(draft, events, {.column = "at", .step = "month", .ahead = 3, .keep_days = 396});
    function(draft, "usage_sum_up", "since timestamptz", "timestamptz",
             fmt::format("RETURNS bigint\n  LANGUAGE plpgsql\n  SET search_path = pg_catalog, pg_temp\n  AS $$\nDECLARE\n  done "
                         "bigint;\nBEGIN\n  -- Whole hours are made again: what comes late is counted, and running "
                         "it twice changes nothing.\n  INSERT INTO {1} ({2}, meter, hour, qty)\n    SELECT {2}, meter, "
                         "date_trunc('hour', at, 'UTC'), sum(qty) FROM {0} WHERE at >= date_trunc('hour', since, "
                         "'UTC') GROUP BY 1, 2, 3\n    ON CONFLICT ({2}, meter, hour) DO UPDATE SET qty = excluded.qty;\n  GET "
                         "DIAGNOSTICS done = ROW_COUNT;\n  RETURN done;\nEND\n$$",
                         qualified(events), qualified(sums), ident(who)),
             "Makes the hourly sums from then on again; call it every few minutes with the time of the oldest event that may "
             "come late");
    draft.query("Count, once",
                "INSERT INTO " + events.sql_name() + " (" + ident(who) +
                    ", meter, at, qty, dedupe_key) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
                events.name + "_pkey");
    draft.warn("dedupe-time",
               "The key against doubles holds the time as well (a partition's key must be in it): the same event with another "
               "time is another event.",
               "the sender keeps the time of an event when it sends it again");
  } else {
    draft.query("Count",
                fmt::format("INSERT INTO {0} AS s ({1}, meter, hour, qty) VALUES ($1, $2, date_trunc('hour', now(), 'UTC'), $3) "
                            "ON CONFLICT ({1}, meter, hour) DO UPDATE SET qty = s.qty + excluded.qty",
                            sums.sql_name(), ident(who)),
                sums.name + "_pkey");
    draft.warn("usage-double", "Nothing tells that the same event was counted before.", "keep the raw events");
  }
  draft.query("The bill of a month",
              fmt::format("SELECT meter, sum(qty) FROM {} WHERE {} = $1 AND hour >= $2 AND hour < $3 GROUP BY meter",
                          sums.sql_name(), ident(who)),
              sums.name + "_pkey");
}

}  // namespace

extern const Pattern pattern_metering;
const Pattern pattern_metering = {"metering", "Usage events with keys against doubles, and hourly sums", &build};

}  // namespace pga::design
