// Text search dictionaries. ALTER changes the options in place: each one that it names is taken out and, with a value, put behind
// the others, so naming all of them gives any list in any order. Another template needs another dictionary.
// https://www.postgresql.org/docs/current/sql-altertsdictionary.html
#include <algorithm>
#include <array>

#include "base/quote.h"
#include "base/text.h"
#include "schema/kind.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kTextSearchDictionaryFields = {
    Field{"template", FieldType::sql, "Template that it is made of."},
    Field{"options", FieldType::sql, "Options of the template: name = value, …"},
};

// The names in front of "=" in the options; quotes, doubled inside, hold whatever stands between them together. A backslash is
// doubled too (E'…') and ends nothing.
std::vector<std::string> option_names(const std::string& options) {
  std::vector<std::string> out;
  std::string name;
  char quote = 0;
  bool in_name = true;
  for (const char c : options) {
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '=' && in_name) {
      out.emplace_back(trim(name));
      name.clear();
      in_name = false;
      continue;
    } else if (c == ',') {
      in_name = true;
      name.clear();
      continue;
    }
    if (in_name) name += c;
  }
  return out;
}

class TextSearchDictionaryKind : public Kind {
 public:
  KindId id() const override { return KindId::text_search_dictionary; }
  std::string_view slug() const override { return "text_search_dictionary"; }
  std::string_view keyword() const override { return "TEXT SEARCH DICTIONARY"; }
  std::string_view catalog() const override { return "pg_ts_dict"; }
  std::string_view query() const override { return embedded::schema::kinds_text_search_dictionary; }
  std::span<const Field> fields() const override { return kTextSearchDictionaryFields; }

  Statements create(const Object& object, const Database&) const override {
    const std::string options = object.value("options") ? ",\n  " + object.text("options") : "";
    return {
        {"CREATE TEXT SEARCH DICTIONARY " + address(object) + " (\n  TEMPLATE = " + object.text("template") + options + "\n)"}};
  }
  Alteration alter(const Object& from, const Object& to, const std::vector<std::string_view>& changed, const Database&,
                   const Database&) const override {
    if (std::ranges::find(changed, "template") != changed.end()) return Alteration::recreate();
    const auto kept = option_names(to.text("options"));
    std::vector<std::string> words;
    for (auto& name : option_names(from.text("options"))) {
      if (std::ranges::find(kept, name) == kept.end()) words.push_back(std::move(name));
    }
    if (to.value("options")) words.push_back(to.text("options"));
    return Alteration::in_place({{"ALTER TEXT SEARCH DICTIONARY " + address(to) + " (\n  " + join(words, ",\n  ") + "\n)"}});
  }
};

}  // namespace

const Kind& make_text_search_dictionary() {
  static const TextSearchDictionaryKind kind;
  return kind;
}

}  // namespace pga::schema
