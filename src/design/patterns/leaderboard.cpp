// Who is best, by points, each week or for ever.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  const std::string player = first_known(draft, {statement.subject, "player"});
  const auto users = player.empty() ? draft.people() : draft.target(player);
  const std::string who = users.one + "_id";
  const std::string kind = choose(draft, "leaderboard-rows", "What is kept?",
                                  {{"best", "the best score of each", "One row each: the top and the rank are index scans."},
                                   {"all", "every result, and the best", "Who doubts can look; grows with every game."}},
                                  "A board shows the best.", 2);
  Table& boards = thing(draft, "board");
  boards.text("name", 1, 120);
  boards.unique({"name"});
  boards.column({"runs", "tstzrange", true, "DEFAULT tstzrange(now(), NULL)", "A week, a season, or without an end"});
  boards.check("runs", "not_empty", "NOT isempty(runs)");
  boards.says("One list: this week's, this season's, of all time");
  const auto board = draft.target(boards.name);
  Table& scores = draft.table("score");
  scores.reference("board_id", board, OnDelete::cascade, true, "", false);
  scores.reference(who, users, OnDelete::cascade, true, "");
  scores.column({"score", "bigint", true, "", ""});
  scores.column({"achieved_at", "timestamptz", true, "DEFAULT now()", "Of two with the same score the earlier is first"});
  scores.key({"board_id", who});
  scores.index({"board_id", "score DESC", "achieved_at", who}, "the top of a board; the rank of one: those before it");
  scores.says("The best of each on each board");
  if (kind == "all") {
    Table& results = thing(draft, "result");
    results.reference("board_id", board, OnDelete::cascade, true, "", false);
    results.reference(who, users, OnDelete::cascade, true, "");
    results.column({"score", "bigint", true, "", ""});
    results.index({"board_id", who, "created_at DESC"}, "the results of one, newest first");
    refuse_changes(draft, results, "UPDATE");
    results.says("Every result, as it came");
  }
  draft.query("The top 100",
              fmt::format("SELECT {}, score FROM {} WHERE board_id = $1 ORDER BY score DESC, achieved_at, {} LIMIT 100",
                          ident(who), scores.sql_name(), ident(who)),
              "idx_" + scores.name + "_board_id_score_achieved_at_" + who);
  draft.query("A better score counts",
              fmt::format("INSERT INTO {0} AS s (board_id, {1}, score) VALUES ($1, $2, $3) ON CONFLICT (board_id, {1}) DO UPDATE "
                          "SET score = excluded.score, achieved_at = excluded.achieved_at WHERE s.score < excluded.score",
                          scores.sql_name(), ident(who)),
              scores.name + "_pkey");
  draft.query("The rank of one",
              fmt::format("SELECT 1 + count(*) FROM {0} o, (SELECT score, achieved_at, {1} FROM {0} WHERE board_id = $1 AND {1} "
                          "= $2) me WHERE o.board_id = $1 AND (o.score > me.score OR (o.score = me.score AND (o.achieved_at, "
                          "o.{1}) < (me.achieved_at, me.{1})))",
                          scores.sql_name(), ident(who)),
              "idx_" + scores.name + "_board_id_score_achieved_at_" + who);
  draft.warn("rank-over-all", "rank() OVER the whole board sorts everybody for each request.",
             "count those who are better, as above; ranks of the far end once a minute");
}

}  // namespace

extern const Pattern pattern_leaderboard;
const Pattern pattern_leaderboard = {"leaderboard", "Best scores with exact ranks", &build};

}  // namespace pga::design
