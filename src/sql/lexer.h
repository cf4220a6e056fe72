// The tokens of PostgreSQL's SQL, as far as they matter for finding where statements end: quotes of every kind, comments,
// names. Follows psql's own scanner (psqlscan.l), so newer syntax of any version passes.
//
//   Lexer lexer(text);
//   for (Token t = lexer.next(); t.type != TokenType::end; t = lexer.next()) use(t.text(text));
//
// Iterative and linear: neither nesting nor size can exhaust the stack. An unterminated quote or comment gives a token of
// type `unterminated` that begins at the opening mark and reaches to the end of the text.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pga::sql {

enum class TokenType : uint8_t {
  word,         // an unquoted name or keyword
  quoted_word,  // "name" or U&"name"
  string,       // '…', E'…', B'…', X'…', N'…', U&'…', with its continuation lines
  dollar,       // $tag$…$tag$
  number,
  symbol,        // one character: punctuation or a piece of an operator
  backslash,     // the beginning of a psql meta-command
  line_comment,  // without the newline
  block_comment,
  unterminated,
  end,
};

struct Token {
  TokenType type = TokenType::end;
  size_t begin = 0;
  size_t end = 0;
  std::string_view text(std::string_view sql) const { return sql.substr(begin, end - begin); }
  bool is_comment() const { return type == TokenType::line_comment || type == TokenType::block_comment; }
};

class Lexer {
 public:
  explicit Lexer(std::string_view sql, size_t at = 0) : sql_(sql), at_(at) {}
  Token next();
  size_t at() const { return at_; }
  void move_to(size_t at) { at_ = at; }
  // What the session variable standard_conforming_strings says; off: a backslash escapes in '…' too.
  void standard_strings(bool on) { standard_strings_ = on; }

 private:
  Token finish(TokenType type, size_t begin, size_t end);
  Token string_token(size_t begin, size_t quote, bool escapes);
  Token quoted_name(size_t begin, size_t quote);
  Token dollar_or_symbol(size_t begin);
  Token block_comment(size_t begin);
  Token word_or_string(size_t begin);
  char peek(size_t at) const { return at < sql_.size() ? sql_[at] : '\0'; }
  std::string_view sql_;
  size_t at_;
  bool standard_strings_ = true;
};

// The tokens of one statement without its comments; words are given in lower case, quoted names without their quotes.
struct Word {
  TokenType type{};
  std::string text;
  size_t begin = 0;
  size_t end = 0;
  bool is(std::string_view word) const { return type == TokenType::word && text == word; }
  bool is_name() const { return type == TokenType::word || type == TokenType::quoted_word; }
  bool is_symbol(char c) const { return type == TokenType::symbol && text[0] == c; }
};
std::vector<Word> words(std::string_view statement, size_t limit = SIZE_MAX);

}  // namespace pga::sql
