#include "plan/online/partition_check.h"

#include <algorithm>

#include "base/text.h"

namespace pga::plan {
namespace {

// The place behind the quoted or bracketed part that begins at `at`; one further for any other character.
size_t skip(const std::string& text, size_t at) {
  const char open = text[at];
  if (open == '\'' || open == '"') {
    for (++at; at < text.size(); ++at) {
      if (text[at] != open) continue;
      if (at + 1 < text.size() && text[at + 1] == open) {
        ++at;
      } else {
        return at + 1;
      }
    }
    return at;
  }
  if (open != '(' && open != '[') return at + 1;
  const char close = open == '(' ? ')' : ']';
  for (++at; at < text.size() && text[at] != close;) at = skip(text, at);
  return at + 1;
}

std::vector<std::string> items(const std::string& text) {  // split at the commas outside of quotes and brackets
  std::vector<std::string> out;
  size_t start = 0;
  for (size_t at = 0; at < text.size();) {
    if (text[at] == ',') {
      out.emplace_back(trim(std::string_view(text).substr(start, at - start)));
      start = ++at;
    } else {
      at = skip(text, at);
    }
  }
  out.emplace_back(trim(std::string_view(text).substr(start)));
  return out;
}

// The text inside the first brackets at or after `from`.
std::optional<std::string> bracketed(const std::string& text, size_t from) {
  const size_t open = text.find('(', from);
  if (open == std::string::npos) return std::nullopt;
  const size_t end = skip(text, open);
  return text.substr(open + 1, end - open - 2);
}

// "lower(name) COLLATE \"C\"" as an operand, or nullopt where an operator class follows: its operators are not the usual ones.
std::optional<std::string> operand(const std::string& item) {
  size_t at = 0;
  while (at < item.size() && item[at] != ' ') at = skip(item, at);
  if (at >= item.size()) return item;
  constexpr std::string_view kCollate = " COLLATE ";
  if (item.compare(at, kCollate.size(), kCollate) != 0) return std::nullopt;
  size_t end = at + kCollate.size();
  while (end < item.size() && item[end] != ' ') end = skip(item, end);
  if (end < item.size()) return std::nullopt;
  return "(" + item + ")";
}

struct Key {
  std::string strategy;               // RANGE, LIST, HASH
  std::vector<std::string> operands;  // columns or expressions
};

std::optional<Key> parse_key(const std::string& text) {
  Key out;
  out.strategy = text.substr(0, text.find(' '));
  const auto inside = bracketed(text, 0);
  if (!inside) return std::nullopt;
  for (const auto& item : items(*inside)) {
    const auto one = operand(item);
    if (!one) return std::nullopt;
    out.operands.push_back(*one);
  }
  return out;
}

bool infinite(const std::string& datum) {
  return datum == "MINVALUE" || datum == "MAXVALUE";
}

std::string not_nulls(const Key& key) {
  std::vector<std::string> out;
  for (const auto& operand : key.operands) out.push_back(operand + " IS NOT NULL");
  return join(out, " AND ");
}

// One side of a range from column `first` on: (a > 1 OR (a = 1 AND b >= 2)); "" where it says nothing.
std::string one_side(const Key& key, const std::vector<std::string>& data, size_t first, bool lower) {
  std::vector<std::string> arms;
  std::string equal;
  for (size_t i = first; i < data.size() && !infinite(data[i]); ++i) {
    const bool last = i + 1 == data.size() || data[i + 1] == (lower ? "MINVALUE" : "MAXVALUE");
    const bool inclusive = lower ? last : last && i + 1 < data.size();
    const std::string compare = std::string(lower ? " >" : " <") + (inclusive ? "= " : " ");
    const std::string arm = equal + key.operands[i] + compare + data[i];
    arms.push_back(equal.empty() ? arm : "(" + arm + ")");
    if (i + 1 < data.size() && infinite(data[i + 1])) break;
    equal += key.operands[i] + " = " + data[i] + " AND ";
  }
  if (arms.empty()) return "";
  return arms.size() == 1 ? arms[0] : "(" + join(arms, " OR ") + ")";
}

// Without the NOT NULL part.
std::optional<std::string> range_rule(const Key& key, const std::string& bound) {
  const size_t from = bound.find("FROM (");
  if (from == std::string::npos) return std::nullopt;
  const auto lower_text = bracketed(bound, from);
  const size_t to = bound.find(" TO (", skip(bound, bound.find('(', from)));
  if (!lower_text || to == std::string::npos) return std::nullopt;
  const auto upper_text = bracketed(bound, to);
  if (!upper_text) return std::nullopt;
  const auto lower = items(*lower_text), upper = items(*upper_text);
  if (lower.size() != key.operands.size() || upper.size() != lower.size()) return std::nullopt;
  std::vector<std::string> parts;
  size_t first = 0;
  for (; first < lower.size() && lower[first] == upper[first] && !infinite(lower[first]); ++first) {
    parts.push_back(key.operands[first] + " = " + lower[first]);
  }
  for (const bool low : {true, false}) {
    if (auto side = one_side(key, low ? lower : upper, first, low); !side.empty()) parts.push_back(std::move(side));
  }
  return join(parts, " AND ");
}

struct ListRule {
  std::vector<std::string> values;
  bool null = false;
};

std::optional<ListRule> list_rule(const std::string& bound) {
  const size_t in = bound.find("IN (");
  if (in == std::string::npos) return std::nullopt;
  ListRule out;
  for (auto& value : items(bracketed(bound, in).value_or(""))) {
    if (value == "NULL") {
      out.null = true;
    } else {
      out.values.push_back(std::move(value));
    }
  }
  return out;
}

std::string list_text(const Key& key, const ListRule& rule) {
  const std::string& operand = key.operands[0];
  std::string any;
  if (rule.values.size() == 1) any = operand + " = " + rule.values[0];
  if (rule.values.size() > 1) any = operand + " IN (" + join(rule.values, ", ") + ")";
  if (any.empty()) return operand + " IS NULL";
  return operand + (rule.null ? " IS NULL OR " : " IS NOT NULL AND ") + any;
}

std::string number_after(const std::string& text, std::string_view word) {
  const size_t at = to_lower(text).find(word);
  if (at == std::string::npos) return "";
  const size_t start = text.find_first_of("0123456789", at);
  return start == std::string::npos ? "" : text.substr(start, text.find_first_not_of("0123456789", start) - start);
}

}  // namespace

std::optional<std::string> partition_check(const std::string& key_text, const std::string& bound, const std::string& parent) {
  const auto key = parse_key(key_text);
  if (!key || key->operands.empty()) return std::nullopt;
  if (key->strategy == "RANGE") {
    const auto rule = range_rule(*key, bound);
    if (!rule) return std::nullopt;
    return not_nulls(*key) + (rule->empty() ? "" : " AND " + *rule);
  }
  if (key->strategy == "LIST") {
    const auto rule = list_rule(bound);
    return rule ? std::optional(list_text(*key, *rule)) : std::nullopt;
  }
  const std::string modulus = number_after(bound, "modulus"), remainder = number_after(bound, "remainder");
  if (modulus.empty() || remainder.empty()) return std::nullopt;
  return "satisfies_hash_partition(" + parent + "::regclass, " + modulus + ", " + remainder + ", " + join(key->operands, ", ") +
         ")";
}

std::optional<std::string> default_partition_check(const std::string& key_text, const std::vector<std::string>& bounds) {
  const auto key = parse_key(key_text);
  if (!key || key->operands.empty() || bounds.empty()) return std::nullopt;
  if (key->strategy == "RANGE") {
    std::vector<std::string> rules;
    for (const auto& bound : bounds) {
      const auto rule = range_rule(*key, bound);
      if (!rule || rule->empty()) return std::nullopt;
      rules.push_back("(" + *rule + ")");
    }
    return "NOT (" + not_nulls(*key) + " AND " + (rules.size() == 1 ? rules[0] : "(" + join(rules, " OR ") + ")") + ")";
  }
  if (key->strategy != "LIST") return std::nullopt;
  ListRule all;
  for (const auto& bound : bounds) {
    const auto rule = list_rule(bound);
    if (!rule) return std::nullopt;
    all.values.insert(all.values.end(), rule->values.begin(), rule->values.end());
    all.null = all.null || rule->null;
  }
  return "NOT (" + list_text(*key, all) + ")";
}

}  // namespace pga::plan
