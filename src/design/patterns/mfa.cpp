// A second proof at the sign-in: authenticator, passkey or telephone, and codes for emergencies.
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
  const std::string many = choose(draft, "mfa-factors", "May one person have several second factors?",
                                  {{"several", "yes", "A row each; who loses one has another."},
                                   {"one", "one", "A unique key; who loses it needs a recovery code."}},
                                  "People lose telephones.", 2);
  Table& factors = thing(draft, "mfa_factor");
  factors.reference(who, users, OnDelete::cascade, true, "", false);
  factors.one_of("kind", {"totp", "webauthn", "phone"}, "");
  factors.text("friendly_name", 0, 120, true, "'My telephone'");
  factors.find("friendly_name")->tail = "DEFAULT ''";
  factors.column({"secret", "bytea", false, "", "Of an authenticator; encrypted by the application, whose key is not here"});
  factors.column({"credential_id", "bytea", false, "", "Of a passkey"});
  factors.column({"public_key", "bytea", false, "", "Of a passkey"});
  factors.column({"sign_count", "bigint", false, "", "Of a passkey: one that goes back was copied"});
  factors.column({"phone", "text", false, "", "E.164; personal"});
  factors.check("phone", "shape", "phone ~ '^[+][1-9][0-9]{6,14}$'");
  factors.check("kind", "parts",
                "(kind = 'totp') = (secret IS NOT NULL) AND (kind = 'webauthn') = (credential_id IS NOT NULL AND public_key IS "
                "NOT NULL AND sign_count IS NOT NULL) AND (kind = 'phone') = (phone IS NOT NULL)",
                "Each kind has what it needs, and nothing of the others");
  factors.unique({"credential_id"});
  factors.column({"verified_at", "timestamptz", false, "", "NULL until it was used once: before that it does not count"});
  factors.index({who, "friendly_name"}, "the factors of one; names differ", "friendly_name <> ''", true);
  if (many == "one") {
    factors.unique({who}, "One each");
  } else {
    factors.index({who}, "the factors of one at the sign-in");
  }
  factors.says("What proves a second time who somebody is");
  Table& codes = draft.table("recovery_code");
  codes.reference(who, users, OnDelete::cascade, true, "", false);
  codes.column({"code_hash", "bytea", true, "", "SHA-256; shown once"});
  codes.check("code_hash", "length", "octet_length(code_hash) = 32");
  codes.column({"used_at", "timestamptz", false, "", "Good once"});
  codes.key({who, "code_hash"});
  codes.says("Codes for when everything is lost, a row each");
  Table& challenges = thing(draft, "mfa_challenge");
  challenges.reference("factor_id", draft.target(factors.name), OnDelete::cascade, true, "");
  challenges.column({"expires_at", "timestamptz", true, "DEFAULT now() + interval '5 minutes'", ""});
  challenges.check("expires_at", "later", "expires_at > created_at");
  challenges.column({"attempts", "smallint", true, "DEFAULT 0", "Five, then another challenge"});
  challenges.check("attempts", "range", "attempts BETWEEN 0 AND 5");
  challenges.column({"solved_at", "timestamptz", false, "", ""});
  challenges.index({"expires_at"}, "the purge of what is over");
  challenges.says("Sign-ins that wait for their second proof");
  draft.query("The factors of one",
              fmt::format("SELECT id, kind, friendly_name FROM {} WHERE {} = $1 AND verified_at IS NOT NULL", factors.sql_name(),
                          ident(who)),
              many == "one" ? factors.name + "_" + who + "_key" : "idx_" + factors.name + "_" + who);
  draft.query(
      "A recovery code, once",
      fmt::format("UPDATE {} SET used_at = now() WHERE {} = $1 AND code_hash = sha256($2) AND used_at IS NULL RETURNING 1",
                  codes.sql_name(), ident(who)),
      codes.name + "_pkey");
  draft.warn("backup-codes-in-text", "Codes in one text column cannot be used once each.", "a row each, as here");
}

}  // namespace

extern const Pattern pattern_mfa;
const Pattern pattern_mfa = {"mfa", "Second factors, recovery codes and challenges", &build};

}  // namespace pga::design
