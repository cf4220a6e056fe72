// Text search parsers. ALTER knows only name and schema: every other change creates the parser anew.
// https://www.postgresql.org/docs/current/sql-createtsparser.html
#include <array>

#include "base/text.h"
#include "schema/kind.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kTextSearchParserFields = {
    Field{"start", FieldType::sql, "Function that begins to parse."},
    Field{"gettoken", FieldType::sql, "Function that gives the next token."},
    Field{"end", FieldType::sql, "Function that ends parsing."},
    Field{"headline", FieldType::sql, "Function that makes headlines; NULL: none."},
    Field{"lextypes", FieldType::sql, "Function that tells the token types."},
};

class TextSearchParserKind : public Kind {
 public:
  KindId id() const override { return KindId::text_search_parser; }
  std::string_view slug() const override { return "text_search_parser"; }
  std::string_view keyword() const override { return "TEXT SEARCH PARSER"; }
  std::string_view catalog() const override { return "pg_ts_parser"; }
  std::string_view query() const override { return embedded::schema::kinds_text_search_parser; }
  std::span<const Field> fields() const override { return kTextSearchParserFields; }

  Statements create(const Object& object, const Database&) const override {
    std::vector<std::string> words = {"START = " + object.text("start"), "GETTOKEN = " + object.text("gettoken"),
                                      "END = " + object.text("end")};
    if (object.value("headline")) words.push_back("HEADLINE = " + object.text("headline"));
    words.push_back("LEXTYPES = " + object.text("lextypes"));
    return {{"CREATE TEXT SEARCH PARSER " + address(object) + " (" + join(words, ", ") + ")"}};
  }
  std::string owner_target(const Object&) const override { return {}; }
};

}  // namespace

const Kind& make_text_search_parser() {
  static const TextSearchParserKind kind;
  return kind;
}

}  // namespace pga::schema
