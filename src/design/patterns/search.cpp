// Search in texts: whole words with their forms, fragments and typos.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  std::string what = statement.subject == "box" ? "" : statement.subject;
  if (what.empty()) what = first_known(draft, {"article", "post", "document", "product", "event", "page"});
  Table& table = thing(draft, what.empty() ? "article" : what);
  std::string title, body;
  for (const char* name : {"title", "name", "headline", "subject"}) {
    if (title.empty() && table.has(name)) title = name;
  }
  for (const char* name : {"body", "description", "content", "text", "summary"}) {
    if (body.empty() && table.has(name)) body = name;
  }
  if (title.empty() && body.empty()) {
    table.text("title", 1, 200, !table.existing);
    table.text("body", 0, 100000, !table.existing);
    title = "title";
    body = "body";
  }
  const std::string kind = choose(
      draft, singular_of(table.name) + "-search", "What is searched for?",
      {{"both", "whole words, and fragments or typos of the title", "Two GIN indexes: every change of the text writes both."},
       {"words", "whole words with their forms", "One GIN index; 'swimming' finds 'swim', 'swmming' finds nothing."},
       {"fragments", "fragments and typos", "One trigram index; no ranking by meaning."}},
      "People type what they remember, and mistype it.", 3);
  const std::string language = choose(draft, singular_of(table.name) + "-search-language", "In which language are the texts?",
                                      {{"english", "English", "Forms of words are known: 'run' finds 'running'."},
                                       {"simple", "several, or another", "Words as they are written, in any language."}},
                                      "The names are English.", 1);
  if (kind != "fragments") {
    std::string vector;
    if (!title.empty()) vector = fmt::format("setweight(to_tsvector('{}', coalesce({}, '')), 'A')", language, ident(title));
    if (!body.empty())
      vector += (vector.empty() ? "" : " || ") +
                fmt::format("setweight(to_tsvector('{}', coalesce({}, '')), 'B')", language, ident(body));
    table.column(
        {"search", "tsvector", false, "GENERATED ALWAYS AS (" + vector + ") STORED", "Words with their weight; calculated"});
    table.special_index({"idx_" + table.name + "_search", false, "USING gin (search)",
                         "words: search @@ websearch_to_tsquery('" + language + "', …)"});
    draft.query("By words, best first",
                fmt::format("SELECT * FROM {0} WHERE search @@ websearch_to_tsquery('{1}', $1) ORDER BY ts_rank(search, "
                            "websearch_to_tsquery('{1}', $1)) DESC LIMIT 20",
                            table.sql_name(), language),
                "idx_" + table.name + "_search");
    draft.warn("search-rank", "Ranking reads every row that matches.", "LIMIT with a date, when a word is everywhere");
  }
  if (kind != "words") {
    needs_extension(draft, "pg_trgm");
    const std::string column = title.empty() ? body : title;
    table.special_index({"idx_" + table.name + "_" + column + "_trgm", false, "USING gin (" + ident(column) + " gin_trgm_ops)",
                         "fragments (ILIKE '%…%') and typos (" + column + " % …)"});
    draft.query("By a fragment",
                fmt::format("SELECT * FROM {} WHERE {} ILIKE '%' || $1 || '%' LIMIT 20", table.sql_name(), ident(column)),
                "idx_" + table.name + "_" + column + "_trgm");
    draft.query("With typos",
                fmt::format("SELECT * FROM {0} WHERE {1} % $1 ORDER BY similarity({1}, $1) DESC LIMIT 20", table.sql_name(),
                            ident(column)),
                "idx_" + table.name + "_" + column + "_trgm");
  }
  draft.warn("gin-write", "A GIN index collects changes and writes them in one go: now and then an insert waits for that.",
             "fastupdate = off where that is seen");
}

}  // namespace

extern const Pattern pattern_search;
const Pattern pattern_search = {"search", "Full-text search, and fragments with typos", &build};

}  // namespace pga::design
