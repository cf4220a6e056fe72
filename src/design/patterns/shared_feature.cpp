// One feature for several kinds of things: each row belongs to exactly one of them.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  std::vector<std::string> kinds;
  if (!statement.subject.empty()) kinds.push_back(statement.subject);
  kinds.insert(kinds.end(), statement.others.begin(), statement.others.end());
  for (const auto* entity : {"post", "event", "photo"}) {
    if (kinds.size() < 2 && draft.find(entity) != nullptr) kinds.emplace_back(entity);
  }
  if (kinds.size() < 2) kinds = {"post", "event"};
  const std::string feature = statement.object.empty() ? "note" : statement.object;
  const std::string kind = choose(
      draft, feature + "-on-several", fmt::format("How does a {} say what it is on?", spoken(feature)),
      {{"arc", "one nullable key for each kind, exactly one of them set",
        "Real foreign keys; another kind is another column (three to six kinds)."},
       {"tables", "a table for each kind", "Each with its own rules; one list of all needs UNION ALL (one or two kinds)."}},
      "One list over all kinds, and the database stops what points nowhere.", 3);
  if (kind == "tables") {
    for (const auto& one : kinds) {
      const auto target = draft.target(one);
      Table& table = thing(draft, target.one + "_" + feature);
      table.reference(target.one + "_id", target, OnDelete::cascade, true, "");
      table.text("body", 1, 10000);
      table.says("What was said on each " + spoken(target.one));
    }
    return;
  }
  Table& table = thing(draft, feature);
  std::vector<std::string> columns;
  for (const auto& one : kinds) {
    const auto target = draft.target(one);
    columns.push_back(ident(target.one + "_id"));
    table.reference(target.one + "_id", target, OnDelete::cascade, false, "When it is on one of these");
  }
  table.text("body", 1, 10000);
  table.check("", "one_target", "num_nonnulls(" + join(columns, ", ") + ") = 1", "On exactly one thing");
  table.says("On any of: " + join(kinds, ", "));
  draft.query("Those of one " + spoken(singular_of(kinds[0])),
              "SELECT * FROM " + table.sql_name() + " WHERE " + columns[0] + " = $1", "idx_" + table.name + "_" + columns[0]);
  draft.warn("polymorphic", "A pair of type and id has no foreign key: rows would point to what is gone.",
             "the columns above, one a kind");
}

}  // namespace

extern const Pattern pattern_shared_feature;
const Pattern pattern_shared_feature = {"shared-feature", "One feature on several kinds of things, with real foreign keys",
                                        &build};

}  // namespace pga::design
