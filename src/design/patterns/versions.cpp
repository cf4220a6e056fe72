// Documents that keep every version.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  const std::string what =
      statement.subject.empty() ? first_known(draft, {"document", "page", "article", "post"}) : statement.subject;
  Table& table = thing(draft, what.empty() ? "document" : what);
  const auto target = draft.target(table.schema + "." + table.name);
  const std::string one = target.one, key = ident(target.key[0]);
  const std::string published = choose(
      draft, one + "-published", "Is what is shown the newest version?",
      {{"pointer", "no: one version is published, newer ones are drafts", "Two pointers on the row; showing it is one join."},
       {"latest", "yes", "One pointer."}},
      "People write before they publish.", 2);
  if (!table.existing) table.text("title", 1, 200);
  Table& versions = draft.table(one + "_version");
  versions.reference(one + "_id", target, OnDelete::cascade, true, "", false);
  versions.column({"version", "integer", true, "", "1, 2, 3"});
  versions.check("version", "range", "version > 0");
  versions.text("body", 0, 1000000, true, "Whole: differences are made when they are looked at");
  versions.reference("author_id", draft.people(), OnDelete::set_null, false, "Who wrote it");
  versions.created_at();
  versions.key({one + "_id", "version"});
  refuse_changes(draft, versions, "UPDATE OF body, version");
  versions.says("Every version, as it was");
  table.column({"last_version", "integer", true, "DEFAULT 0",
                "The newest; raised in the same transaction, which locks the row: no two get the same number"});
  table.check("last_version", "range", "last_version >= 0");
  std::vector<std::string> pointers = {published == "pointer" ? "published_version" : "current_version"};
  for (const auto& name : pointers) {
    table.column({name, "integer", false, "", "What is shown; NULL while nothing is"});
    // The two tables point at each other: this rule comes last.
    draft.behind(table.name + "_" + name + "_fkey",
                 fmt::format("-- Deferrable: the row and its first version may come in any order.\nALTER TABLE {0} ADD "
                             "CONSTRAINT {1} FOREIGN KEY ({2}, {3}) REFERENCES {4} ({5}, version) DEFERRABLE INITIALLY DEFERRED;",
                             table.sql_name(), ident(table.name + "_" + name + "_fkey"), key, ident(name), versions.sql_name(),
                             ident(one + "_id")));
    table.index({target.key[0], name}, "the check when a version is deleted", ident(name) + " IS NOT NULL");
  }
  draft.query("What is shown",
              fmt::format("SELECT t.*, v.body FROM {} t JOIN {} v ON v.{} = t.{} AND v.version = t.{} WHERE t.{} = $1",
                          table.sql_name(), versions.sql_name(), ident(one + "_id"), key, ident(pointers[0]), key),
              versions.name + "_pkey");
  draft.query("Another version",
              fmt::format("WITH next AS (UPDATE {} SET last_version = last_version + 1 WHERE {} = $1 RETURNING {}, last_version) "
                          "INSERT INTO {} ({}, version, body, author_id) SELECT {}, last_version, $2, $3 FROM next",
                          table.sql_name(), key, key, versions.sql_name(), ident(one + "_id"), key),
              versions.name + "_pkey");
  draft.warn("max-plus-one", "max(version) + 1 gives two writers the same number.",
             "the UPDATE above takes it from the row that it locks");
}

}  // namespace

extern const Pattern pattern_versions;
const Pattern pattern_versions = {"versions", "Documents with every version kept, one of them current", &build};

}  // namespace pga::design
