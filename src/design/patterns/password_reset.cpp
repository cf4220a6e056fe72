// A way back in: single-use tokens, sent by mail, of which only the hash is kept.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tokens.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement&) {
  auto& draft = build.draft;
  const auto users = draft.people();
  const std::string ends =
      choose(draft, users.one + "-reset-sessions", "What happens to open sessions when the password is reset?",
             {{"end", "all of them end", "Whoever stole the password is out."},
              {"stay", "they stay", "Nobody is signed out; neither is the thief."}},
             "A reset often follows a theft.", 2);
  make_tokens(draft, users, "reset_password", "1 hour");
  const auto* tokens = draft.find(users.one + "_token");
  draft.query("The link is followed: take the token, once",
              fmt::format("UPDATE {} SET used_at = now() WHERE token_hash = sha256($1) AND purpose = 'reset_password' AND "
                          "used_at IS NULL AND expires_at > now() RETURNING {}",
                          tokens->sql_name(), ident(users.one + "_id")),
              tokens->name + "_token_hash_key");
  const std::string sessions = first_known(draft, {"session", users.one + "_session"});
  if (ends == "end" && !sessions.empty() && draft.table(sessions).has("revoked_at"))
    draft.query("In the same transaction: all sessions end",
                fmt::format("UPDATE {} SET revoked_at = now() WHERE {} = $1 AND revoked_at IS NULL",
                            draft.table(sessions).sql_name(), ident(users.one + "_id")),
                "idx_" + draft.table(sessions).name + "_" + users.one + "_id");
  draft.warn("account-enumeration", "An answer that differs for unknown addresses tells who has an account.",
             "the same words and the same time for both");
  draft.warn("reset-to-old-address",
             "A token belongs to the address that it was sent to (sent_to): after a change it is no proof of the new one.", "");
  draft.elsewhere("Sending the mail, making the random token (32 bytes) and the page behind the link belong to the application.");
}

}  // namespace

extern const Pattern pattern_password_reset;
const Pattern pattern_password_reset = {"password-reset", "Password reset with single-use hashed tokens", &build};

}  // namespace pga::design
