#include "design/subtypes.h"

#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/tools.h"

namespace pga::design {

void make_subtypes(Draft& draft, const std::string& parent, const std::vector<std::string>& kinds) {
  Table& table = thing(draft, parent);
  const std::string one = singular_of(table.name);
  std::vector<std::string> names;
  for (const auto& kind : kinds) names.push_back(singular_of(kind));
  const std::string shape = choose(draft, one + "-subtypes", "How are the kinds of " + spoken(one) + " kept?",
                                   {{"tables", "a table for what is common, one for each kind",
                                     "Every column is required where it belongs; one join to read all of a row."},
                                    {"single", "one table, with a rule for each kind",
                                     "No joins; columns that are empty for the others (good for up to three)."}},
                                   "What only one kind has can be demanded of that kind.", 3);
  if (!table.existing || !table.has("kind")) {
    if (table.existing) {
      table.one_of("kind", names, "", false, "Which kind it is; NULL for rows that were there before");
    } else {
      table.one_of("kind", names, "", true, "Which kind it is");
    }
  }
  table.says("What all kinds have in common: " + join(names, ", "));
  if (shape == "single") {
    draft.warn("nullable-sea", "Columns of the other kinds are empty in every row.",
               "a CHECK for each: (kind = 'card') = (card_number IS NOT NULL)");
    return;
  }
  const auto target = draft.target(table.schema + "." + table.name);
  const std::string key = target.key.empty() ? "id" : target.key[0];
  table.unique({key, "kind"}, "What the foreign keys of the kinds need");
  for (const auto& kind : names) {
    Table& part = draft.table(kind);
    if (part.existing) {
      draft.warn("subtype-exists", part.name + " exists: it is not made a kind of " + table.name + ".",
                 "give it a column " + one + "_id by hand");
      continue;
    }
    // Whatever was said of it may have given it a key of its own: its key is that of the whole.
    std::erase_if(part.columns, [](const Column& c) { return c.name == "id"; });
    std::erase_if(part.rules, [](const Rule& r) { return r.sql.starts_with("PRIMARY KEY"); });
    part.primary.clear();
    part.columns.push_front({one + "_id", target.types[0], true, "", "Of " + table.name});
    part.column({"kind", "text", true, "DEFAULT " + literal(kind), "Always the same: the foreign key carries it"});
    part.check("kind", "fixed", "kind = " + literal(kind));
    part.primary = {one + "_id"};
    part.rule({part.name + "_pkey", "PRIMARY KEY (" + ident(one + "_id") + ")", ""});
    part.rule({part.name + "_" + one + "_fkey",
               fmt::format("FOREIGN KEY ({}, kind) REFERENCES {} ({}, kind) ON DELETE CASCADE", ident(one + "_id"),
                           table.sql_name(), ident(key)),
               "It carries the kind: a row can have the part of its own kind only"});
    part.says("What only a " + spoken(kind) + " has");
    part.relates(fmt::format("Each row of {} is the {} part of one {}.", spoken(part.name), spoken(kind), spoken(one)));
    draft.query("All of each " + spoken(kind),
                fmt::format("SELECT * FROM {} p JOIN {} k ON k.{} = p.{}", table.sql_name(), part.sql_name(), ident(one + "_id"),
                            ident(key)),
                part.name + "_pkey");
  }
  draft.warn("subtype-total", "Nothing demands that a row has its part: both are inserted in one transaction.",
             "a deferrable constraint trigger, where a missing part would be dangerous");
}

}  // namespace pga::design
