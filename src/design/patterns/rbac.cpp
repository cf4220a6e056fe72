// Who may do what: roles, and what each allows.
#include <fmt/format.h>

#include <optional>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement&) {
  auto& draft = build.draft;
  const auto users = draft.people();
  const std::string tenant = first_known(draft, {"tenant", "organisation", "organization", "workspace", "team", "company"});
  const std::string who = users.one + "_id";
  const std::string kind =
      choose(draft, "roles-kind", "Who defines the roles?",
             {{"tables", "they are rows, which people may add",
               "Roles, permissions and who has which: four tables; one join to ask whether somebody may."},
              {"fixed", "the program: admin, editor, viewer", "A CHECK on one column; another role is a migration."}},
             "Custom roles were asked for; up to five fixed ones need no tables.", 3);
  std::optional<Target> owner;
  if (!tenant.empty() && singular_of(tenant) != users.one) owner = draft.target(tenant);
  if (kind == "fixed") {
    if (owner) {
      Table& members = draft.table("membership");
      members.reference(owner->one + "_id", *owner, OnDelete::cascade, true, "", false);
      members.reference(who, users, OnDelete::cascade, true, "", false);
      members.one_of("role", {"owner", "admin", "editor", "viewer"}, "viewer");
      members.created_at();
      members.key({owner->one + "_id", who});
      members.index({who}, "where one belongs");
      members.says("Who belongs where, as what");
    } else {
      Table& table = draft.table(users.one);
      table.one_of("role", {"admin", "editor", "viewer"}, "viewer", true, "What they may do");
    }
    return;
  }
  Table& permissions = draft.table("permission");
  permissions.column({"code", "text", true, "", "What programs ask for: 'invoice.read'"});
  permissions.check("code", "shape", "code ~ '^[a-z_]+([.][a-z_]+)+$'");
  permissions.text("description", 0, 500, true);
  permissions.find("description")->tail = "DEFAULT ''";
  permissions.key({"code"});
  permissions.says("What can be allowed; the program's list");
  Table& roles = thing(draft, "role");
  roles.text("code", 1, 60);
  roles.check("code", "shape", "code ~ '^[a-z][a-z0-9_]*$'");
  roles.text("name", 1, 120);
  if (owner) {
    roles.reference(owner->one + "_id", *owner, OnDelete::cascade, false, "Whose role; NULL: one for all", false);
    roles.special_index({"idx_" + roles.name + "_code", true,
                         draft.major() >= 15 ? "(" + ident(owner->one + "_id") + ", code) NULLS NOT DISTINCT"
                                             : "(coalesce(" + ident(owner->one + "_id") + "::text, ''), code)",
                         "a role by its name; once in each place"});
    if (draft.major() < 15) roles.index({owner->one + "_id"}, "the roles of one", ident(owner->one + "_id") + " IS NOT NULL");
  } else {
    roles.unique({"code"});
  }
  roles.says("Bundles of permissions");
  const auto role = draft.target(roles.name);
  Table& grants = draft.table("role_permission");
  grants.reference("role_id", role, OnDelete::cascade, true, "", false);
  grants.column({"permission", "text", true, "", ""});
  grants.rule({grants.name + "_permission_fkey",
               "FOREIGN KEY (permission) REFERENCES " + permissions.sql_name() + " (code) ON DELETE CASCADE", ""});
  grants.key({"role_id", "permission"});
  grants.index({"permission"}, "which roles allow it");
  grants.says("What each role allows");
  Table& has = draft.table(users.one + "_role");
  std::vector<std::string> key;
  if (owner) {
    has.reference(owner->one + "_id", *owner, OnDelete::cascade, true, "Where", false);
    key.push_back(owner->one + "_id");
  }
  has.reference(who, users, OnDelete::cascade, true, "", false);
  has.reference("role_id", role, OnDelete::cascade, true, "", false);
  has.created_at();
  key.insert(key.end(), {who, "role_id"});
  has.key(key);
  has.index({"role_id"}, "who has a role");
  if (owner) has.index({who}, "the roles of one person everywhere");
  has.says("Who has which role" + std::string(owner ? ", and where" : ""));
  draft.query(
      "May somebody do it",
      fmt::format("SELECT EXISTS (SELECT FROM {} h JOIN {} g ON g.role_id = h.role_id WHERE h.{} = $1 AND g.permission = $2{})",
                  has.sql_name(), grants.sql_name(), ident(who),
                  owner ? " AND h." + ident(owner->one + "_id") + " = $3" : std::string()),
      has.name + "_pkey");
  draft.warn("last-admin", "Nothing stops the last administrator from losing the role.",
             "lock the row of the place, count, then DELETE: in one transaction");
  draft.warn("role-on-user", "A role on the account itself holds everywhere.",
             owner ? "the roles here hold in one place each" : "add the place when there are several");
}

}  // namespace

extern const Pattern pattern_rbac;
const Pattern pattern_rbac = {"rbac", "Roles and permissions, fixed or defined by each organisation", &build};

}  // namespace pga::design
