// Signing in with an account elsewhere.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement&) {
  auto& draft = build.draft;
  const auto users = draft.people();
  const std::string who = users.one + "_id";
  const std::string link = choose(draft, "oauth-linking", "When does an identity join an account that is there already?",
                                  {{"never", "never by itself: only who is signed in may add one",
                                    "Nobody takes over an account by an address at a careless provider."},
                                   {"verified", "when the provider says that the address is verified",
                                    "More convenient; as safe as the least careful provider."}},
                                  "An address at another provider proves nothing about the account here.", 3);
  Table& table = thing(draft, "identity");
  table.reference(who, users, OnDelete::cascade, true, "");
  table.text("provider", 1, 60, true, "'google', 'github', the issuer of a company");
  table.text("subject", 1, 255, true, "The provider's number of the person: never the address");
  table.unique({"provider", "subject"});
  table.text("email", 3, 254, false, "As the provider says it; only shown");
  if (link == "verified") table.column({"email_verified", "boolean", true, "DEFAULT false", "As the provider says it"});
  table.column(
      {"refresh_token", "bytea", false, "", "Encrypted by the application, whose key is not here; NULL when none is needed"});
  table.column({"last_used_at", "timestamptz", false, "", ""});
  table.says("Accounts elsewhere by which people sign in");
  Table& states = draft.table("oauth_state");
  states.column({"state_hash", "bytea", true, "", "SHA-256 of what went along and comes back"});
  states.check("state_hash", "length", "octet_length(state_hash) = 32");
  states.column({"code_verifier", "text", true, "", "PKCE"});
  states.check("code_verifier", "shape", "code_verifier ~ '^[A-Za-z0-9._~-]{43,128}$'");
  states.column({"expires_at", "timestamptz", true, "DEFAULT now() + interval '10 minutes'", ""});
  states.key({"state_hash"});
  states.index({"expires_at"}, "the purge of what is over");
  states.says("Sign-ins that are on their way");
  draft.query("Who comes back",
              fmt::format("SELECT {} FROM {} WHERE provider = $1 AND subject = $2", ident(who), table.sql_name()),
              table.name + "_provider_subject_key");
  draft.warn("keyed-by-email", "Addresses are given to others; the subject is not.", "the key is (provider, subject)");
  draft.warn("last-identity", "Who removes the last identity and has no password cannot sign in again.",
             "count before the DELETE, with the account's row locked");
  draft.elsewhere("Redirects, tokens and signatures belong to the application.");
}

}  // namespace

extern const Pattern pattern_oauth;
const Pattern pattern_oauth = {"oauth", "Identities of other providers, linked to accounts", &build};

}  // namespace pga::design
