// Measurements: many, in order of time, kept as long as said, summed by the hour.
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
  std::string what = first_known(draft, {statement.subject, "sensor", "device", "meter", "station"});
  if (what.empty()) what = statement.subject.empty() ? "sensor" : statement.subject;
  const auto sensor = draft.target(what);
  const std::string on = sensor.one + "_id";
  const std::string kind =
      choose(draft, "readings-shape", "What does a row hold?",
             {{"wide", "all that a " + spoken(sensor.one) + " measures at one time",
               "A row for each time: fewer rows, one index entry for all values; a new measure is a new column."},
              {"narrow", "one value of one measure", "Any measure without a change; as many rows and index entries as values."}},
             "What is measured is known, and rows are what costs: about 24 bytes of header each.", 3);
  const std::string kept = choose(draft, "readings-retention", "How long are single readings kept?",
                                  {{"90-days", "90 days, sums for ever",
                                    "Old partitions are dropped in milliseconds; questions about last year read the sums."},
                                   {"13-months", "13 months, sums for ever", "Four times the storage."},
                                   {"for-ever", "for ever", "It grows without end."}},
                                  "Single readings are asked for while they are new.", 2);
  Table& readings = draft.table("reading");
  readings.column({on, sensor.types[0], true, "",
                   "No foreign key: it would be checked for every row; the application writes only what it knows"});
  readings.column({"at", "timestamptz", true, "", "When it was measured; the partition's key"});
  if (kind == "narrow") readings.text("metric", 1, 60, true, "'temperature'");
  readings.column({kind == "narrow" ? "value" : "temperature", "double precision", kind == "narrow", "",
                   kind == "narrow" ? "" : "In °C; add a column for each measure"});
  readings.check(kind == "narrow" ? "value" : "temperature", "number",
                 std::string(kind == "narrow" ? "value" : "temperature") + " NOT IN ('NaN', 'Infinity', '-Infinity')",
                 "NaN is greater than everything, and makes each sum NaN");
  readings.key(kind == "narrow" ? std::vector<std::string>{on, "metric", "at"} : std::vector<std::string>{on, "at"});
  readings.special_index({"idx_" + readings.name + "_at", false, "USING brin (at)",
                          "readings of a time: a few kilobytes, because rows come in order of time"});
  readings.says("What was measured");
  partition_by_time(draft, readings,
                    {.column = "at",
                     .step = "day",
                     .ahead = 7,
                     .keep_days = kept == "90-days"     ? 90
                                  : kept == "13-months" ? 396
                                                        : 0});
  Table& hours = draft.table("reading_hour");
  hours.reference(on, sensor, OnDelete::cascade, true, "", false);
  std::vector<std::string> key = {on};
  if (kind == "narrow") {
    hours.text("metric", 1, 60);
    key.emplace_back("metric");
  }
  const std::string value = kind == "narrow" ? "value" : "temperature";
  hours.column({"hour", "timestamptz", true, "", "Its beginning"});
  hours.check("hour", "whole", "hour = date_trunc('hour', hour, 'UTC')");
  hours.column({"readings", "bigint", true, "", "How many"});
  for (const char* name : {"total", "low", "high"})
    hours.column(
        {name, "double precision", true, "", std::string(name) == "total" ? "Sum: the average is total / readings" : ""});
  key.emplace_back("hour");
  hours.key(key);
  hours.says("Readings by the hour, kept longer");
  const std::string metric = kind == "narrow" ? "metric, " : "";
  function(
      draft, "readings_sum_up", "since timestamptz", "timestamptz",
      fmt::format(
          "RETURNS bigint\n  LANGUAGE plpgsql\n  SET search_path = pg_catalog, pg_temp\n  AS $$\nDECLARE\n  done "
          "bigint;\nBEGIN\n  -- Whole hours are made again: late readings are counted, running it twice "
          "changes nothing.\n  INSERT INTO {1} ({2}, {4}hour, readings, total, low, high)\n    SELECT {2}, {4}date_trunc('hour', "
          "at, 'UTC'), count(*), sum({3}), min({3}), max({3}) FROM {0}\n    WHERE at >= "
          "date_trunc('hour', since, 'UTC') AND {3} IS NOT NULL AND {2} IN (SELECT {6} FROM {5}) GROUP BY {2}, "
          "{4}date_trunc('hour', at, 'UTC')\n    ON CONFLICT ({2}, {4}hour) DO UPDATE SET readings = excluded.readings, total = "
          "excluded.total, low = excluded.low, high = excluded.high;\n  GET DIAGNOSTICS done = ROW_COUNT;\n  RETURN "
          "done;\nEND\n$$",
          qualified(readings), qualified(hours), ident(on), value, metric,
          sensor.table.find('.') == std::string::npos ? ident(readings.schema) + "." + sensor.table : sensor.table,
          ident(sensor.key.empty() ? "id" : sensor.key[0])),
      "Makes the hourly sums from then on again; call it every few minutes with the time of the oldest reading that may come "
      "late");
  Table& latest = draft.table("latest_reading");
  latest.reference(on, sensor, OnDelete::cascade, true, "", false);
  latest.column({"at", "timestamptz", true, "", ""});
  if (kind == "narrow") latest.text("metric", 1, 60);
  latest.column({value, "double precision", kind == "narrow", "", ""});
  latest.key(kind == "narrow" ? std::vector<std::string>{on, "metric"} : std::vector<std::string>{on});
  latest.storage = "WITH (fillfactor = 50)";
  latest.says("The last reading of each, for the wall: one row, not a search in millions");
  draft.query("The readings of one " + spoken(sensor.one) + " today",
              fmt::format("SELECT at, {} FROM {} WHERE {} = $1 AND at >= current_date ORDER BY at", value, readings.sql_name(),
                          ident(on)),
              readings.name + "_pkey");
  draft.query(
      "Averages by the hour",
      fmt::format("SELECT hour, total / readings FROM {} WHERE {} = $1 AND hour >= now() - interval '30 days' ORDER BY hour",
                  hours.sql_name(), ident(on)),
      hours.name + "_pkey");
  draft.query("The last value, kept up",
              kind == "narrow"
                  ? fmt::format("INSERT INTO {0} AS l ({1}, metric, at, value) VALUES ($1, $2, $3, $4) ON CONFLICT ({1}, metric) "
                                "DO UPDATE SET at = excluded.at, value = excluded.value WHERE l.at < excluded.at",
                                latest.sql_name(), ident(on))
                  : fmt::format("INSERT INTO {0} AS l ({1}, at, temperature) VALUES ($1, $2, $3) ON CONFLICT ({1}) DO UPDATE SET "
                                "at = excluded.at, temperature = excluded.temperature WHERE l.at < excluded.at",
                                latest.sql_name(), ident(on)),
              latest.name + "_pkey");
  draft.warn("row-by-row", "One INSERT a reading costs a round trip each: send them by the hundred, or by COPY.", "");
}

}  // namespace

extern const Pattern pattern_time_series;
const Pattern pattern_time_series = {"time-series", "Readings partitioned by time, sums by the hour, the latest of each", &build};

}  // namespace pga::design
