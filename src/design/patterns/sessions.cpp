// Sessions that can be ended, with the hash of their token.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  const auto users = draft.people();
  const std::string who = users.one + "_id";
  const std::string kind = choose(
      draft, "session-refresh", "Do sessions renew themselves by refresh tokens?",
      {{"no", "no: one token while the session lasts", "One row; ending it is one UPDATE."},
       {"rotate", "yes, each renewal replaces the token", "A row each renewal; a stolen token is noticed when both use it."}},
      "A browser keeps a cookie; rotation is for devices and other programs.", 2);
  Table& table = draft.table(statement.object.empty() ? "session" : statement.object);
  if (!table.existing) {
    table.column({"id", "uuid", true, "DEFAULT gen_random_uuid()", ""});
    table.key({"id"});
  }
  table.reference(who, users, OnDelete::cascade, true, "", false);
  if (kind == "no") {
    table.column({"token_hash", "bytea", true, "", "SHA-256; the token itself is only in the cookie"});
    table.check("token_hash", "length", "octet_length(token_hash) = 32");
    table.unique({"token_hash"});
  }
  table.created_at();
  table.column({"last_seen_at", "timestamptz", true, "DEFAULT now()", "Written once a minute at most, not by every request"});
  table.column({"expires_at", "timestamptz", true, "DEFAULT now() + interval '30 days'", ""});
  table.check("expires_at", "later", "expires_at > created_at");
  table.column({"revoked_at", "timestamptz", false, "", "When it was ended"});
  table.column({"ip", "inet", false, "", "Personal"});
  table.text("user_agent", 0, 400, false, "Which device, for the list");
  table.index({who}, "the open sessions of one person; all of them end", "revoked_at IS NULL");
  table.index({"expires_at"}, "the purge of what is over");
  table.storage = "WITH (fillfactor = 80)";
  table.says("Who is signed in, and where");
  if (kind == "rotate") {
    Table& tokens = draft.table("refresh_token");
    tokens.column({"session_id", "uuid", true, "", ""});
    tokens.rule({tokens.name + "_session_id_fkey",
                 "FOREIGN KEY (session_id) REFERENCES " + table.sql_name() + " (id) ON DELETE CASCADE", ""});
    tokens.column({"generation", "integer", true, "", "1, 2, 3: an older one that comes again is stolen, and the session ends"});
    tokens.check("generation", "range", "generation > 0");
    tokens.column({"token_hash", "bytea", true, "", "SHA-256"});
    tokens.check("token_hash", "length", "octet_length(token_hash) = 32");
    tokens.unique({"token_hash"});
    tokens.created_at();
    tokens.key({"session_id", "generation"});
    tokens.says("Every token that a session has had");
    draft.query("A token comes: is it the newest",
                "SELECT session_id, generation, generation = (SELECT max(generation) FROM " + tokens.sql_name() +
                    " n WHERE n.session_id = t.session_id) AS newest FROM " + tokens.sql_name() +
                    " t WHERE token_hash = sha256($1)",
                tokens.name + "_token_hash_key");
  } else {
    draft.query("Whose request is it",
                fmt::format("SELECT {} FROM {} WHERE token_hash = sha256($1) AND revoked_at IS NULL AND expires_at > now()",
                            ident(who), table.sql_name()),
                table.name + "_token_hash_key");
  }
  draft.query("Sign out everywhere",
              fmt::format("UPDATE {} SET revoked_at = now() WHERE {} = $1 AND revoked_at IS NULL", table.sql_name(), ident(who)),
              "idx_" + table.name + "_" + who);
  draft.query("Once a day: what is over goes",
              "DELETE FROM " + table.sql_name() + " WHERE expires_at < now() - interval '7 days'",
              "idx_" + table.name + "_expires_at");
  draft.warn("last-seen", "Writing last_seen_at by every request is a write for every reading.",
             "WHERE last_seen_at < now() - interval '1 minute'");
}

}  // namespace

extern const Pattern pattern_sessions;
const Pattern pattern_sessions = {"sessions", "Sessions that can be listed and ended", &build};

}  // namespace pga::design
