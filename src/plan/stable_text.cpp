#include "plan/stable_text.h"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <vector>

namespace pga::plan {
namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

// Behind a string, a quoted name or a dollar quote that begins at `at`; `at` where none begins.
size_t after_quote(std::string_view sql, size_t at) {
  const char c = sql[at];
  if (c == '\'' || c == '"') {
    const bool escapes = c == '\'' && at > 0 && (sql[at - 1] == 'E' || sql[at - 1] == 'e') && (at < 2 || !is_word(sql[at - 2]));
    for (size_t i = at + 1; i < sql.size(); ++i) {
      if (escapes && sql[i] == '\\') {
        ++i;
      } else if (sql[i] == c) {
        return i + 1;  // a doubled one begins the next part at once
      }
    }
    return sql.size();
  }
  if (c != '$' || (at > 0 && is_word(sql[at - 1]))) return at;
  size_t end = at + 1;
  while (end < sql.size() && is_word(sql[end])) ++end;
  if (end >= sql.size() || sql[end] != '$') return at;
  const std::string_view tag = sql.substr(at, end + 1 - at);
  const size_t close = sql.find(tag, end + 1);
  return close == std::string_view::npos ? sql.size() : close + tag.size();
}

// Where the bracket that opens at `at` closes; npos when it does not.
size_t closing(std::string_view sql, size_t at) {
  int depth = 0;
  for (size_t i = at; i < sql.size(); ++i) {
    if (const size_t next = after_quote(sql, i); next != i) {
      i = next - 1;
    } else if (sql[i] == '[' || sql[i] == '(') {
      ++depth;
    } else if ((sql[i] == ']' || sql[i] == ')') && --depth == 0) {
      return i;
    }
  }
  return std::string_view::npos;
}

// "character varying" of "'a'::character varying, 'b'::character varying"; "" where the last element says no simple type.
std::string_view element_type(std::string_view elements) {
  const size_t at = elements.rfind("::");
  if (at == std::string_view::npos) return {};
  const std::string_view type = elements.substr(at + 2);
  const bool simple = std::ranges::all_of(type, [](char c) { return is_word(c) || c == ' ' || c == '.' || c == '"'; });
  return simple ? type : std::string_view();
}

constexpr std::string_view kHead = "(ARRAY[";
constexpr std::string_view kExtract = "EXTRACT(";

// Of "(ARRAY[…])::text[]" at `at`: where ARRAY's bracket closes, when the whole is cast to an array of another type.
size_t cast_array(std::string_view sql, size_t at, std::string_view& type) {
  const size_t bracket = closing(sql, at + kHead.size() - 1);
  if (bracket == std::string_view::npos || sql.substr(bracket + 1, 3) != ")::") return std::string_view::npos;
  type = element_type(sql.substr(at + kHead.size(), bracket - at - kHead.size()));
  size_t end = bracket + 4;
  while (end < sql.size() && (is_word(sql[end]) || sql[end] == ' ' || sql[end] == '.' || sql[end] == '"')) ++end;
  const bool array = sql.substr(end, 2) == "[]" && sql.substr(end + 2, 1) != "[";
  if (type.empty() || !array || sql.substr(bracket + 4, end - bracket - 4) == type) return std::string_view::npos;
  return bracket;
}

// YEAR of "EXTRACT(YEAR FROM" at `at`; "" for what is read back as it is.
std::string_view shouted_field(std::string_view sql, size_t at) {
  if (!sql.substr(at).starts_with(kExtract) || (at > 0 && is_word(sql[at - 1]))) return {};
  const size_t begin = at + kExtract.size();
  size_t end = begin;
  while (end < sql.size() && is_word(sql[end])) ++end;
  const std::string_view field = sql.substr(begin, end - begin);
  const bool upper = std::ranges::any_of(field, [](char c) { return std::isupper(static_cast<unsigned char>(c)) != 0; });
  return upper && sql.substr(end).starts_with(" FROM ") ? field : std::string_view();
}

// "(L op R)" at `at`, the whole bracket: what stands before and behind its operator; empty where that is not the operator.
struct Comparison {
  std::string_view left, right;
};
Comparison comparison(std::string_view sql, size_t at, std::string_view op) {
  const size_t end = at < sql.size() && sql[at] == '(' ? closing(sql, at) : std::string_view::npos;
  if (end == std::string_view::npos) return {};
  for (size_t i = at + 1; i < end; ++i) {
    if (const size_t next = after_quote(sql, i); next != i) {
      i = next - 1;
    } else if (sql[i] == '(' || sql[i] == '[') {
      const size_t close = closing(sql, i);
      if (close == std::string_view::npos) return {};
      i = close;
    } else if (sql.substr(i).starts_with(op)) {
      return {sql.substr(at + 1, i - at - 1), sql.substr(i + op.size(), end - i - op.size())};
    }
  }
  return {};
}

// A BETWEEN is printed as an AND of two comparisons. As the first part of a longer AND it would be read back as two parts of that
// one, and be another tree: "((x >= 1) AND (x <= 5)) AND (…)" at `at` is said as BETWEEN again. The same of NOT BETWEEN and OR.
// Returns what to write, and where it ends in `end`.
std::string between(std::string_view sql, size_t at, size_t& end) {
  struct Form {
    std::string_view low, high, join, word;
  };
  for (const Form& form : {Form{" >= ", " <= ", " AND ", " BETWEEN "}, Form{" < ", " > ", " OR ", " NOT BETWEEN "}}) {
    const auto low = comparison(sql, at + 1, form.low);
    if (low.left.empty()) continue;
    const size_t first = closing(sql, at + 1);
    if (!sql.substr(first + 1).starts_with(form.join)) continue;
    const size_t second = first + 1 + form.join.size();
    const auto high = comparison(sql, second, form.high);
    if (high.left.empty() || high.left != low.left) continue;
    const size_t close = closing(sql, second) + 1;
    if (close >= sql.size() || sql[close] != ')' || !sql.substr(close + 1).starts_with(form.join)) continue;
    end = close + 1;
    return "((" + std::string(low.left) + ")" + std::string(form.word) + "(" + std::string(low.right) + ") AND (" +
           std::string(high.right) + "))";
  }
  return {};
}

// `(a, b, c) IS DISTINCT FROM (x, y, z)` is printed as "(((a IS DISTINCT FROM x) OR (b IS DISTINCT FROM y)) OR (c IS DISTINCT
// FROM z))": a tree that leans to the left, which is read back as one OR of three. The pairs of such a tree at `at`; empty for
// anything else.
constexpr std::string_view kDistinct = " IS DISTINCT FROM ", kOr = " OR ";
std::vector<Comparison> distinct_tree(std::string_view sql, size_t at) {
  if (const auto one = comparison(sql, at, kDistinct); !one.left.empty()) return {one};
  const auto both = comparison(sql, at, kOr);
  if (both.left.empty() || !both.left.starts_with('(') || !both.right.starts_with('(')) return {};
  const size_t first = at + 1, second = at + 1 + both.left.size() + kOr.size();
  if (closing(sql, first) + 1 != first + both.left.size() || closing(sql, second) + 1 != second + both.right.size()) return {};
  auto pairs = distinct_tree(sql, first);
  const auto last = comparison(sql, second, kDistinct);
  if (pairs.empty() || last.left.empty()) return {};
  pairs.push_back(last);
  return pairs;
}

std::string row_distinct(std::string_view sql, size_t at, size_t& end) {
  if (!sql.substr(at).starts_with("(((")) return {};
  const auto pairs = distinct_tree(sql, at);
  if (pairs.size() < 3) return {};
  std::string left, right;
  for (const auto& pair : pairs) {
    left += (left.empty() ? "" : ", ") + std::string(pair.left);
    right += (right.empty() ? "" : ", ") + std::string(pair.right);
  }
  end = closing(sql, at) + 1;
  return "(ROW(" + left + ")" + std::string(kDistinct) + "ROW(" + right + "))";
}

}  // namespace

