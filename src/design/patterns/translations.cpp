// Texts in several languages, with one that is always there.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  const std::string what =
      statement.subject.empty() ? first_known(draft, {"product", "article", "category", "page"}) : statement.subject;
  Table& table = thing(draft, what.empty() ? "product" : what);
  const auto target = draft.target(table.schema + "." + table.name);
  const std::string one = target.one;
  const std::string kind = choose(
      draft, one + "-translations", "How are the texts of other languages kept?",
      {{"rows", "a row for each language", "Rules and search for each language; a new language is data."},
       {"jsonb", "one JSONB column with all of them", "No join; nothing checks what is in it, and no search by language."}},
      "Each language has its search, its translator and its gaps.", 3);
  std::vector<std::string> texts;
  for (const char* name : {"name", "title", "description", "body"}) {
    if (table.has(name)) texts.emplace_back(name);
  }
  if (texts.empty()) {
    if (!table.existing) table.text("name", 1, 200, true, "In the language that is always there");
    texts.emplace_back("name");
  }
  if (kind == "jsonb") {
    table.column({"translations", "jsonb", true, "DEFAULT '{}'", "{\"de\": {\"name\": \"…\"}}"});
    table.check("translations", "object", "jsonb_typeof(translations) = 'object'");
    draft.query("In one language",
                fmt::format("SELECT coalesce(translations #>> ARRAY[$2, '{0}'], {1}) FROM {2} WHERE {3} = $1", texts[0],
                            table.has(texts[0]) ? ident(texts[0]) : "''", table.sql_name(), ident(target.key[0])),
                "the primary key");
    return;
  }
  Table& rows = draft.table(one + "_translation");
  rows.reference(one + "_id", target, OnDelete::cascade, true, "", false);
  rows.column({"locale", "text", true, "", "BCP 47: 'de', 'pt-BR'"});
  rows.check("locale", "shape", "locale ~ '^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$'");
  for (size_t i = 0; i < texts.size(); ++i) {
    const bool body = texts[i] == "body" || texts[i] == "description";
    rows.text(texts[i], body ? 0 : 1, body ? 100000 : 200, i == 0);
  }
  rows.key({one + "_id", "locale"});
  rows.index({"locale", texts[0]}, "all of one language, by name");
  rows.says(fmt::format("Each {} in other languages; its own row has the one that is always there", spoken(one)));
  const std::string fall =
      table.has(texts[0]) ? "coalesce(t." + ident(texts[0]) + ", x." + ident(texts[0]) + ")" : "t." + ident(texts[0]);
  draft.query("In one language, else as it is",
              fmt::format("SELECT x.{3}, {0} FROM {1} x LEFT JOIN {2} t ON t.{4} = x.{3} AND t.locale = $2 WHERE x.{3} = $1",
                          fall, table.sql_name(), rows.sql_name(), ident(target.key[0]), ident(one + "_id")),
              rows.name + "_pkey");
  draft.warn("translation-gaps", "What is not translated yet is shown in the language that is always there.",
             "a query finds them: rows without one of a language");
}

}  // namespace

extern const Pattern pattern_translations;
const Pattern pattern_translations = {"translations", "Texts in several languages, a row each", &build};

}  // namespace pga::design
