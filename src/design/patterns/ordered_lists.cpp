// Lists in an order that people choose.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  std::string what = statement.subject.empty() ? first_known(draft, {"task", "card", "item", "todo"}) : statement.subject;
  Table& table = thing(draft, what.empty() ? "item" : what);
  const auto target = draft.target(table.schema + "." + table.name);
  const std::string one = target.one, key = ident(target.key.empty() ? "id" : target.key[0]);
  std::string list;
  for (const char* name : {"list_id", "board_id", "column_id", "project_id", "playlist_id", "section_id", "parent_id"}) {
    if (list.empty() && table.has(name)) list = name;
  }
  if (list.empty() && !table.existing) {
    table.reference("list_id", draft.target("list"), OnDelete::cascade, true, "In which list", false);
    list = "list_id";
  }
  const std::string kind = choose(draft, one + "-order", "How is the order kept?",
                                  {{"integer", "by numbers 1, 2, 3",
                                    "Plain, and always whole; moving one writes those between (up to about a thousand rows)."},
                                   {"key", "by text between its neighbours",
                                    "Moving writes one row, many people at once; keys grow, and the application makes them."}},
                                  "Lists that people sort by hand are short.", 2);
  std::vector<std::string> columns;
  if (!list.empty()) columns.push_back(list);
  columns.emplace_back("position");
  if (kind == "key") {
    table.column({"position", "text COLLATE \"C\"", !table.existing, "", "Sorts between its neighbours: 'a', 'aV', 'b'"});
    table.check("position", "shape", "position ~ '^[0-9A-Za-z]+$' AND position !~ '0$'",
                "One that ends in 0 leaves no room before it");
    table.unique(columns);
    draft.warn("key-length", "Keys get longer when always the same place is hit.",
               "write a list anew when its keys pass 50 characters");
  } else {
    table.column({"position", "integer", !table.existing, "", "1, 2, 3 in its list"});
    table.check("position", "range", "position > 0");
    std::vector<std::string> quoted;
    for (const auto& column : columns) quoted.push_back(ident(column));
    table.rule({table.name + "_" + join(columns, "_") + "_key",
                "UNIQUE (" + join(quoted, ", ") + ") DEFERRABLE INITIALLY IMMEDIATE",
                "Deferrable: one UPDATE may exchange places"});
    if (table.existing)
      draft.data("places of what is there",
                 fmt::format("UPDATE {0} SET position = n.place FROM (SELECT {1}, row_number() OVER ({2}ORDER BY {1}) AS place "
                             "FROM {0}) n WHERE n.{1} = {0}.{1} AND position IS NULL",
                             table.sql_name(), key, list.empty() ? "" : "PARTITION BY " + ident(list) + " "));
    draft.query("Move one from place $2 to place $3",
                fmt::format("UPDATE {0} SET position = CASE WHEN position = $2::integer THEN $3::integer WHEN $2::integer < "
                            "$3::integer THEN position - 1 ELSE position + 1 END WHERE {1}position BETWEEN least($2::integer, "
                            "$3::integer) AND greatest($2::integer, $3::integer)",
                            table.sql_name(), list.empty() ? "" : ident(list) + " = $1 AND "),
                table.name + "_" + join(columns, "_") + "_key");
    draft.warn("deferrable-upsert", "ON CONFLICT cannot use a deferrable constraint.",
               "lock the list (SELECT … FOR UPDATE) and insert at max(position) + 1");
  }
  draft.query(
      "In order",
      "SELECT * FROM " + table.sql_name() + (list.empty() ? "" : " WHERE " + ident(list) + " = $1") + " ORDER BY position",
      table.name + "_" + join(columns, "_") + "_key");
}

}  // namespace

extern const Pattern pattern_ordered_lists;
const Pattern pattern_ordered_lists = {"ordered-lists", "Rows in an order that people choose, by number or by key", &build};

}  // namespace pga::design
