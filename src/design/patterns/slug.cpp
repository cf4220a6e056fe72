// Readable addresses, unique where they have to be, and the old ones still found.
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
      statement.subject.empty() ? first_known(draft, {"article", "post", "page", "event", "product"}) : statement.subject;
  Table& table = thing(draft, what.empty() ? "article" : what);
  const auto target = draft.target(table.schema + "." + table.name);
  const std::string one = target.one;
  std::string scope;
  for (const char* name : {"blog_id", "tenant_id", "organisation_id", "workspace_id", "site_id"}) {
    if (scope.empty() && table.has(name)) scope = name;
  }
  const std::string old =
      choose(draft, one + "-old-slugs", "What happens to an address that changes?",
             {{"kept", "the old one leads to the new one", "A row for each old one; links of others stay alive."},
              {"lost", "it is gone", "Nothing to keep; links of others break."}},
             "Search engines and people keep links.", 2);
  table.column({"slug", "text", !table.existing, "", "In the address: small letters, digits and single dashes"});
  table.check("slug", "shape", "slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND char_length(slug) <= 80");
  std::vector<std::string> key;
  if (!scope.empty()) key.push_back(scope);
  key.emplace_back("slug");
  const bool soft = table.has("deleted_at");
  table.index(key, "the one of an address; an address stands once", soft ? "deleted_at IS NULL" : "", true);
  if (table.existing)
    draft.assume(
        "R-existing-rows",
        table.name +
            ".slug may be missing at first: the application fills it from the title, with a number where two are the same",
        "");
  if (old == "kept") {
    Table& history = draft.table(one + "_slug");
    if (!scope.empty()) history.column({scope, "bigint", true, "", "Where it was unique"});
    history.column({"slug", "text", true, "", "An address that it had"});
    history.reference(one + "_id", target, OnDelete::cascade, true, "Where it leads to");
    history.created_at();
    history.key(key);
    history.says("Addresses of before");
    const std::string name = table.name + "_keep_slug";
    trigger_function(draft, name,
                     fmt::format("BEGIN\n  DELETE FROM {0} WHERE slug = NEW.slug{3};\n  INSERT INTO {0} ({2}slug, {1}_id) VALUES "
                                 "({4}OLD.slug, OLD.{5}) ON CONFLICT DO NOTHING;\n  RETURN NULL;\nEND",
                                 qualified(history), one, scope.empty() ? "" : scope + ", ",
                                 scope.empty() ? "" : " AND " + scope + " = NEW." + scope,
                                 scope.empty() ? "" : "OLD." + scope + ", ", ident(target.key[0])),
                     "keeps the address of before");
    trigger(table, name, "AFTER UPDATE OF slug",
            "FOR EACH ROW WHEN (OLD.slug IS DISTINCT FROM NEW.slug AND OLD.slug IS NOT NULL)", name);
    draft.query(
        "An address of before",
        fmt::format("SELECT {}_id FROM {} WHERE {}slug = $1", one, history.sql_name(), scope.empty() ? "" : scope + " = $2 AND "),
        history.name + "_pkey");
  }
  draft.query("By its address",
              fmt::format("SELECT * FROM {} WHERE {}slug = $1{}", table.sql_name(), scope.empty() ? "" : scope + " = $2 AND ",
                          soft ? " AND deleted_at IS NULL" : ""),
              "idx_" + table.name + "_" + join(key, "_"));
  draft.warn("slug-reserved", "Words that the application's own pages use ('new', 'edit') are refused by nobody here.",
             "a CHECK with the list, when it is known");
}

}  // namespace

extern const Pattern pattern_slug;
const Pattern pattern_slug = {"slug", "Slugs that are unique, with the old ones kept", &build};

}  // namespace pga::design