std::string with_stable_text(std::string sql) {
  const bool compares =
      sql.find("((") != std::string::npos && (sql.find(" <= ") != std::string::npos || sql.find(" > ") != std::string::npos);
  const bool distinct = sql.find("(((") != std::string::npos && sql.find(kDistinct) != std::string::npos;
  if (sql.find(kHead) == std::string::npos && sql.find(kExtract) == std::string::npos && !compares && !distinct) return sql;
  std::string out;
  const std::string_view all = sql;
  for (size_t i = 0; i < all.size();) {
    if (const size_t next = after_quote(all, i); next != i) {
      out += all.substr(i, next - i);
      i = next;
      continue;
    }
    if (const auto field = shouted_field(all, i); !field.empty()) {
      out += std::string(kExtract) + "'" + std::string(field) + "'";
      i += kExtract.size() + field.size();
      continue;
    }
    if ((compares || distinct) && all.substr(i).starts_with("((")) {
      size_t end = i;
      auto text = compares ? between(all, i, end) : std::string();
      if (text.empty() && distinct) text = row_distinct(all, i, end);
      if (!text.empty()) {
        out += text;
        i = end;
        continue;
      }
    }
    std::string_view type;
    const size_t bracket = all.substr(i).starts_with(kHead) ? cast_array(all, i, type) : std::string_view::npos;
    if (bracket == std::string_view::npos) {
      out += all[i++];
      continue;
    }
    out += "(" + std::string(all.substr(i, bracket + 2 - i)) + "::" + std::string(type) + "[])";
    i = bracket + 2;
  }
  return out;
}

}  // namespace pga::plan
