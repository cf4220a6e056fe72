// Tags: each once, on any number of things.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  std::vector<std::string> kinds = {statement.subject.empty() ? first_known(draft, {"article", "post", "event", "product"})
                                                              : statement.subject};
  if (kinds[0].empty()) kinds[0] = "article";
  kinds.insert(kinds.end(), statement.others.begin(), statement.others.end());
  const std::string tenant = first_known(draft, {"tenant", "organisation", "workspace"});
  const std::string kind = choose(
      draft, "tags-kept", "How are tags kept?",
      {{"table", "a table of tags, and one of who has which", "Renaming is one row; counts and rights per tag are possible."},
       {"array", "an array of words in the row",
        "No joins, one GIN index; renaming writes every row, and a misspelt tag is a new one."}},
      "Sooner or later a tag is renamed or two become one.", 3);
  if (kind == "array") {
    for (const auto& entity : kinds) {
      Table& table = thing(draft, entity);
      table.column({"tags", "text[]", true, "DEFAULT '{}'", "Lower case, without doubles"});
      table.check("tags", "few", "cardinality(tags) <= 20");
      table.check("tags", "whole", "array_position(tags, NULL) IS NULL");
      table.special_index({"idx_" + table.name + "_tags", false, "USING gin (tags)", "what has a tag: tags @> '{news}'"});
      draft.query("What has a tag", "SELECT * FROM " + table.sql_name() + " WHERE tags @> ARRAY[$1]::text[]",
                  "idx_" + table.name + "_tags");
    }
    return;
  }
  Table& tags = thing(draft, "tag");
  tags.text("name", 1, 60);
  tags.check("name", "trimmed", "name = btrim(name)");
  std::string scope;
  if (!tenant.empty()) {
    const auto owner = draft.target(tenant);
    tags.reference(owner.one + "_id", owner, OnDelete::cascade, true, "Whose tag it is", false);
    scope = ident(owner.one + "_id") + ", ";
  }
  tags.special_index({"idx_" + tags.name + "_name", true, "(" + scope + "lower(name))",
                      "a tag stands once, however it is written; the tag by its name"});
  tags.says("The words that things are tagged with");
  const auto tag = draft.target(tags.name);
  for (const auto& entity : kinds) {
    const auto target = draft.target(entity);
    const std::string on = target.one + "_id";
    Table& links = draft.table(target.one + "_tag");
    links.reference(on, target, OnDelete::cascade, true, "", false);
    links.reference("tag_id", tag, OnDelete::cascade, true, "", false);
    links.created_at();
    links.key({"tag_id", on});
    links.index({on}, "the tags of one " + spoken(target.one) + ": the key begins with the tag");
    links.says(fmt::format("Which {} has which tags", spoken(target.one)));
    draft.query(
        fmt::format("The {} that have a tag", plural_of(spoken(target.one))),
        fmt::format("SELECT x.* FROM {} t JOIN {} l ON l.tag_id = t.id JOIN {} x ON x.{} = l.{} WHERE lower(t.name) = lower($1)",
                    tags.sql_name(), links.sql_name(), target.table, ident(target.key[0]), ident(on)),
        links.name + "_pkey");
    draft.query(fmt::format("The tags of one {}", spoken(target.one)),
                fmt::format("SELECT t.name FROM {} l JOIN {} t ON t.id = l.tag_id WHERE l.{} = $1", links.sql_name(),
                            tags.sql_name(), ident(on)),
                "idx_" + links.name + "_" + on);
  }
  draft.warn("tags-unbounded", "Nothing limits how many tags one thing has.", "the application stops at 20 or so");
}

}  // namespace

extern const Pattern pattern_tags;
const Pattern pattern_tags = {"tags", "Tags with their own table, searched from both sides", &build};

}  // namespace pga::design
