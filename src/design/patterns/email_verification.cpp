// Proof that an address belongs to the person: a time on the account, and single-use tokens of which only the hash is kept.
#include <fmt/format.h>

#include "base/quote.h"
#include "design/pattern.h"
#include "design/tokens.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  const auto users = statement.subject.empty() ? draft.people() : draft.target(statement.subject);
  Table& table = draft.table(users.one);
  std::string email = "email";
  if (!table.has(email)) {
    table.text("email", 3, 254, !table.existing, "The address");
    if (table.existing)
      draft.assume("R-existing-rows", table.name + ".email may be missing at first: rows that are there have none yet", "");
  }
  const std::string old =
      draft.decide({.id = users.one + "-verified-before",
                    .question = fmt::format("Do the {} that exist already count as verified?", table.name),
                    .options = {{"grandfather", "yes, as of when they signed up",
                                 "One batched UPDATE; nobody is locked out. What was never checked stays unchecked."},
                                {"unverified", "no, they verify as well",
                                 "No backfill; everybody gets a mail, and may be locked out until then."}},
                    .recommended = 0,
                    .reason = "A migration that locks out everybody is a support incident; new addresses are checked.",
                    .weight = 3,
                    .span = {},
                    .decided = {},
                    .by = {}});
  const std::string block = draft.decide(
      {.id = users.one + "-login-unverified",
       .question = "May somebody sign in before the address is verified?",
       .options = {{"allow", "yes, with a reminder", "Nothing in the schema: the application asks email_verified_at."},
                   {"block", "no", "The same column; the application refuses the sign-in."}},
       .recommended = 0,
       .reason = "Fewer people give up on the way; what needs a checked address can ask for it.",
       .weight = 1,
       .span = {},
       .decided = statement.options.contains("block_login") && statement.options.at("block_login") == "yes" ? "block" : "",
       .by = "the brief"});
  table.column({"email_verified_at", "timestamptz", false, "", "When the address was proven to be theirs; NULL until then"});
  if (table.existing && old == "grandfather") {
    const auto* known = draft.current().find(table.schema + "." + table.name);
    const bool dated = known != nullptr && known->column("created_at") != nullptr;
    draft.data("email_verified_at of those who were there before",
               fmt::format("UPDATE {} SET email_verified_at = {} WHERE email_verified_at IS NULL AND email IS NOT NULL",
                           table.sql_name(), dated ? "created_at" : "now()"));
  }
  make_tokens(draft, users, "verify_email", "24 hours");
  draft.before(
      table.name + "_reset_verification",
      fmt::format("CREATE FUNCTION {}() RETURNS trigger\n  LANGUAGE plpgsql\n  SET search_path = pg_catalog, pg_temp\n  AS "
                  "$$\nBEGIN\n  NEW.email_verified_at := NULL;\n  RETURN NEW;\nEND\n$$;\nCOMMENT ON FUNCTION {}() IS "
                  "'Trigger: an address that changes is not verified any more';",
                  ident(table.name + "_reset_verification"), ident(table.name + "_reset_verification")));
  table.after(
      fmt::format("-- A new address is not proven by the old one's proof.\nCREATE TRIGGER {} BEFORE UPDATE OF email ON {}\n  FOR "
                  "EACH ROW WHEN (OLD.email IS DISTINCT FROM NEW.email AND NEW.email_verified_at IS NOT DISTINCT FROM "
                  "OLD.email_verified_at)\n  EXECUTE FUNCTION {}();",
                  ident(table.name + "_reset_verification"), table.sql_name(), ident(table.name + "_reset_verification")));
  draft.elsewhere("Sending the mail, making the random token (32 bytes) and the page behind the link belong to the application.");
  draft.query(
      "The link is followed: take the token, once",
      fmt::format("UPDATE {0}_tokens SET used_at = now() WHERE token_hash = sha256($1) AND purpose = 'verify_email' AND used_at "
                  "IS NULL AND expires_at > now() RETURNING {0}_id, sent_to",
                  users.one),
      users.one + "_tokens_token_hash_key");
  if (block == "block")
    draft.query("At sign-in", "SELECT email_verified_at IS NOT NULL FROM " + table.sql_name() + " WHERE id = $1",
                "the primary key");
}

}  // namespace

extern const Pattern pattern_email_verification;
const Pattern pattern_email_verification = {"email-verification", "Addresses that are proven, with single-use hashed tokens",
                                            &build};

}  // namespace pga::design
