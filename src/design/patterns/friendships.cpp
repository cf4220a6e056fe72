// Friends: one row for both, asked for and accepted.
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
  const std::string kind =
      choose(draft, "friendship-rows", "How many rows is a friendship?",
             {{"one", "one, the smaller id first", "One truth; both sides are read by two indexes."},
              {"two", "two, one for each side", "Simple reading; every change writes both, in one transaction."}},
             "Two rows can disagree.", 2);
  Table& table = draft.table("friendship");
  if (kind == "two") {
    table.reference("user_id", users, OnDelete::cascade, true, "", false);
    table.reference("friend_id", users, OnDelete::cascade, true, "", true);
    table.one_of("status", {"asked", "pending", "accepted", "blocked"}, "pending");
    table.created_at();
    table.key({"user_id", "friend_id"});
    table.check("", "not_itself", "user_id <> friend_id");
    draft.query("The friends of one", "SELECT friend_id FROM " + table.sql_name() + " WHERE user_id = $1 AND status = 'accepted'",
                table.name + "_pkey");
    draft.warn("two-rows", "Nothing demands the other row.", "write both in one function");
    return;
  }
  table.reference("user_lo", users, OnDelete::cascade, true, "The smaller of the two", false);
  table.reference("user_hi", users, OnDelete::cascade, true, "The greater of the two", false);
  table.column({"requested_by", users.types[0], true, "", "Which of the two asked"});
  table.check("requested_by", "of_the_two", "requested_by IN (user_lo, user_hi)");
  table.one_of("status", {"pending", "accepted", "blocked"}, "pending");
  table.created_at();
  table.column({"answered_at", "timestamptz", false, "", "NULL while it is open"});
  table.check("answered_at", "given", "(status = 'pending') = (answered_at IS NULL)", "Both directions");
  table.key({"user_lo", "user_hi"});
  table.check("", "in_order", "user_lo < user_hi", "(1, 2) and (2, 1) are the same friendship");
  table.index({"user_hi"}, "the friends of one whose id is the greater");
  table.says("Who is friends with whom; one row a pair");
  draft.query("The friends of one",
              fmt::format("SELECT user_hi FROM {0} WHERE user_lo = $1 AND status = 'accepted' UNION ALL SELECT user_lo FROM {0} "
                          "WHERE user_hi = $1 AND status = 'accepted'",
                          table.sql_name()),
              "idx_" + table.name + "_user_hi");
  draft.query("Ask",
              fmt::format("INSERT INTO {0} (user_lo, user_hi, requested_by) SELECT least(a, b), greatest(a, b), a FROM (SELECT "
                          "$1::{1} AS a, $2::{1} AS b) p ON CONFLICT DO NOTHING",
                          table.sql_name(), users.types[0]),
              table.name + "_pkey");
  draft.warn("asked-again", "Whether somebody who was refused may ask again is decided by deleting the row or keeping it.", "");
}

}  // namespace

extern const Pattern pattern_friendships;
const Pattern pattern_friendships = {"friendships", "Friendships: one row a pair, requested, accepted, blocked", &build};

}  // namespace pga::design
