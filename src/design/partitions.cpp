#include "design/partitions.h"

#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"

namespace pga::design {

void partition_by_time(Draft& draft, Table& table, const Partitions& partitions) {
  if (table.existing || !table.storage.empty()) return;
  const std::string name = table.name, column = ident(partitions.column);
  table.storage = "PARTITION BY RANGE (" + column + ")";
  const std::string format = partitions.step == "day" ? "YYYYMMDD" : "YYYYMM";
  const std::string make = ident(name + "_make_partitions"), drop = ident(name + "_drop_partitions");
  const std::string qualified = table.schema + "." + table.name;
  table.after(fmt::format(
      R"(-- Makes the partitions from now to {ahead} {step}s ahead; harmless to call again. UTC, so that bounds do not move with the season.
CREATE FUNCTION {make}(ahead integer DEFAULT {ahead}) RETURNS integer
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
  SET timezone = 'UTC'
  AS $$
DECLARE
  low timestamptz := date_trunc('{step}', now());
  high timestamptz;
  part text;
  made integer := 0;
BEGIN
  FOR i IN 0 .. ahead LOOP
    high := low + interval '1 {step}';
    part := {bare} || '_' || to_char(low, '{format}');
    IF to_regclass(format('%I.%I', {schema}, part)) IS NULL THEN
      EXECUTE format('CREATE TABLE %I.%I PARTITION OF %I.%I FOR VALUES FROM (%L) TO (%L)', {schema}, part, {schema}, {bare}, low, high);
      made := made + 1;
    END IF;
    low := high;
  END LOOP;
  RETURN made;
END
$$;
COMMENT ON FUNCTION {make}(integer) IS 'Call it once a day (cron, pg_cron, the job queue): rows for a time without partition are refused';)",
      fmt::arg("ahead", partitions.ahead), fmt::arg("step", partitions.step), fmt::arg("make", make), fmt::arg("format", format),
      fmt::arg("bare", literal(table.name)), fmt::arg("schema", literal(table.schema))));
  draft.cause(name + "_make_partitions");
  table.after("SELECT " + make + "();");
  if (partitions.keep_days > 0) {
    table.after(fmt::format(
        R"(-- Drops the partitions whose rows are all older than that: no row is read, and no space is left to be reclaimed.
CREATE FUNCTION {drop}(keep interval DEFAULT interval '{days} days') RETURNS integer
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
  SET timezone = 'UTC'
  AS $$
DECLARE
  part record;
  dropped integer := 0;
BEGIN
  IF keep IS NULL OR keep < interval '0' THEN
    RAISE EXCEPTION 'the time to keep must not be negative, but it is %', keep;
  END IF;
  FOR part IN
    SELECT c.oid::regclass AS name,
           (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \(''([^'']+)''\)'))[1]::timestamptz AS high
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = {qualified}::regclass
  LOOP
    CONTINUE WHEN part.high IS NULL OR part.high > now() - keep;
    EXECUTE format('DROP TABLE %s', part.name);
    dropped := dropped + 1;
  END LOOP;
  RETURN dropped;
END
$$;
COMMENT ON FUNCTION {drop}(interval) IS 'Call it once a day; returns the number of partitions dropped';)",
        fmt::arg("drop", drop), fmt::arg("days", partitions.keep_days), fmt::arg("qualified", literal(qualified))));
    draft.cause(name + "_drop_partitions");
    draft.query("Once a day: drop what is older than " + std::to_string(partitions.keep_days) + " days",
                "SELECT " + name + "_drop_partitions()", name + "_drop_partitions");
  }
  draft.query("Once a day: partitions ahead", "SELECT " + name + "_make_partitions()", name + "_make_partitions");
  draft.assume("A1",
               name + " is partitioned by " + partitions.step + " of " + partitions.column +
                   ": old rows go by dropping a partition, not by DELETE",
               "say `" + name + " is not partitioned`");
  draft.warn(
      "partition-maintenance",
      "Rows of " + name + " are refused when no partition is there for their time: the function that makes them must be called",
      "call " + name + "_make_partitions() daily, and alarm when the newest partition ends within a week");
}

}  // namespace pga::design
