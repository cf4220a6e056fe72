#include "request/sql_text.h"

namespace pga::request {

namespace {

std::string_view word(const Tokens& tokens, size_t at) {
  return at < tokens.size() ? std::string_view(tokens[at].text) : std::string_view();
}

bool follows(const Tokens& tokens, size_t at, std::string_view wanted, size_t within) {
  for (size_t next = at; next < tokens.size() && next < at + within; ++next) {
    if (tokens[next].text == wanted) return true;
    if (tokens[next].text == ";") return false;
  }
  return false;
}

bool begins_sql(const Tokens& tokens, size_t at) {
  const auto first = word(tokens, at);
  if (first == "explain") return begins_sql(tokens, at + 1) || follows(tokens, at + 1, "select", 8);
  if (first == "select")
    return follows(tokens, at + 1, "from", 60) && (follows(tokens, at + 1, "*", 2) || follows(tokens, at + 1, ",", 6) ||
                                                   follows(tokens, at + 1, "where", 60) || follows(tokens, at + 1, "from", 12));
  if (first == "with") return word(tokens, at + 2) == "as" && word(tokens, at + 3) == "(";
  if (first == "insert")
    return word(tokens, at + 1) == "into" && (follows(tokens, at + 2, "values", 200) || follows(tokens, at + 2, "select", 60));
  if (first == "update") return word(tokens, at + 2) == "set" && follows(tokens, at + 3, "=", 3);
  if (first == "delete")
    return word(tokens, at + 1) == "from" && follows(tokens, at + 2, "where", 4) && follows(tokens, at + 2, "=", 12);
  if (first == "create")
    return (word(tokens, at + 1) == "table" && follows(tokens, at + 2, "(", 6)) ||
           (word(tokens, at + 1) == "index" && word(tokens, at + 3) == "on") ||
           (word(tokens, at + 1) == "unique" && word(tokens, at + 2) == "index");
  if (first == "alter")
    return word(tokens, at + 1) == "table" &&
           (follows(tokens, at + 2, "add", 4) || follows(tokens, at + 2, "drop", 4) || follows(tokens, at + 2, "alter", 4));
  return false;
}

}  // namespace

std::vector<Range> find_sql(const Tokens& tokens, std::string_view text) {
  std::vector<Range> result;
  for (size_t at = 0; at < tokens.size(); ++at) {
    const bool after_colon = at > 0 && tokens[at - 1].text == ":";
    if (!tokens[at].is_word() || !(tokens[at].line_start || after_colon) || !begins_sql(tokens, at)) continue;
    size_t end = at + 1;
    while (end < tokens.size() && tokens[end - 1].text != ";") {
      const auto gap = text.substr(tokens[end - 1].span.end, tokens[end].span.begin - tokens[end - 1].span.end);
      const auto line = gap.find('\n');
      if (line != std::string_view::npos && gap.find('\n', line + 1) != std::string_view::npos) break;
      ++end;
    }
    result.push_back({at, end});
    at = end - 1;
  }
  return result;
}

bool is_definition(const Tokens& tokens, Range range) {
  return range.begin < tokens.size() && (tokens[range.begin].text == "create" || tokens[range.begin].text == "alter");
}

}  // namespace pga::request
