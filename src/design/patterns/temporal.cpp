// What was true when: values with the time in which they hold.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  std::string what = statement.subject.empty() ? first_known(draft, {"product", "employee", "contract"}) : statement.subject;
  const auto target = draft.target(what.empty() ? "product" : what);
  const std::string one = target.one, on = one + "_id";
  const std::string kind =
      choose(draft, one + "-history", "Which history is meant?",
             {{"business", "when something holds in the world: prices, salaries, addresses",
               "Future rows are possible; corrections change the past on purpose."},
              {"system", "what the database said at a time", "A trigger copies each old row; nobody can change the past."}},
             "Prices and salaries are agreed for a time, also ahead.", 3);
  if (kind == "system") {
    Table& table = draft.table(what.empty() ? "product" : what);
    Table& history = draft.table(one + "_history");
    history.column({"id", "bigint", true, "GENERATED ALWAYS AS IDENTITY", ""});
    history.column({on, target.types[0], true, "", "No foreign key: the history outlives the row"});
    history.column({"held", "tstzrange", true, "", "From when until when it was so"});
    history.column({"row_data", "jsonb", true, "", "The whole row"});
    history.key({"id"});
    history.index({on, "lower(held) DESC"}, "what one was at a time");
    history.says("Rows as they were; written by a trigger only");
    refuse_changes(draft, history, "UPDATE OR DELETE");
    if (!table.has("changed_at"))
      table.column({"changed_at", "timestamptz", true, "DEFAULT now()", "Since when it is as it is; kept by the trigger"});
    const std::string name = table.name + "_keep_history";
    trigger_function(
        draft, name,
        fmt::format("DECLARE\n  -- Never before the last change: a clock that goes back makes no empty range.\n  at timestamptz "
                    ":= greatest(clock_timestamp(), OLD.changed_at + interval '1 microsecond');\nBEGIN\n  INSERT INTO {0} ({1}, "
                    "held, row_data) VALUES (OLD.{2}, tstzrange(OLD.changed_at, at), to_jsonb(OLD));\n  IF TG_OP = 'DELETE' "
                    "THEN\n    RETURN OLD;\n  END IF;\n  NEW.changed_at := at;\n  RETURN NEW;\nEND",
                    qualified(history), ident(on), ident(target.key[0])),
        "keeps the row as it was");
    trigger(table, name, "BEFORE UPDATE OR DELETE", "FOR EACH ROW", name);
    draft.query("What it was at a time",
                fmt::format("SELECT row_data FROM {} WHERE {} = $1 AND held @> $2::timestamptz", history.sql_name(), ident(on)),
                "idx_" + history.name + "_" + on + "_lower_held");
    return;
  }
  needs_extension(draft, "btree_gist");
  const std::string value = one == "employee" || one == "contract" ? "salary" : "price";
  Table& table = thing(draft, one + "_" + value);
  table.reference(on, target, OnDelete::cascade, true, "", false);
  table.column({value, "numeric(12,2)", true, "", ""});
  table.check(value, "range", value + " >= 0");
  table.column({"valid", "daterange", true, "", "From (included) to (excluded); without an end until further notice"});
  table.check("valid", "shape", "NOT isempty(valid) AND NOT lower_inf(valid)");
  table.rule({table.name + "_no_overlap", fmt::format("EXCLUDE USING gist ({} WITH =, valid WITH &&)", ident(on)),
              "One at a time: only a constraint stops two who write at once"});
  table.special_index({"idx_" + table.name + "_now", true, "(" + ident(on) + ") WHERE upper_inf(valid)",
                       "what holds until further notice: there is one"});
  table.says(fmt::format("The {} of each {}, with the time in which it holds", value, spoken(one)));
  draft.query("What holds on a day",
              fmt::format("SELECT {} FROM {} WHERE {} = $1 AND valid @> $2::date", value, table.sql_name(), ident(on)),
              table.name + "_no_overlap");
  draft.query("It changes on a day: the old one ends (then INSERT the new one from that day)",
              fmt::format("UPDATE {} SET valid = daterange(lower(valid), $2) WHERE {} = $1 AND upper_inf(valid)",
                          table.sql_name(), ident(on)),
              "idx_" + table.name + "_now");
  draft.warn("temporal-gaps", "Days without a row are possible: nothing demands that one ends when the next begins.",
             "ask with a join that shows them, or refuse with a deferrable trigger");
  draft.warn("closed-bounds",
             "daterange('2026-01-01', '2026-01-31', '[]') becomes [2026-01-01, 2026-02-01): the end is not in it.", "");
}

}  // namespace

extern const Pattern pattern_temporal;
const Pattern pattern_temporal = {"temporal", "Values with the time in which they hold, without overlaps", &build};

}  // namespace pga::design
