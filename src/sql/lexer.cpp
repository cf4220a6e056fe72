#include "sql/lexer.h"

#include "base/text.h"

namespace pga::sql {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
// Every byte of a multi-byte character may stand in a name, as in PostgreSQL's scanner.
bool starts_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool in_name(char c) {
  return starts_name(c) || is_digit(c) || c == '$';
}

// Where a string constant goes on: white space with at least one newline, then a quote. npos: it does not go on.
size_t continuation(std::string_view sql, size_t at) {
  bool newline = false;
  while (at < sql.size()) {
    if (is_space(sql[at])) {
      newline = newline || sql[at] == '\n' || sql[at] == '\r';
      ++at;
    } else if (sql.substr(at, 2) == "--") {
      const size_t end = sql.find_first_of("\r\n", at);
      if (end == std::string_view::npos) return end;
      at = end;
    } else {
      return newline && sql[at] == '\'' ? at : std::string_view::npos;
    }
  }
  return std::string_view::npos;
}

}  // namespace

Token Lexer::finish(TokenType type, size_t begin, size_t end) {
  at_ = end;
  return {type, begin, end};
}

Token Lexer::string_token(size_t begin, size_t quote, bool escapes) {
  size_t at = quote + 1;
  while (at < sql_.size()) {
    if (escapes && sql_[at] == '\\') {
      at += 2;
    } else if (sql_[at] != '\'') {
      ++at;
    } else if (peek(at + 1) == '\'') {
      at += 2;
    } else {
      const size_t more = continuation(sql_, at + 1);
      if (more == std::string_view::npos) return finish(TokenType::string, begin, at + 1);
      at = more + 1;
    }
  }
  return finish(TokenType::unterminated, begin, sql_.size());
}

Token Lexer::quoted_name(size_t begin, size_t quote) {
  size_t at = quote + 1;
  while ((at = sql_.find('"', at)) != std::string_view::npos) {
    if (peek(at + 1) != '"') return finish(TokenType::quoted_word, begin, at + 1);
    at += 2;
  }
  return finish(TokenType::unterminated, begin, sql_.size());
}

Token Lexer::dollar_or_symbol(size_t begin) {
  size_t at = begin + 1;
  if (is_digit(peek(at))) {  // a parameter: $1
    while (is_digit(peek(at))) ++at;
    return finish(TokenType::number, begin, at);
  }
  if (starts_name(peek(at))) {
    while (starts_name(peek(at)) || is_digit(peek(at))) ++at;
  }
  if (peek(at) != '$') return finish(TokenType::symbol, begin, begin + 1);
  const auto tag = sql_.substr(begin, at + 1 - begin);
  const size_t close = sql_.find(tag, at + 1);
  if (close == std::string_view::npos) return finish(TokenType::unterminated, begin, sql_.size());
  return finish(TokenType::dollar, begin, close + tag.size());
}

Token Lexer::block_comment(size_t begin) {
  size_t depth = 1;
  size_t at = begin + 2;
  while (at < sql_.size()) {
    if (sql_[at] == '/' && peek(at + 1) == '*') {
      ++depth;
      at += 2;
    } else if (sql_[at] == '*' && peek(at + 1) == '/') {
      at += 2;
      if (--depth == 0) return finish(TokenType::block_comment, begin, at);
    } else {
      ++at;
    }
  }
  return finish(TokenType::unterminated, begin, sql_.size());
}

Token Lexer::word_or_string(size_t begin) {
  const char first = sql_[begin];
  const char second = peek(begin + 1);
  if (second == '\'') {
    if (first == 'e' || first == 'E') return string_token(begin, begin + 1, true);
    if (first == 'n' || first == 'N') return string_token(begin, begin + 1, !standard_strings_);
    if (first == 'b' || first == 'B' || first == 'x' || first == 'X') return string_token(begin, begin + 1, false);
  }
  if ((first == 'u' || first == 'U') && second == '&') {
    if (peek(begin + 2) == '\'') return string_token(begin, begin + 2, false);
    if (peek(begin + 2) == '"') return quoted_name(begin, begin + 2);
  }
  size_t at = begin + 1;
  while (at < sql_.size() && in_name(sql_[at])) ++at;
  return finish(TokenType::word, begin, at);
}

Token Lexer::next() {
  while (at_ < sql_.size() && is_space(sql_[at_])) ++at_;
  if (at_ >= sql_.size()) return {TokenType::end, sql_.size(), sql_.size()};
  const size_t begin = at_;
  const char c = sql_[begin];
  if (starts_name(c)) return word_or_string(begin);
  if (is_digit(c)) {
    size_t at = begin;
    while (is_digit(peek(at))) ++at;
    return finish(TokenType::number, begin, at);
  }
  switch (c) {
    case '\'':
      return string_token(begin, begin, !standard_strings_);
    case '"':
      return quoted_name(begin, begin);
    case '$':
      return dollar_or_symbol(begin);
    case '\\':
      return finish(TokenType::backslash, begin, begin + 1);
    case '-':
      if (peek(begin + 1) == '-') {
        const size_t end = sql_.find_first_of("\r\n", begin);
        return finish(TokenType::line_comment, begin, end == std::string_view::npos ? sql_.size() : end);
      }
      break;
    case '/':
      if (peek(begin + 1) == '*') return block_comment(begin);
      break;
    default:
      break;
  }
  return finish(TokenType::symbol, begin, begin + 1);
}

std::vector<Word> words(std::string_view statement, size_t limit) {
  std::vector<Word> out;
  Lexer lexer(statement);
  for (Token t = lexer.next(); t.type != TokenType::end && out.size() < limit; t = lexer.next()) {
    if (t.is_comment()) continue;
    Word word{t.type, std::string(t.text(statement)), t.begin, t.end};
    if (t.type == TokenType::word) word.text = to_lower(word.text);
    if (t.type == TokenType::quoted_word && word.text[0] == '"') {
      word.text = replace_all(word.text.substr(1, word.text.size() - 2), "\"\"", "\"");
    }
    out.push_back(std::move(word));
  }
  return out;
}

}  // namespace pga::sql
