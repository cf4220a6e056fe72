// Who follows whom.
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
  const bool other = !statement.subject.empty() && singular_of(statement.subject) != users.one;
  const auto target = other ? draft.target(statement.subject) : users;
  std::string approval = statement.options.contains("approval") ? statement.options.at("approval") : "";
  for (const auto& decision : build.understood.decisions) {
    if (decision.id.ends_with("-follow-approval")) approval = draft.decide(decision);
  }
  if (approval.empty())
    approval = choose(
        draft, target.one + "-follow-approval", "Must a follower be approved?",
        {{"no", "no", "A row is a follower."}, {"yes", "yes, for private accounts", "A status; every reading asks for it."}},
        "Most feeds are public.", 2);
  const bool asks = approval != "no" && approval != "open" && approval != "none";
  Table& follows = draft.table(other ? target.one + "_follow" : "follow");
  const std::string by = other ? users.one + "_id" : "follower_id", whom = other ? target.one + "_id" : "followed_id";
  follows.reference(by, users, OnDelete::cascade, true, "Who follows", false);
  follows.reference(whom, target, OnDelete::cascade, true, "Who or what is followed", false);
  if (asks) follows.one_of("status", {"requested", "accepted"}, "requested");
  follows.created_at();
  follows.key({by, whom});
  if (!other) follows.check("", "not_itself", by + " <> " + whom);
  follows.index({whom, "created_at DESC"}, "the followers, newest first: the key begins with who follows",
                asks ? "status = 'accepted'" : "");
  if (asks) follows.index({whom}, "who asks to be let in", "status = 'requested'");
  follows.says("Who follows whom");
  draft.query("Whom one follows", fmt::format("SELECT {} FROM {} WHERE {} = $1", whom, follows.sql_name(), by),
              follows.name + "_pkey");
  draft.query("The followers, newest first",
              fmt::format("SELECT {} FROM {} WHERE {} = $1{} ORDER BY created_at DESC LIMIT 50", by, follows.sql_name(), whom,
                          asks ? " AND status = 'accepted'" : ""),
              "idx_" + follows.name + "_" + whom + "_created_at");
  draft.warn("celebrity", "Writing into the feed of each follower is a million rows for some.",
             "read the feed from whom one follows; write ahead only for the others");
}

}  // namespace

extern const Pattern pattern_follows;
const Pattern pattern_follows = {"follows", "Followers, without their consent or with it", &build};

}  // namespace pga::design
