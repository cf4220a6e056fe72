// Text search configurations: mappings are added, altered and dropped in place, another parser needs another configuration.
// https://www.postgresql.org/docs/current/sql-altertsconfig.html
#include <algorithm>
#include <array>
#include <map>

#include "base/quote.h"
#include "schema/kind.h"
#include "schema/kinds/parts.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kTextSearchConfigurationFields = {
    Field{"parser", FieldType::sql, "Parser that makes the tokens."},
    Field{"tokens", FieldType::list, "Token types that have a mapping."},
    Field{"dictionaries", FieldType::list, "For each of tokens: its dictionaries, in the order in which they are asked."},
};

class TextSearchConfigurationKind : public Kind {
 public:
  KindId id() const override { return KindId::text_search_configuration; }
  std::string_view slug() const override { return "text_search_configuration"; }
  std::string_view keyword() const override { return "TEXT SEARCH CONFIGURATION"; }
  std::string_view catalog() const override { return "pg_ts_config"; }
  std::string_view query() const override { return embedded::schema::kinds_text_search_configuration; }
  std::span<const Field> fields() const override { return kTextSearchConfigurationFields; }

  Statements create(const Object& object, const Database&) const override {
    Statements out = {{"CREATE TEXT SEARCH CONFIGURATION " + address(object) + " (PARSER = " + object.text("parser") + ")"}};
    map({}, pairs(object, "tokens", "dictionaries"), object, out);
    return out;
  }
  Alteration alter(const Object& from, const Object& to, const std::vector<std::string_view>& changed, const Database&,
                   const Database&) const override {
    if (std::ranges::find(changed, "parser") != changed.end()) return Alteration::recreate();
    Statements out;
    map(pairs(from, "tokens", "dictionaries"), pairs(to, "tokens", "dictionaries"), to, out);
    return Alteration::in_place(std::move(out));
  }

 private:
  using Mappings = std::vector<std::pair<std::string, std::string>>;

  // Token types with the same dictionaries share a statement.
  void map(const Mappings& from, const Mappings& to, const Object& object, Statements& out) const {
    const std::map<std::string, std::string> before(from.begin(), from.end()), after(to.begin(), to.end());
    std::vector<std::string> dropped;
    std::map<std::pair<std::string, std::string>, std::vector<std::string>> groups;  // by verb and dictionaries
    for (const auto& [token, dictionaries] : before) {
      if (!after.contains(token)) dropped.push_back(token);
    }
    for (const auto& [token, dictionaries] : after) {
      const auto old = before.find(token);
      if (old != before.end() && old->second == dictionaries) continue;
      groups[{old == before.end() ? "ADD" : "ALTER", dictionaries}].push_back(token);
    }
    const std::string alter = "ALTER TEXT SEARCH CONFIGURATION " + address(object) + " ";
    if (!dropped.empty()) out.push_back({alter + "DROP MAPPING FOR " + ident_list(dropped)});
    for (const auto& [group, tokens] : groups) {
      out.push_back({alter + group.first + " MAPPING FOR " + ident_list(tokens) + " WITH " + group.second});
    }
  }
};

}  // namespace

const Kind& make_text_search_configuration() {
  static const TextSearchConfigurationKind kind;
  return kind;
}

}  // namespace pga::schema
