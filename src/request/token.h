// The text as words with their places, and as clauses: what one statement can be found in.
//
// Normalised for comparison only (lower case, typographic quotes, contractions, possessives): every span points into the text as
// it was given. Any bytes are accepted. Linear.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "request/span.h"
#include "request/words.h"

namespace pga::request {

struct Token {
  enum class Kind : std::uint8_t { word, number, quoted, punctuation };
  Kind kind = Kind::word;
  Span span;
  std::string text;               // normalised: "Customer's" -> "customer", "don't" -> "dont"; of a number its digits
  std::array<WordId, 3> forms{};  // the word, its singular, its base as a verb; 0 when unknown
  std::uint64_t classes = 0;      // of all forms
  double number = 0;              // of a number or a number word
  bool has_number = false;
  bool possessive = false;  // "customer's"
  bool capital = false;     // written with a capital first letter
  bool line_start = false;  // first of its line
  bool is(WordClass word_class) const { return (classes & bit(word_class)) != 0; }
  bool is_word() const { return kind == Kind::word; }
};

using Tokens = std::vector<Token>;

struct Range {
  size_t begin = 0, end = 0;  // of tokens
  bool empty() const { return begin >= end; }
  size_t size() const { return empty() ? 0 : end - begin; }
  friend bool operator==(const Range&, const Range&) = default;
};

Tokens tokenise(std::string_view text);
void classify(Token& token);  // forms and classes from `text` (again after a repair)

// Clauses in the order of the text, without their end marks and bullets; none is longer than kMaxClause tokens. Words of pasted
// SQL are not looked at: see find_sql.
constexpr size_t kMaxClause = 300;
std::vector<Range> clauses(const Tokens& tokens, std::string_view text);

Span span_of(const Tokens& tokens, Range range);

}  // namespace pga::request
