// Comments on one kind of thing: who wrote what, when, and in answer to what.
#include <fmt/format.h>

#include "base/quote.h"
#include "design/pattern.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  const auto target = draft.target(statement.subject);
  const auto users = statement.role.empty() ? draft.people() : draft.target(statement.role);
  Table& table = draft.table(statement.object.empty() ? target.one + "_comment" : statement.object);
  const std::string name = table.name, on = target.one + "_id";

  const std::string replies = draft.decide(
      {.id = singular_of(name) + "-replies",
       .question = fmt::format("Can a {} answer another {}?", singular_of(name), singular_of(name)),
       .options = {{"one-level", "yes, one level deep",
                    "One nullable parent_id; a page reads with one index scan. Deeper threads need no other columns."},
                   {"tree", "yes, to any depth",
                    "The same column; a whole thread needs a recursive query (about 5 ms for thousands of rows)."},
                   {"flat", "no", "No parent_id; adding it later is instant."}},
       .recommended = 0,
       .reason = "The column costs nothing while it is empty, and most discussions get answers.",
       .weight = 2,
       .span = {},
       .decided = statement.options.contains("replies") && statement.options.at("replies") == "no" ? "flat" : "",
       .by = "the brief"});
  const std::string gone = draft.decide(
      {.id = singular_of(name) + "-author-gone",
       .question = fmt::format("What becomes of {} when their author is deleted?", name),
       .options = {{"keep", "they stay, without an author", "author_id becomes NULL; discussions stay readable."},
                   {"delete", "they are deleted too",
                    "ON DELETE CASCADE: one DELETE may remove thousands of rows, and the answers to them lose their question."},
                   {"refuse", "the author cannot be deleted", "ON DELETE RESTRICT: the account has to be emptied first."}},
       .recommended = 0,
       .reason = "What others answered to stays; the person is gone from it.",
       .weight = 3,
       .span = {},
       .decided = statement.options.contains("author_gone") && statement.options.at("author_gone") == "delete" ? "delete" : "",
       .by = "the brief"});
  const std::string removal = draft.decide(
      {.id = singular_of(name) + "-removal",
       .question = fmt::format("What does deleting a {} do?", singular_of(name)),
       .options = {{"tombstone", "it is marked, its text hidden",
                    "deleted_at; the thread keeps its shape, an undo is possible; queries leave such rows out."},
                   {"hard", "the row goes", "Smaller, and nothing to hide; answers move up to the top level."}},
       .recommended = replies == "flat" ? 1U : 0U,
       .reason = replies == "flat" ? "Without answers nothing hangs on the row." : "Answers below it would lose their place.",
       .weight = 1,
       .span = {},
       .decided = {},
       .by = {}});

  table.id();
  table.reference(on, target, OnDelete::cascade, true, "What is commented on", false);
  const OnDelete action = gone == "delete" ? OnDelete::cascade : gone == "refuse" ? OnDelete::restrict_ : OnDelete::set_null;
  table.reference("author_id", users, action, gone != "keep",
                  gone == "keep" ? "Who wrote it; NULL once that account is gone" : "Who wrote it", false);
  if (replies != "flat") {
    table.column({"parent_id", table.find("id") != nullptr ? table.find("id")->type : "bigint", false, "",
                  "The comment that this one answers; NULL at the top"});
  }
  table.text("body", 1, 10000, true, "The text as it was written; the application renders it");
  table.created_at();
  table.column({"edited_at", "timestamptz", false, "", "NULL until the text is changed"});
  if (removal == "tombstone")
    table.column({"deleted_at", "timestamptz", false, "", "Set when it was removed; the row keeps the thread whole"});
  if (replies != "flat") {
    table.rule({name + "_" + on + "_id_key", "UNIQUE (" + ident(on) + ", id)", "What an answer's foreign key needs"});
    const std::string put = draft.major() >= 15 ? " ON DELETE SET NULL (parent_id)" : " ON DELETE NO ACTION";
    table.rule({name + "_parent_fkey",
                fmt::format("FOREIGN KEY ({0}, parent_id) REFERENCES {1} ({0}, id){2}", ident(on), table.sql_name(), put),
                fmt::format("An answer is about the same {} as what it answers", target.one)});
    table.check("parent_id", "not_itself", "parent_id <> id");
    table.index({on, "parent_id"}, "the answers to a comment; the check when it is deleted", "parent_id IS NOT NULL");
  }
  table.index({on, "created_at", "id"}, fmt::format("the {} of one {}, oldest first, page by page", name, target.one));
  table.index({"author_id", "created_at DESC"}, "what one person wrote, newest first; the check when the account goes",
              gone == "keep" ? "author_id IS NOT NULL" : "");
  table.says(fmt::format("What people say about each {}", target.one));
  draft.query(fmt::format("The {} of one {}, 50 a page", name, target.one),
              fmt::format("SELECT id, author_id, body, created_at FROM {} WHERE {} = $1 AND (created_at, id) > ($2, $3) ORDER BY "
                          "created_at, id LIMIT 50",
                          table.sql_name(), ident(on)),
              fmt::format("idx_{}_{}_created_at_id", name, on));
  draft.query("What one person wrote",
              fmt::format("SELECT id, {}, body, created_at FROM {} WHERE author_id = $1 ORDER BY created_at DESC LIMIT 20",
                          ident(on), table.sql_name()),
              fmt::format("idx_{}_author_id_created_at", name));
  draft.warn("far-cascade",
             fmt::format("Deleting {} deletes all its {}: a row with very many of them holds locks for long.",
                         with_article(target.one), name),
             fmt::format("mark the {} as deleted instead, or delete its {} in batches first", target.one, name));
  draft.warn("offset-paging", fmt::format("OFFSET reads what it skips: page through {} by (created_at, id).", name),
             "use the keyset query below");
}

}  // namespace

extern const Pattern pattern_comments;
const Pattern pattern_comments = {"comments", "Comments with answers, whose author may go", &build};

}  // namespace pga::design
