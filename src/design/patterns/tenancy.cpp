// Several customers in one database, none of whom sees another.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/life.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  std::string tenant = first_known(draft, {statement.subject, "tenant", "organisation", "organization", "workspace", "company"});
  if (tenant.empty()) tenant = "tenant";
  const std::string kind = choose(
      draft, "tenancy-kind", "How are the tenants kept apart?",
      {{"rls", "one schema; each row says whose it is, and row-level security shows only one's own",
        "To about ten thousand tenants; one migration for all."},
       {"schemas", "a schema for each", "To some hundreds; each can differ, each migration runs as often."},
       {"databases", "a database for each", "The strongest wall, and its own backup; connections and migrations as many times."}},
      "One migration, one pool, and the wall is in the database.", 3);
  Table& table = thing(draft, tenant);
  if (!table.existing) {
    table.text("name", 1, 200);
    table.text("slug", 1, 63, true, "In addresses");
    table.check("slug", "shape", "slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'");
    table.unique({"slug"});
    table.says("The customers that share this database");
  }
  if (kind != "rls") {
    draft.warn("tenancy-elsewhere",
               kind == "schemas" ? "The tables are the same in each schema: run this design's migration in each of them."
                                 : "The tables are the same in each database: run this design's migration in each of them.",
               "keep the list of tenants in one place: " + table.name);
    return;
  }
  belong_to_tenant(draft, table.schema + "." + table.name, {});
  draft.query("At the beginning of each transaction", "SELECT set_config('app." + singular_of(table.name) + "_id', $1, true)",
              "");
  bool any = false;
  for (auto* made : draft.made_tables()) any = any || singular_of(made->name) != singular_of(table.name);
  if (!any)
    draft.warn("tenancy-existing", "Tables that are there already are left as they are: their rows belong to nobody yet.",
               "add the column, fill it, then say `each " + singular_of(table.name) +
                   " sees only its own data` with the tables in the request");
}

}  // namespace

extern const Pattern pattern_tenancy;
const Pattern pattern_tenancy = {"tenancy", "Rows that belong to one tenant, behind row-level security", &build};

}  // namespace pga::design
