// Accounts: who may sign in, with the secret apart from what everybody reads.
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
  Table& table = draft.table(users.one);
  const std::string by =
      choose(draft, users.one + "-signs-in-by", "What do people sign in with?",
             {{"email", "an e-mail address", "Unique whatever the case, by an index on lower(email)."},
              {"phone", "a telephone number", "Unique in E.164; numbers are given to others after some months."},
              {"either", "either of them", "Both unique; at least one."}},
             "Addresses stay with people; numbers change hands.", 3);
  if (by != "phone") {
    if (!table.has("email"))
      table.text("email", 3, 254, !table.existing && by == "email", "As it was typed; compared without case");
    table.check("email", "shape", "email ~ '^[^@[:space:]]+@[^@[:space:]]+[.][^@[:space:]]+$'");
    table.special_index({"idx_" + table.name + "_email_lower", true,
                         "(lower(email))" + std::string(table.has("deleted_at") ? " WHERE deleted_at IS NULL" : ""),
                         "the account at the sign-in; an address stands once"});
  }
  if (by != "email") {
    table.column({"phone", "text", !table.existing && by == "phone", "", "E.164: '+353861234567'"});
    table.check("phone", "shape", "phone ~ '^[+][1-9][0-9]{6,14}$'");
    table.unique({"phone"});
  }
  if (by == "either") table.check("", "reachable", "num_nonnulls(email, phone) >= 1", "One of them at least");
  if (!table.has("status")) table.one_of("status", {"active", "suspended", "closed"}, "active");
  if (!table.existing) table.created_at();
  Table& passwords = draft.table(users.one + "_password");
  passwords.reference(users.one + "_id", users, OnDelete::cascade, true, "", false);
  passwords.column({"hash", "text", true, "", "argon2id or bcrypt, made by the application; the password is nowhere"});
  passwords.check("hash", "shape", "hash ~ '^[$](argon2id|2[aby])[$]'",
                  "What is no such hash is a mistake of the application: a clear password would be refused here");
  passwords.column({"changed_at", "timestamptz", true, "DEFAULT now()", ""});
  passwords.key({users.one + "_id"});
  passwords.says("Secrets, apart: SELECT * FROM " + table.name + " never shows them, and rights differ");
  if (by != "phone")
    draft.query(
        "At the sign-in",
        fmt::format(
            "SELECT u.{}, p.hash FROM {} u JOIN {} p ON p.{} = u.{} WHERE lower(u.email) = lower($1) AND u.status = 'active'",
            ident(users.key[0]), table.sql_name(), passwords.sql_name(), ident(users.one + "_id"), ident(users.key[0])),
        "idx_" + table.name + "_email_lower");
  draft.warn("email-folding", "Dots and +tags in addresses mean different things at different providers: do not fold them.", "");
  if (table.existing)
    draft.warn("email-doubles", "Accounts whose addresses differ only in case refuse the unique index.",
               "SELECT lower(email), count(*) FROM " + table.sql_name() + " GROUP BY 1 HAVING count(*) > 1");
  draft.elsewhere("The sign-in form, hashing and sessions in cookies belong to the application.");
}

}  // namespace

extern const Pattern pattern_accounts;
const Pattern pattern_accounts = {"accounts", "Accounts by e-mail or phone, the password's hash apart", &build};

}  // namespace pga::design
