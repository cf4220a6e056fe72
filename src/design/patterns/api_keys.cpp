// Keys for programs: shown once, kept as a hash, found by their beginning.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  const std::string tenant = first_known(draft, {"tenant", "organisation", "organization", "workspace", "company"});
  std::vector<request::Option> options = {{"tenant", "an organisation", "It outlives the person who made it."},
                                          {"user", "a person", "It ends with the account."}};
  if (tenant.empty()) std::swap(options[0], options[1]);
  const std::string of = choose(draft, "api-key-owner", "Whom does a key belong to?", options,
                                tenant.empty() ? "There are only people here." : "Integrations belong to the organisation.", 3);
  const auto owner = of == "tenant" ? draft.target(tenant.empty() ? "organisation" : tenant) : draft.people();
  const std::string who = owner.one + "_id";
  Table& table = thing(draft, statement.object.empty() ? "api_key" : statement.object);
  table.reference(who, owner, OnDelete::cascade, true, "Whose key it is", false);
  table.text("name", 1, 120, true, "What it is for");
  table.column({"prefix", "text COLLATE \"C\"", true, "", "Its beginning, shown in lists: a leaked key is recognised by it"});
  table.check("prefix", "shape", "prefix ~ '^[a-z0-9_]{4,20}$'");
  table.unique({"prefix"});
  table.column({"secret_hash", "bytea", true, "", "SHA-256 of the key; it is shown once and kept nowhere"});
  table.check("secret_hash", "length", "octet_length(secret_hash) = 32");
  table.column({"scopes", "text[]", true, "DEFAULT '{}'", "What it may do"});
  table.check("scopes", "known", "scopes <@ ARRAY['read', 'write', 'admin']::text[]");
  table.column({"last_used_at", "timestamptz", false, "", "Written once an hour at most"});
  table.column({"expires_at", "timestamptz", false, "", ""});
  table.check("expires_at", "later", "expires_at > created_at");
  table.column({"revoked_at", "timestamptz", false, "", ""});
  table.index({who}, "the keys of one, in a list", "revoked_at IS NULL");
  table.says("Keys of programs; the key itself is not here");
  draft.query("A request comes with a key",
              fmt::format("SELECT {}, scopes FROM {} WHERE prefix = $1 AND secret_hash = sha256($2) AND revoked_at IS NULL AND "
                          "(expires_at IS NULL OR expires_at > now())",
                          ident(who), table.sql_name()),
              table.name + "_prefix_key");
  draft.query(
      "That it was used, once an hour",
      "UPDATE " + table.sql_name() +
          " SET last_used_at = now() WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 hour')",
      table.name + "_pkey");
  draft.warn("key-in-clear", "A key that is kept as it is opens everything to whoever reads a backup.",
             "its hash; 32 random bytes need no slow one");
  draft.elsewhere("Making the key, showing it once and checking scopes belong to the application.");
}

}  // namespace

extern const Pattern pattern_api_keys;
const Pattern pattern_api_keys = {"api-keys", "API keys with prefix, hash and scopes", &build};

}  // namespace pga::design
