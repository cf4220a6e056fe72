// Likes, votes and emoji: each person once, or once of each kind.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  std::string what = statement.subject.empty() || singular_of(statement.subject) == draft.people().one
                         ? first_known(draft, {"post", "comment", "article", "event", "photo"})
                         : statement.subject;
  const auto target = draft.target(what.empty() ? "post" : what);
  const auto users = draft.people();
  const std::string on = target.one + "_id", who = users.one + "_id";
  const std::string kind =
      choose(draft, target.one + "-reactions", fmt::format("How may one person react to one {}?", spoken(target.one)),
             {{"once", "with one reaction", "The key is the pair: the second replaces the first."},
              {"each-kind", "with several, each kind once", "The kind is part of the key; more rows."},
              {"vote", "up or down", "A number, so that the sum is the score."}},
             "A like is a yes; several emoji are wanted by chats.", 2);
  Table& reactions = draft.table(target.one + "_reaction");
  reactions.reference(on, target, OnDelete::cascade, true, "", false);
  reactions.reference(who, users, OnDelete::cascade, true, "", false);
  if (kind == "vote") {
    reactions.column({"value", "smallint", true, "", "1 up, -1 down"});
    reactions.check("value", "known", "value IN (-1, 1)");
  } else {
    reactions.one_of("kind", {"like", "love", "laugh", "surprise", "sad", "angry"}, "like");
  }
  reactions.created_at();
  reactions.key(kind == "each-kind" ? std::vector<std::string>{on, who, "kind"} : std::vector<std::string>{on, who});
  reactions.index({who, "created_at DESC"}, "what one person reacted to, newest first; the check when the account goes");
  reactions.says(fmt::format("How people react to each {}", spoken(target.one)));
  if (kind == "vote") {
    draft.query("The score", fmt::format("SELECT coalesce(sum(value), 0) FROM {} WHERE {} = $1", reactions.sql_name(), ident(on)),
                reactions.name + "_pkey");
  } else {
    draft.query("How many of each",
                fmt::format("SELECT kind, count(*) FROM {} WHERE {} = $1 GROUP BY kind", reactions.sql_name(), ident(on)),
                reactions.name + "_pkey");
  }
  draft.query(
      "React, or think again",
      fmt::format("INSERT INTO {0} ({1}, {2}, {3}) VALUES ($1, $2, $3) ON CONFLICT ({1}, {2}{4}) DO {5}", reactions.sql_name(),
                  ident(on), ident(who), kind == "vote" ? "value" : "kind", kind == "each-kind" ? ", kind" : "",
                  kind == "each-kind" ? "NOTHING"
                  : kind == "vote"    ? "UPDATE SET value = excluded.value"
                                      : "UPDATE SET kind = excluded.kind"),
      reactions.name + "_pkey");
  draft.warn("count-on-view", "Counting on every view of a page reads all reactions of it.",
             "above a hundred readings a reaction: add counters (`show number of " + spoken(reactions.name) + "`)");
}

}  // namespace

extern const Pattern pattern_reactions;
const Pattern pattern_reactions = {"reactions", "Likes and reactions, each person once", &build};

}  // namespace pga::design
