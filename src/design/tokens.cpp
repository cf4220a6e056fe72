#include "design/tokens.h"

#include <fmt/format.h>

#include "base/quote.h"

namespace pga::design {

void make_tokens(Draft& draft, const Target& users, const std::string& purpose, const std::string& lifetime) {
  Table& table = draft.table(users.one + "_token");
  const std::string who = users.one + "_id";
  if (!table.existing && table.primary.empty()) {
    table.id();
    table.reference(who, users, OnDelete::cascade, true, "Whose token it is", false);
    table.one_of("purpose", {"verify_email", "reset_password", "sign_in"}, "", true, "What it is good for");
    table.column({"token_hash", "bytea", true, "", "SHA-256 of the token; the token itself is only in the message"});
    table.check("token_hash", "length", "octet_length(token_hash) = 32");
    table.unique({"token_hash"});
    table.text("sent_to", 3, 254, true, "The address at that time: a change of address does not move the proof");
    table.created_at();
    table.column({"expires_at", "timestamptz", true, "DEFAULT now() + interval '" + lifetime + "'",
                  "Short: a link in a mailbox is read by others"});
    table.check("expires_at", "later", "expires_at > created_at");
    table.column({"used_at", "timestamptz", false, "", "Set when it was taken; it is good once"});
    table.check("used_at", "later", "used_at >= created_at");
    table.index({who, "purpose"}, "one open token a person and purpose: asking again replaces it", "used_at IS NULL", true);
    table.index({"expires_at"}, "the daily purge of what is over", "used_at IS NULL");
    table.says("Single-use tokens that are sent to people; only their hashes are kept");
  }
  draft.assume("P20-lifetime", "a token for " + purpose + " is good for " + lifetime, "say `tokens expire after …`");
  draft.query("Once a day: what is over goes",
              fmt::format("DELETE FROM {} WHERE expires_at < now() - interval '7 days'", table.sql_name()),
              "idx_" + table.name + "_expires_at");
}

}  // namespace pga::design
