#include "advise/expression.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "sql/lexer.h"

namespace pga::advise {
namespace {

using sql::Token;
using sql::TokenType;

struct Piece {
  Token token;
  int depth = 0;
};

// Tokens with the depth of parentheses and brackets that they stand in (the marks themselves: of what is outside).
std::vector<Piece> pieces_of(std::string_view text) {
  std::vector<Piece> out;
  int depth = 0;
  sql::Lexer lexer(text);
  for (auto token = lexer.next(); token.type != TokenType::end; token = lexer.next()) {
    const char c = token.type == TokenType::symbol ? text[token.begin] : '\0';
    if (c == ')' || c == ']') --depth;
    out.push_back({token, depth});
    if (c == '(' || c == '[') ++depth;
  }
  return out;
}

bool is_word(const Piece& piece, std::string_view text, std::string_view word) {
  return piece.depth == 0 && piece.token.type == TokenType::word && piece.token.text(text) == word;
}

std::vector<std::string> operands(std::string_view text, std::string_view word) {
  text = without_parentheses(text);
  std::vector<std::string> out;
  size_t from = 0;
  for (const auto& piece : pieces_of(text)) {
    if (!is_word(piece, text, word)) continue;
    out.emplace_back(trim(text.substr(from, piece.token.begin - from)));
    from = piece.token.end;
  }
  out.emplace_back(trim(text.substr(from)));
  return out;
}

bool is_operator_char(char c) {
  return std::string_view("+-*/<>=~!@#%^&|`?").find(c) != std::string_view::npos;
}

}  // namespace

std::string_view without_parentheses(std::string_view text) {
  text = trim(text);
  while (text.size() >= 2 && text.front() == '(' && text.back() == ')') {
    const auto pieces = pieces_of(text);
    // The first ')' of depth 0 must be the last token.
    const auto closing = std::ranges::find_if(pieces, [&](const Piece& piece) {
      return piece.depth == 0 && piece.token.type == TokenType::symbol && text[piece.token.begin] == ')';
    });
    if (closing == pieces.end() || closing + 1 != pieces.end()) break;
    text = trim(text.substr(1, text.size() - 2));
  }
  return text;
}

std::vector<std::string> conjuncts(std::string_view text) {
  return operands(text, "AND");
}

std::vector<std::string> disjuncts(std::string_view text) {
  return operands(text, "OR");
}

std::optional<Comparison> comparison_of(std::string_view text) {
  text = without_parentheses(text);
  Comparison out;
  auto pieces = pieces_of(text);
  if (pieces.empty()) return std::nullopt;
  if (is_word(pieces[0], text, "NOT")) {
    out.negated = true;
    text = without_parentheses(text.substr(pieces[0].token.end));
    pieces = pieces_of(text);
  }
  for (size_t i = 0; i < pieces.size(); ++i) {
    const auto& piece = pieces[i];
    if (is_word(piece, text, "AND") || is_word(piece, text, "OR")) return std::nullopt;
    if (is_word(piece, text, "IS")) {
      const auto what = trim(text.substr(piece.token.end));
      if (what != "NULL" && what != "NOT NULL") return std::nullopt;
      out.left = trim(text.substr(0, piece.token.begin));
      out.op = "IS " + std::string(what);
      return out;
    }
    if (piece.depth != 0 || piece.token.type != TokenType::symbol || !is_operator_char(text[piece.token.begin])) continue;
    size_t last = i;
    while (last + 1 < pieces.size() && pieces[last + 1].token.begin == pieces[last].token.end &&
           pieces[last + 1].token.type == TokenType::symbol && is_operator_char(text[pieces[last + 1].token.begin]))
      ++last;
    out.left = trim(text.substr(0, piece.token.begin));
    out.op = text.substr(piece.token.begin, pieces[last].token.end - piece.token.begin);
    out.right = trim(text.substr(pieces[last].token.end));
    if (out.right.starts_with("ANY ")) {
      out.op += " ANY";
      out.right = out.right.substr(4);
    } else if (out.right.starts_with("ALL ")) {
      return std::nullopt;
    }
    if (out.left.empty()) return std::nullopt;
    return out;
  }
  out.left = text;  // a boolean column or function by itself
  return out;
}

std::set<ColumnName> columns_of(std::string_view text) {
  std::set<ColumnName> out;
  const auto pieces = pieces_of(text);
  for (size_t i = 0; i + 2 < pieces.size(); ++i) {
    const auto name = [&](size_t k) {
      return k < pieces.size() && (pieces[k].token.type == TokenType::word || pieces[k].token.type == TokenType::quoted_word);
    };
    const auto symbol = [&](size_t k, char c) {
      return k < pieces.size() && pieces[k].token.type == TokenType::symbol && text[pieces[k].token.begin] == c;
    };
    if (!name(i) || !symbol(i + 1, '.') || !name(i + 2)) continue;
    if (i > 0 && symbol(i - 1, '.')) continue;  // a part of a longer name
    // A function (f.g(…)), or a type after "::".
    if (symbol(i + 3, '(') || symbol(i + 3, '.')) continue;
    if (i > 1 && symbol(i - 1, ':') && symbol(i - 2, ':')) continue;
    out.insert({std::string(pieces[i].token.text(text)), std::string(pieces[i + 2].token.text(text))});
  }
  return out;
}

std::string without_alias(std::string_view text, const std::string& alias) {
  std::string out;
  size_t copied = 0;
  const auto pieces = pieces_of(text);
  for (size_t i = 0; i + 2 < pieces.size(); ++i) {
    if (pieces[i].token.text(text) != alias || text[pieces[i + 1].token.begin] != '.') continue;
    if (pieces[i].token.type != TokenType::word && pieces[i].token.type != TokenType::quoted_word) continue;
    if (i > 0 && pieces[i - 1].token.type == TokenType::symbol && text[pieces[i - 1].token.begin] == '.') continue;
    out += text.substr(copied, pieces[i].token.begin - copied);
    copied = pieces[i + 1].token.end;
  }
  return out + std::string(text.substr(copied));
}

bool is_constant(std::string_view text) {
  if (!columns_of(text).empty()) return false;
  for (const auto& piece : pieces_of(text)) {
    const auto word = piece.token.text(text);
    if (word == "SubPlan" || word == "InitPlan") return false;
    if (piece.token.type == TokenType::number && word[0] == '$') return false;
  }
  return true;
}

std::string commuted(const std::string& op) {
  static const std::map<std::string, std::string, std::less<>> kPairs = {
      {"=", "="}, {"<", ">"}, {">", "<"}, {"<=", ">="}, {">=", "<="}, {"&&", "&&"}, {"@>", "<@"}, {"<@", "@>"}, {"<->", "<->"}};
  const auto it = kPairs.find(op);
  return it == kPairs.end() ? std::string() : it->second;
}

}  // namespace pga::advise
