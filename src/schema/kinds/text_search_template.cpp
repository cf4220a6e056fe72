// Text search templates. ALTER knows only name and schema: every other change creates the template anew.
// https://www.postgresql.org/docs/current/sql-createtstemplate.html
#include <array>

#include "schema/kind.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kTextSearchTemplateFields = {
    Field{"init", FieldType::sql, "Function that reads a dictionary's options; NULL: none."},
    Field{"lexize", FieldType::sql, "Function that looks a token up."},
};

class TextSearchTemplateKind : public Kind {
 public:
  KindId id() const override { return KindId::text_search_template; }
  std::string_view slug() const override { return "text_search_template"; }
  std::string_view keyword() const override { return "TEXT SEARCH TEMPLATE"; }
  std::string_view catalog() const override { return "pg_ts_template"; }
  std::string_view query() const override { return embedded::schema::kinds_text_search_template; }
  std::span<const Field> fields() const override { return kTextSearchTemplateFields; }

  Statements create(const Object& object, const Database&) const override {
    const std::string init = object.value("init") ? "INIT = " + object.text("init") + ", " : "";
    return {{"CREATE TEXT SEARCH TEMPLATE " + address(object) + " (" + init + "LEXIZE = " + object.text("lexize") + ")"}};
  }
  std::string owner_target(const Object&) const override { return {}; }
};

}  // namespace

const Kind& make_text_search_template() {
  static const TextSearchTemplateKind kind;
  return kind;
}

}  // namespace pga::schema
