// A closed list of values: where it stands, and who may change it.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  const bool of_table = !statement.subject.empty() && draft.find(statement.subject) != nullptr;
  const std::string one = statement.subject.empty() ? "category" : singular_of(statement.subject);
  const std::string name = of_table ? one + "_kind" : one;
  const std::string kind = choose(
      draft, name + "-values", "Where does the list of values stand?",
      {{"lookup", "in a table of its own", "People add and rename values, with labels and an order; one more join to show them."},
       {"enum", "in an enum type", "4 bytes a value, checked by the type; a value can never be dropped."}},
      "A list that was asked for as a thing of its own has labels, an order and an end.", 3);
  if (kind == "enum") {
    draft.before(name, fmt::format("CREATE TYPE {} AS ENUM ('first', 'second');\nCOMMENT ON TYPE {} IS 'Replace the values "
                                   "before the first use: none can be dropped later';",
                                   ident(name), ident(name)));
    if (of_table) {
      Table& table = draft.table(statement.subject);
      table.column({"kind", ident(name), false, "", ""});
    }
    draft.warn("enum-values", "The values of an enum can be added and renamed, never dropped or reordered.",
               "a CHECK for a list that the program knows, a table for one that people change");
    return;
  }
  Table& list = draft.table(name);
  list.column({"code", "text", true, "", "What programs say; never changes"});
  list.check("code", "shape", "code ~ '^[a-z][a-z0-9_]*$'");
  list.text("label", 1, 120, true, "What people read");
  list.unique({"label"});
  list.column({"position", "integer", true, "DEFAULT 0", "In which order they are shown"});
  list.column({"retired_at", "timestamptz", false, "", "Since when it is not offered; rows that have it keep it"});
  list.key({"code"});
  list.says("The values that may be chosen");
  if (of_table) {
    Table& table = draft.table(statement.subject);
    const Target target{list.sql_name(), name, {"code"}, {"text"}};
    table.reference("kind", target, OnDelete::restrict_, false, "One of " + list.name);
  }
  draft.query("What can be chosen",
              "SELECT code, label FROM " + list.sql_name() + " WHERE retired_at IS NULL ORDER BY position, label",
              list.name + "_pkey");
  draft.warn("lookup-delete", "A value that rows have cannot be deleted.", "set retired_at");
}

}  // namespace

extern const Pattern pattern_closed_lists;
const Pattern pattern_closed_lists = {"closed-lists", "A lookup table, a CHECK or an enum for a closed list", &build};

}  // namespace pga::design
