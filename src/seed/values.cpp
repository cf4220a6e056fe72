#include "seed/values.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/quote.h"
#include "base/text.h"
#include "seed/regex_sample.h"

namespace pga::seed {
namespace {

// An element of an array or a field of a row, quoted for the text form that is around it.
std::string quoted(const std::string& value) {
  std::string out = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

void add(std::vector<std::string>& to, std::string value) {
  if (std::ranges::find(to, value) == to.end()) to.push_back(std::move(value));
}

}  // namespace

std::optional<std::string> Values::composite(const Type& type, uint64_t number) const {
  std::vector<std::string> fields;
  for (size_t i = 0; i < type.attributes.size(); ++i) {
    const auto value = fresh(type.attributes[i], type.attribute_modifiers[i], number);
    fields.push_back(value ? quoted(*value) : "");
  }
  return "(" + join(fields, ",") + ")";
}

std::optional<std::string> Values::array(const Type& type, int modifier, uint64_t number, size_t length) const {
  std::vector<std::string> items;
  for (size_t i = 0; i < length; ++i) {
    const auto value = fresh(type.element, modifier, number + i);
    if (!value) return "{}";
    items.push_back(quoted(*value));
  }
  return "{" + join(items, ",") + "}";
}

// Ranges of different numbers do not overlap.
std::optional<std::string> Values::range(const Type& type, uint64_t number, bool multi) const {
  const auto low = fresh(type.subtype, -1, number * 3);
  const auto high = fresh(type.subtype, -1, number * 3 + 1);
  if (!low || !high) return multi ? "{}" : "empty";
  const std::string one = "[" + quoted(*low) + "," + quoted(*high) + ")";
  return multi ? "{" + one + "}" : one;
}

std::optional<std::string> Values::fresh(Oid oid, int modifier, uint64_t number) const {
  if (const auto pool = pools_.find(oid); pool != pools_.end()) {
    if (pool->second.empty()) return std::nullopt;
    return pool->second[number % pool->second.size()];
  }
  const Type& type = catalog_.type(oid);
  switch (type.type) {
    case 'd':
      return fresh(type.base, type.modifier, number);
    case 'e':
      if (type.labels.empty()) return std::nullopt;
      return type.labels[number % type.labels.size()];
    case 'c':
      return composite(type, number);
    case 'r':
      return range(type, number, false);
    case 'm':
      return range(type, number, true);
    default:
      break;
  }
  if (type.element != 0) return array(type, modifier, number, 1 + number % 3);
  return type.built_in ? built_in_value(type.plain_name, modifier, number) : std::nullopt;
}

std::vector<std::string> Values::edges(Oid oid, int modifier) const {
  if (pools_.contains(oid)) return pools_.at(oid);
  const Type& type = catalog_.type(oid);
  if (type.element != 0) return {"{}"};
  if (type.type == 'r') {
    const auto value = fresh(type.subtype, -1, 500);
    std::vector<std::string> out = {"empty", "(,)"};
    if (value) out.insert(out.end(), {"[" + quoted(*value) + ",)", "(," + quoted(*value) + "]"});
    return out;
  }
  if (type.type == 'm') return {"{}", "{(,)}"};
  if (type.type == 'e') return type.labels;
  return type.built_in && type.type == 'b' ? built_in_edges(type.plain_name, modifier) : std::vector<std::string>{};
}

namespace {

void suggest_numbers(const Hints& hints, const std::string& type, int rows, std::vector<std::string>& out) {
  const bool whole = type.starts_with("int");
  for (const auto& text : hints.numbers) {
    if (!whole || text.find('.') == std::string::npos) add(out, text);
  }
  for (const char* small : {"0", "1", "2", "3"}) add(out, small);  // sums and differences of columns
  for (const auto& text : hints.numbers) {
    const double value = std::atof(text.c_str());
    if (std::abs(value) > 9e15) continue;
    const long long base = static_cast<long long>(value);
    for (int k = 0; k <= rows; ++k) add(out, std::to_string(base + k));
    for (int k = 1; k <= std::max(rows / 4, 3); ++k) add(out, std::to_string(base - k));
    add(out, std::to_string(base / 2));
  }
}

// Texts of the lengths that a check may want, and texts that its patterns describe.
void suggest_texts(const Hints& hints, int limit, int rows, std::vector<std::string>& out) {
  for (const auto& text : hints.strings) {
    add(out, text);
    if (text.size() < 200) add(out, text + "1");
  }
  for (int k = 0; k < rows * 2; ++k) {
    for (const auto& pattern : hints.patterns) add(out, regex_sample(pattern, static_cast<uint64_t>(k)));
    for (const auto& pattern : hints.likes) add(out, like_sample(pattern, static_cast<uint64_t>(k)));
  }
  for (const auto& number : hints.numbers) {
    const long long length = std::atoll(number.c_str());
    for (int k = 0; k < 3; ++k) add(out, std::to_string(length + k));  // a text that is cast
    if (length < 0 || length > 10000) continue;
    for (int k = 0; k < rows; ++k) {
      std::string text = fmt::format("{:a>{}}", k, std::max<long long>(length, 1));
      add(out, text.substr(0, static_cast<size_t>(length)));
    }
    add(out, std::string(static_cast<size_t>(length) + 1, 'b'));
  }
  if (std::ranges::find(hints.functions, "upper") != hints.functions.end()) {
    for (int k = 0; k < rows; ++k) add(out, fmt::format("{:A>4}", k));
  }
  if (limit > 0) std::erase_if(out, [&](const std::string& text) { return static_cast<int>(text.size()) > limit; });
  std::erase_if(out, [](const std::string& text) { return text.find('\0') != std::string::npos; });
}

// Days since 2024-01-01 of a text that begins with YYYY-MM-DD.
std::optional<long long> day_number(const std::string& text) {
  int year = 0;
  int month = 0;
  int date = 0;
  if (std::sscanf(text.c_str(), "%d-%d-%d", &year, &month, &date) != 3 || month < 1 || month > 12) return std::nullopt;
  const long long guess = (year - 2024) * 365LL + (year - 2024) / 4;
  const std::string wanted = text.substr(0, 10);
  for (long long n = guess - 40 - std::abs(year - 2024) / 20; n < guess + 440; ++n) {
    if (day(n) == wanted) return n;
  }
  return std::nullopt;
}

void suggest_dates(const Hints& hints, const std::string& type, int rows, std::vector<std::string>& out) {
  const bool zone = type == "timestamptz";
  for (const auto& text : hints.strings) {
    const auto base = day_number(text);
    if (!base) continue;
    for (int k = -2; k <= rows; ++k) add(out, day(*base + k) + (zone ? " 12:00:00+00" : type == "timestamp" ? " 12:00:00" : ""));
    for (int k = 0; k <= rows && type != "date"; ++k) {
      add(out, day(*base) + fmt::format(" {:02}:{:02}:00", k / 60 + 1, k % 60) + (zone ? "+00" : ""));
    }
  }
}

void suggest_json(const Hints& hints, std::vector<std::string>& out) {
  for (const char* whole : {"{}", "[]", "\"text\"", "1", "true", "null", "[{}]", "[1]", "[\"a\"]"}) add(out, whole);
  const std::vector<std::string> plain = {"1", "\"text\"", "{}", "[]", "true"};
  std::vector<std::string> keys;
  for (const auto& key : hints.strings) {
    if (key.find_first_of("\"\\\n{}") == std::string::npos && !key.empty()) keys.push_back(key);
  }
  if (keys.size() > 8) keys.resize(8);
  std::vector<std::string> values = plain;
  for (const auto& key : keys) values.push_back("\"" + key + "\"");
  for (const auto& value : values) {
    std::vector<std::string> all;
    for (const auto& key : keys) {
      add(out, "{\"" + key + "\": " + value + "}");
      all.push_back("\"" + key + "\": " + value);
    }
    add(out, "{" + join(all, ", ") + "}");
  }
}

void suggest_bytes(const Hints& hints, int rows, std::vector<std::string>& out) {
  for (const auto& number : hints.numbers) {
    const long long length = std::atoll(number.c_str());
    if (length <= 0 || length > 5000) continue;
    for (int k = 0; k < rows; ++k) add(out, "\\x" + fmt::format("{:0>{}x}", k, length * 2));
  }
}

}  // namespace

std::vector<std::string> Values::suggested(Oid oid, int modifier, const Hints& hints, int rows) const {
  std::vector<std::string> out;
  const Oid base = catalog_.base_of(oid, modifier);
  const Type& type = catalog_.type(base);
  if (type.type == 'r' || type.type == 'm') return edges(base, modifier);
  if (type.type == 'e') return type.labels;
  if (type.element != 0) {
    for (size_t length = 0; length <= 4; ++length) {
      for (uint64_t n = 0; n < 3; ++n) out.push_back(array(type, modifier, n, length).value_or("{}"));
    }
    for (const auto& item : suggested(type.element, modifier, hints, 3)) add(out, "{" + quoted(item) + "}");
    return out;
  }
  if (type.category == 'N') suggest_numbers(hints, type.plain_name, rows, out);
  if (type.category == 'S' || type.plain_name == "citext") {
    suggest_texts(hints, text_limit(type.plain_name, modifier), rows, out);
    for (const auto& edge : edges(base, modifier)) add(out, edge);
  }
  if (type.category == 'D') suggest_dates(hints, type.plain_name, rows, out);
  if (type.plain_name == "json" || type.plain_name == "jsonb") suggest_json(hints, out);
  if (type.plain_name == "bytea") suggest_bytes(hints, rows, out);
  if (type.category == 'B') out = {"true", "false"};
  return out;
}

Status Values::prepare(postgres::Connection& connection, int rows) {
  for (const auto& [id, table] : catalog_.tables) {
    for (const auto& column : table.columns) prepare_type(connection, column.type, rows);
  }
  if (!connection.alive()) return fail("connection-lost", "the connection ended while values were looked for");
  return {};
}

void Values::prepare_type(postgres::Connection& connection, Oid oid, int rows) {
  if (oid == 0 || pools_.contains(oid) || std::ranges::find(preparing_, oid) != preparing_.end()) return;
  const Type& type = catalog_.type(oid);
  preparing_.push_back(oid);
  prepare_type(connection, type.base, rows);
  prepare_type(connection, type.element, rows);
  prepare_type(connection, type.subtype, rows);
  for (const Oid attribute : type.attributes) prepare_type(connection, attribute, rows);
  if (type.type == 'd') prepare_domain(connection, oid, type, rows);
  if (type.type == 'b' && type.element == 0 && !type.built_in) prepare_unknown(connection, oid, type);
}

namespace {

// The candidates that the server can cast to the type, one after another only when not all can.
std::vector<std::string> accepted(postgres::Connection& connection, const std::string& type,
                                  const std::vector<std::string>& candidates) {
  std::vector<std::string> out;
  std::string all;
  for (const auto& candidate : candidates) all += (all.empty() ? "" : ",") + literal(candidate) + "::" + type;
  if (candidates.empty()) return out;
  if (connection.execute("SAVEPOINT pga_seed; SELECT ROW(" + all + "); RELEASE pga_seed")) return candidates;
  for (const auto& candidate : candidates) {
    if (connection.execute("ROLLBACK TO pga_seed; SELECT " + literal(candidate) + "::" + type)) out.push_back(candidate);
  }
  (void)connection.execute("ROLLBACK TO pga_seed; RELEASE pga_seed");
  return out;
}

}  // namespace

void Values::prepare_domain(postgres::Connection& connection, Oid oid, const Type& type, int rows) {
  Hints hints;
  for (const Type* at = &type; at->type == 'd'; at = &catalog_.type(at->base)) {
    for (const auto& check : at->checks) merge(hints, check.hints);
  }
  if (type.checks.empty() && catalog_.type(type.base).type != 'd') return;  // as its base
  std::vector<std::string> candidates;
  for (const auto& each : suggested(type.base, type.modifier, hints, rows)) add(candidates, each);
  for (int n = 0; n < rows * 2; ++n) {
    if (const auto value = fresh(type.base, type.modifier, static_cast<uint64_t>(n))) add(candidates, *value);
  }
  for (const auto& each : edges(type.base, type.modifier)) add(candidates, each);
  pools_[oid] = accepted(connection, type.name, candidates);
}

void Values::prepare_unknown(postgres::Connection& connection, Oid oid, const Type& type) {
  auto candidates = candidates_of_unknown(type.plain_name);
  if (type.category == 'S') {
    candidates.clear();
    for (uint64_t n = 0; n < 60; ++n) candidates.push_back(*built_in_value("text", -1, n));
    for (const auto& edge : built_in_edges("varchar", 104)) candidates.push_back(edge);
  }
  std::vector<std::string> first;
  for (size_t i = 0; i < candidates.size(); i += 40) {  // a kind of notation is judged by its first one
    const std::vector<std::string> one = {candidates[i]};
    if (accepted(connection, type.name, one).empty()) continue;
    first.assign(candidates.begin() + static_cast<long>(i),
                 candidates.begin() + static_cast<long>(std::min(i + 40, candidates.size())));
    break;
  }
  pools_[oid] = accepted(connection, type.name, first);
}

}  // namespace pga::seed
