// What happens every week, in local time, with the dates that it makes.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  const std::string owner = first_known(draft, {statement.subject, "store", "shop", "room", "resource", "calendar"});
  const std::string kind =
      choose(draft, "recurrence-kind", "How are the dates known?",
             {{"rows", "a rule, and rows for the next months", "Single dates can be moved or cancelled; a job makes rows ahead."},
              {"rule", "the rule alone, expanded when asked",
               "No rows, no job; a moved date has no place, and every question expands."}},
             "Somebody always moves one date.", 3);
  Table& rules = thing(draft, "recurrence_rule");
  if (!owner.empty()) rules.reference(singular_of(owner) + "_id", draft.target(owner), OnDelete::cascade, true, "Of what");
  rules.text("title", 1, 200);
  rules.text("tz", 1, 60, true, "'Europe/Berlin': the clock that the times are of");
  rules.check("tz", "shape", "tz ~ '^[A-Za-z]+(/[A-Za-z0-9_+-]+)*$'");
  rules.column({"starts_local", "timestamp", true, "",
                "The first one, on that clock: local time on purpose, it stays when summer time changes"});
  rules.column({"duration", "interval", true, "", ""});
  rules.check("duration", "range", "duration > interval '0'");
  rules.one_of("every", {"day", "week", "month"}, "week");
  rules.column({"step", "integer", true, "DEFAULT 1", "2: every second one"});
  rules.check("step", "range", "step BETWEEN 1 AND 366");
  rules.column({"until_local", "timestamp", false, "", "NULL: without an end"});
  rules.check("until_local", "later", "until_local >= starts_local");
  rules.says("What comes again, in local time");
  if (kind == "rule") {
    draft.query("The dates of a rule in a time",
                fmt::format("SELECT at AT TIME ZONE tz AS begins FROM {}, generate_series(starts_local, least(until_local, "
                            "$2::timestamp), step * ('1 ' || every)::interval) at WHERE id = $1",
                            rules.sql_name()),
                rules.name + "_pkey");
    return;
  }
  Table& dates = draft.table("occurrence");
  dates.reference("rule_id", draft.target(rules.name), OnDelete::cascade, true, "", false);
  dates.column(
      {"original_start", "timestamp", true, "", "When the rule had it, in local time: a date that is moved stays the same one"});
  dates.column({"during", "tstzrange", true, "", "When it is"});
  dates.check("during", "not_empty", "NOT isempty(during)");
  dates.one_of("status", {"planned", "moved", "cancelled"}, "planned");
  dates.key({"rule_id", "original_start"});
  dates.special_index(
      {"idx_" + dates.name + "_during", false, "USING gist (during) WHERE (status <> 'cancelled')", "what happens in a time"});
  dates.says("The dates that the rules make, for the next months; one that is moved or cancelled is a row like the others");
  function(draft, "make_occurrences", "until timestamptz DEFAULT now() + interval '6 months'", "timestamptz",
           fmt::format("RETURNS bigint\n  LANGUAGE sql\n  SET search_path = pg_catalog, pg_temp\n  AS $$\n  WITH made AS (\n    "
                       "INSERT INTO {1} (rule_id, original_start, during)\n    SELECT r.id, at, tstzrange(at "
                       "AT TIME ZONE r.tz, (at + r.duration) AT TIME ZONE r.tz)\n    FROM {0} r, generate_series(r.starts_local, "
                       "least(r.until_local, until AT TIME ZONE r.tz), r.step * ('1 ' || "
                       "r.every)::interval) at\n    ON CONFLICT DO NOTHING RETURNING 1)\n  SELECT count(*) FROM made\n$$",
                       qualified(rules), qualified(dates)),
           "Makes the dates of all rules until then that are not there yet; call it once a day");
  draft.query("What happens in a week",
              "SELECT * FROM " + dates.sql_name() +
                  " WHERE during && tstzrange($1::timestamptz, $1 + interval '7 days') AND status <> 'cancelled'",
              "idx_" + dates.name + "_during");
  draft.query("Once a day", "SELECT make_occurrences()", dates.name + "_pkey");
  draft.warn("local-time", "A rule in timestamptz moves by an hour when summer time begins: 9 o'clock is a local time.",
             "keep local time and zone, as here");
  draft.warn("rule-changes", "A rule that changes leaves the dates that were made.",
             "delete its planned dates after now, then call make_occurrences()");
}

}  // namespace

extern const Pattern pattern_recurrence;
const Pattern pattern_recurrence = {"recurrence", "Rules in local time and the occurrences that they make", &build};

}  // namespace pga::design
