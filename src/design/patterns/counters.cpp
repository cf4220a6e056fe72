// Totals that are read far more often than they change.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  std::string counted =
      statement.others.empty() ? first_known(draft, {"comment", "like", "reply", "reaction"}) : statement.others[0];
  if (counted.empty()) counted = "comment";
  std::string what = statement.subject;
  Table& child = thing(draft, counted);
  if (what.empty()) {
    // What the counted belongs to: the first thing that it names.
    const auto* known = draft.current().find(child.schema + "." + child.name);
    for (const auto& entity : {"event", "post", "article", "product", "topic", "thread", "page"}) {
      const bool named = child.has(std::string(entity) + "_id") || (known == nullptr && draft.find(entity) != nullptr);
      if (what.empty() && named) what = entity;
    }
    if (what.empty()) what = "post";
  }
  const auto parent = draft.target(what);
  const std::string on = parent.one + "_id", column = plural_of(singular_of(child.name)) + "_count";
  if (!child.has(on)) child.reference(on, parent, OnDelete::cascade, !child.existing);
  const std::string kind =
      choose(draft, parent.one + "-" + column, fmt::format("How is the number of {} known?", spoken(child.name)),
             {{"side", "a table beside, kept by a trigger for each statement",
               "Reading is one row; a bulk insert of 100,000 takes 1.2 s where a trigger for each row takes 66 s."},
              {"count", "counted when asked",
               "Nothing to keep true; each question reads all entries of one (an index scan of thousands: 1 ms)."}},
             "It was asked for because counting is slow; beside, the wide row is not rewritten.", 3);
  if (kind == "count") {
    child.index({on}, fmt::format("the number of {} of one {}", spoken(child.name), spoken(parent.one)));
    draft.query("Their number", fmt::format("SELECT count(*) FROM {} WHERE {} = $1", child.sql_name(), ident(on)),
                "idx_" + child.name + "_" + on);
    return;
  }
  Table& stats = draft.table(parent.one + "_stat");
  stats.reference(on, parent, OnDelete::cascade, true, "", false);
  stats.key({on});
  stats.column({column, "bigint", true, "DEFAULT 0", "Kept by triggers on " + child.name});
  stats.check(column, "range", ident(column) + " >= 0");
  stats.storage = "WITH (fillfactor = 70)";
  stats.says("Totals of each " + spoken(parent.one) + ": small rows that change often");
  const std::string base = child.name + "_" + parent.one + "_count";
  const auto body = [&](const std::string& changes) {
    return fmt::format(
        "BEGIN\n  -- In the order of the key: two statements that change the same rows never wait for each other in a circle.\n  "
        "INSERT INTO {0} AS s ({1}, {2})\n    SELECT {1}, sum(n) FROM ({3}) c WHERE {1} IS NOT NULL GROUP BY {1} HAVING sum(n) "
        "<> 0 ORDER BY {1}\n    "
        "ON CONFLICT ({1}) DO UPDATE SET {2} = s.{2} + excluded.{2};\n  RETURN NULL;\nEND",
        qualified(stats), ident(on), ident(column), changes);
  };
  // A decrement would be inserted below 0 before the conflict is seen: the CHECK looks at it first, so counts go down by UPDATE.
  const auto down = [&](const std::string& changes) {
    return fmt::format(
        "BEGIN\n  UPDATE {0} s SET {2} = s.{2} - c.n FROM (SELECT {1}, count(*) AS n FROM {3} WHERE {1} IS NOT NULL GROUP BY "
        "{1}) c WHERE c.{1} = s.{1};\n  RETURN NULL;\nEND",
        qualified(stats), ident(on), ident(column), changes);
  };
  trigger_function(draft, base + "_up", body("SELECT " + ident(on) + ", 1 AS n FROM new_rows"), "counts what came");
  trigger_function(draft, base + "_down", down("old_rows"), "counts what went");
  trigger(child, base + "_insert", "AFTER INSERT", "REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT", base + "_up");
  trigger(child, base + "_delete", "AFTER DELETE", "REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT", base + "_down");
  trigger(child, base + "_gone", "AFTER UPDATE", "REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT", base + "_down");
  trigger(child, base + "_moved", "AFTER UPDATE", "REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT", base + "_up");
  if (child.existing)
    draft.data("what is there already", fmt::format("INSERT INTO {0} ({1}, {2}) SELECT {1}, count(*) FROM {3} WHERE {1} IS NOT "
                                                    "NULL GROUP BY {1} ON CONFLICT ({1}) DO NOTHING",
                                                    stats.sql_name(), ident(on), ident(column), child.sql_name()));
  function(draft, stats.name + "_recount", "", "",
           fmt::format("RETURNS bigint\n  LANGUAGE sql\n  SET search_path = pg_catalog, pg_temp\n  AS $$\n  WITH mended AS "
                       "(UPDATE {0} s SET {2} = c.n FROM (SELECT s2.{1}, (SELECT count(*) FROM {3} t WHERE t.{1} = s2.{1}) AS n "
                       "FROM {0} s2) c\n    WHERE c.{1} = s.{1} AND s.{2} <> c.n "
                       "RETURNING 1)\n  SELECT count(*) FROM mended\n$$",
                       qualified(stats), ident(on), ident(column), qualified(child)),
           "Counts again, at night; returns how many were wrong (0 is expected)");
  draft.query("The number, with the " + spoken(parent.one),
              fmt::format("SELECT p.*, coalesce(s.{}, 0) FROM {} p LEFT JOIN {} s ON s.{} = p.{} WHERE p.{} = $1", ident(column),
                          parent.table, stats.sql_name(), ident(on), ident(parent.key[0]), ident(parent.key[0])),
              stats.name + "_pkey");
  draft.warn("hot-counter", "All who add to one " + spoken(parent.one) + " wait for its row until they commit.",
             "keep those transactions short; several counters a row, summed, for the few that are very hot");
  draft.warn("counter-drift", "TRUNCATE and disabled triggers change nothing here.",
             "call " + stats.name + "_recount() at night");
}

}  // namespace

extern const Pattern pattern_counters;
const Pattern pattern_counters = {"counters", "Counts kept beside what they count, by a trigger for each statement", &build};

}  // namespace pga::design
