// Attributes that differ from row to row.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  Table& table = thing(draft, statement.subject.empty() ? "product" : statement.subject);
  const std::string one = singular_of(table.name);
  const std::string kind = choose(
      draft, one + "-attributes", "How are the attributes kept that not all have?",
      {{"jsonb", "known ones in columns, the others in one JSONB column",
        "About a third of the rows' size of EAV (10 against 28 to 65 MB measured); any key can be searched; changing one key "
        "writes the whole value."},
       {"eav", "a row for each attribute",
        "Each value can have its history and rights; five times the rows, and a join for every attribute that is asked for."}},
      "They are shown together and rarely changed alone.", 3);
  if (kind == "jsonb") {
    table.column({"attrs", "jsonb", true, "DEFAULT '{}'", "What only some have; a key that everybody asks for becomes a column"});
    table.check("attrs", "object", "jsonb_typeof(attrs) = 'object'");
    table.special_index({"idx_" + table.name + "_attrs", false, "USING gin (attrs jsonb_path_ops)",
                         "rows that have a value: attrs @> '{\"colour\": \"red\"}'"});
    draft.query("What is red", "SELECT * FROM " + table.sql_name() + " WHERE attrs @> '{\"colour\": \"red\"}'",
                "idx_" + table.name + "_attrs");
    draft.warn("jsonb-statistics", "The planner knows nothing of what is inside: it guesses how many rows have a value.",
               "a generated column with an index for a key that is sorted by or compared (price, size)");
    draft.warn("jsonb-update", "Changing one key writes the whole document and its index entries.",
               "columns for what changes often");
    return;
  }
  Table& attributes = draft.table(one + "_attribute");
  const auto target = draft.target(table.schema + "." + table.name);
  attributes.reference(target.one + "_id", target, OnDelete::cascade, true, "", false);
  attributes.text("name", 1, 60, true, "'colour'");
  attributes.check("name", "shape", "name ~ '^[a-z][a-z0-9_]*$'");
  attributes.column({"value_text", "text", false, "", ""});
  attributes.column({"value_number", "numeric", false, "", ""});
  attributes.column({"value_date", "date", false, "", ""});
  attributes.check("", "one_value", "num_nonnulls(value_text, value_number, value_date) = 1", "A value, of one type");
  attributes.key({target.one + "_id", "name"});
  attributes.index({"name", "value_text"}, "what has a value", "value_text IS NOT NULL");
  attributes.index({"name", "value_number"}, "what has a number in a range", "value_number IS NOT NULL");
  attributes.says("What only some have, one row each");
  draft.query("What is red",
              fmt::format("SELECT t.* FROM {} t JOIN {} a ON a.{} = t.{} WHERE a.name = 'colour' AND a.value_text = 'red'",
                          table.sql_name(), attributes.sql_name(), ident(target.one + "_id"), ident(target.key[0])),
              "idx_" + attributes.name + "_name_value_text");
  draft.warn("eav-joins", "Each attribute that a query asks for is a join; nothing says which attributes a thing must have.",
             "columns for what all have");
}

}  // namespace

extern const Pattern pattern_flexible_attributes;
const Pattern pattern_flexible_attributes = {"flexible-attributes", "JSONB with a rule and an index, or rows of attributes",
                                             &build};

}  // namespace pga::design
