// Who belongs to which team, and who is asked to.
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
  std::string place = first_known(draft, {singular_of(statement.subject) == users.one ? "" : statement.subject, "team",
                                          "organisation", "organization", "workspace", "tenant", "company"});
  if (place.empty()) place = "team";
  Table& places = thing(draft, place);
  if (!places.existing) places.text("name", 1, 200);
  const auto team = draft.target(place);
  const std::string on = team.one + "_id", who = users.one + "_id";
  const std::string owners =
      choose(draft, team.one + "-last-owner", fmt::format("Must a {} always have an owner?", spoken(team.one)),
             {{"yes", "yes: the last one cannot leave", "A trigger at the end of the transaction, with the row locked."},
              {"no", "no", "Nothing; the application asks."}},
             "Nobody could let anybody in any more.", 2);
  Table& members = draft.table("membership");
  members.reference(on, team, OnDelete::cascade, true, "", false);
  members.reference(who, users, OnDelete::cascade, true, "", false);
  members.one_of("role", {"owner", "admin", "member"}, "member");
  members.created_at();
  members.key({on, who});
  members.index({who}, "where one belongs; the check when the account goes");
  members.says("Who belongs to which " + spoken(team.one) + ", as what");
  if (owners == "yes") {
    const std::string name = members.name + "_keep_owner";
    trigger_function(
        draft, name,
        fmt::format("BEGIN\n  -- The lock: two owners who leave at once are looked at one after the other. No row: the {3} "
                    "itself went.\n  PERFORM FROM {0} WHERE {2} = OLD.{1} FOR UPDATE;\n  IF FOUND AND NOT EXISTS (SELECT FROM "
                    "{4} WHERE {1} = OLD.{1} AND role = 'owner') THEN\n    RAISE EXCEPTION '{5}: % would be without an "
                    "owner', OLD.{1} USING ERRCODE = 'check_violation', CONSTRAINT = '{5}';\n  END IF;\n  RETURN NULL;\nEND",
                    qualified(places), ident(on), ident(team.key[0]), spoken(team.one), qualified(members), name),
        "one owner stays");
    members.after(
        fmt::format("CREATE CONSTRAINT TRIGGER {0} AFTER DELETE OR UPDATE OF role, {1} ON {2}\n  DEFERRABLE INITIALLY DEFERRED "
                    "FOR EACH ROW WHEN (OLD.role = 'owner') EXECUTE FUNCTION {0}();",
                    ident(name), ident(on), members.sql_name()));
  }
  Table& invitations = thing(draft, "invitation");
  invitations.reference(on, team, OnDelete::cascade, true, "", false);
  invitations.text("email", 3, 254, true, "Who is asked; personal");
  invitations.one_of("role", {"admin", "member"}, "member", true, "As what");
  invitations.column({"token_hash", "bytea", true, "", "SHA-256; the token is only in the mail"});
  invitations.check("token_hash", "length", "octet_length(token_hash) = 32");
  invitations.unique({"token_hash"});
  invitations.reference("invited_by", users, OnDelete::set_null, false, "Who asked");
  invitations.column({"expires_at", "timestamptz", true, "DEFAULT now() + interval '7 days'", ""});
  invitations.check("expires_at", "later", "expires_at > created_at");
  invitations.column({"accepted_at", "timestamptz", false, "", ""});
  invitations.column({"revoked_at", "timestamptz", false, "", ""});
  invitations.check("", "one_end", "num_nonnulls(accepted_at, revoked_at) <= 1", "Accepted or taken back");
  invitations.special_index({"idx_" + invitations.name + "_open", true,
                             "(" + ident(on) + ", lower(email)) WHERE accepted_at IS NULL AND revoked_at IS NULL",
                             "who is asked; once while it is open"});
  invitations.says("Who is asked to join, and has not answered");
  draft.query("The link is followed: take it, once",
              "UPDATE " + invitations.sql_name() +
                  " SET accepted_at = now() WHERE token_hash = sha256($1) AND accepted_at IS NULL AND revoked_at IS NULL AND "
                  "expires_at > now() RETURNING " +
                  ident(on) + ", role",
              invitations.name + "_token_hash_key");
  draft.query("Where one belongs",
              fmt::format("SELECT t.*, m.role FROM {} m JOIN {} t ON t.{} = m.{} WHERE m.{} = $1", members.sql_name(), team.table,
                          ident(team.key[0]), ident(on), ident(who)),
              "idx_" + members.name + "_" + who);
  draft.warn("invited-email", "Who has the link has the invitation, whatever address it was sent to.",
             "compare the address with the account's verified one");
}

}  // namespace

extern const Pattern pattern_memberships;
const Pattern pattern_memberships = {"memberships", "Memberships and invitations, with one owner at least", &build};

}  // namespace pga::design
