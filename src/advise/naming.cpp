#include "advise/naming.h"

#include "sql/lexer.h"

namespace pga::advise {
namespace {

constexpr size_t kLongest = 63;  // NAMEDATALEN - 1

// The names in an expression, for a name: "(lower(mail))" gives lower_mail.
std::string words_of(const std::string& expression) {
  std::string out;
  for (const auto& word : sql::words(expression)) {
    std::string text = word.text;
    if (word.type == sql::TokenType::string) text = text.size() > 2 ? text.substr(1, text.size() - 2) : "";
    std::string kept;
    for (const char c : text) {
      if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || static_cast<unsigned char>(c) > 127) kept += c;
      if (c >= 'A' && c <= 'Z') kept += static_cast<char>(c | 32);
    }
    const bool type = word.is("text") || word.is("integer") || word.is("varying") || word.is("character");
    if (!kept.empty() && !type) out += "_" + kept;
  }
  return out;
}

}  // namespace

std::string name_of(const postgres::twin::IndexDefinition& definition, const std::set<std::string>& taken) {
  std::string name = "idx_" + definition.table;
  for (const auto& key : definition.keys) name += words_of(key.sql);
  if (definition.method != "btree") name += "_" + definition.method;
  if (!definition.predicate.empty()) name += "_where" + words_of(definition.predicate);
  const auto cut = [](std::string text, size_t size) {
    while (text.size() > size ||
           (text.size() == size && !text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0xC0))
      text.pop_back();
    while (!text.empty() && text.back() == '_') text.pop_back();
    return text;
  };
  std::string out = cut(name, kLongest);
  for (int number = 2; taken.contains(out); ++number) out = cut(name, kLongest - 4) + "_" + std::to_string(number);
  return out;
}

}  // namespace pga::advise
