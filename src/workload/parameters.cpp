#include "workload/parameters.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "base/quote.h"
#include "base/text.h"
#include "sql/lexer.h"

namespace pga::workload {
namespace {

using postgres::twin::ColumnStatistics;
using postgres::twin::Statistics;
using sql::Word;

enum : uint8_t { kMcv = 1, kHistogram = 2 };

// The name of the column that a parameter is compared with: "a.b = $1", "$1 < b", "b = ANY ($1)", "b IN ($1, $2)",
// "b BETWEEN $1 AND $2", "LIMIT $1". Only a guess at names: the values are what matters.
std::string column_beside(const std::vector<Word>& words, size_t at) {
  size_t i = at;
  const auto is_operator = [&](size_t k) {
    return words[k].type == sql::TokenType::symbol &&
           std::string_view("=<>!~@&|?+-*/%").find(words[k].text[0]) != std::string_view::npos;
  };
  const auto keyword = [&](size_t k) {
    return words[k].is("any") || words[k].is("in") || words[k].is("between") || words[k].is("like") || words[k].is("ilike") ||
           words[k].is("and") || words[k].is("not") || words[k].is_symbol('(') || words[k].is_symbol(',') ||
           words[k].text.starts_with("$");
  };
  // Leftwards over operators and the keywords of comparisons to a name.
  while (i > 0 && (is_operator(i - 1) || keyword(i - 1))) --i;
  if (i > 0 && words[i - 1].is_name() && i < at) return words[i - 1].text;
  // Or the other way round: "$1 = b".
  i = at + 1;
  while (i < words.size() && is_operator(i)) ++i;
  if (i > at + 1 && i < words.size() && words[i].is_name()) {
    return i + 2 < words.size() && words[i + 1].is_symbol('.') ? words[i + 2].text : words[i].text;
  }
  return {};
}

const ColumnStatistics* statistics_of(const Statistics& statistics, const std::vector<Word>& words, const std::string& column) {
  const ColumnStatistics* found = nullptr;
  for (const auto& one : statistics.columns) {
    if (one.column != column || one.position != 0) continue;
    const bool named = std::ranges::any_of(words, [&](const Word& word) { return word.is_name() && word.text == one.relation; });
    if (named) return &one;
    if (found == nullptr) found = &one;  // of a view's table, a partition's parent …
  }
  return found;
}

// `which`: 0 a common value, 1 one from the middle, 2 a rare one.
std::optional<std::string> value_of(const ColumnStatistics& column, int which) {
  std::vector<std::string> common, bounds;
  for (const auto& slot : column.slots) {
    if (slot.kind == kMcv && slot.values) common = parse_pg_array(*slot.values);
    if (slot.kind == kHistogram && slot.values) bounds = parse_pg_array(*slot.values);
  }
  if (common.empty() && bounds.empty()) return std::nullopt;
  if (which == 0) return common.empty() ? bounds[bounds.size() / 3] : common.front();
  if (which == 1) return bounds.empty() ? common[common.size() / 2] : bounds[bounds.size() / 2];
  return bounds.empty() ? common.back() : bounds[bounds.size() * 4 / 5];
}

std::string with_values(const std::string& text, const std::vector<std::string>& values) {
  std::string out;
  size_t copied = 0;
  sql::Lexer lexer(text);
  for (auto token = lexer.next(); token.type != sql::TokenType::end; token = lexer.next()) {
    if (token.type != sql::TokenType::number || text[token.begin] != '$') continue;
    size_t number = 0;
    std::from_chars(text.data() + token.begin + 1, text.data() + token.end, number);
    out += text.substr(copied, token.begin - copied) + (number >= 1 && number <= values.size() ? values[number - 1] : "NULL");
    copied = token.end;
  }
  return out + text.substr(copied);
}

// A value for a parameter that stands beside no column, by its type.
std::string typical(const std::string& type) {
  if (type.ends_with("[]")) return "'{}'::" + type;
  if (type == "bigint" || type == "integer" || type == "smallint") return "10";
  if (type == "numeric" || type == "real" || type == "double precision") return "10";
  if (type == "boolean") return "true";
  if (type == "interval") return "'1 day'::interval";
  if (type == "date") return "'2024-01-01'::date";
  if (type.starts_with("timestamp")) return "'2024-01-01'::" + type;
  if (type == "text" || type == "character varying") return "'a'";
  return "NULL::" + type;
}

}  // namespace

Result<std::vector<Instance>> instances_of(const Query& query, postgres::Connection& twin, const Statistics& statistics) {
  const int count = parameters_of(query.text);
  if (count == 0) return std::vector<Instance>{{query.text, query.weight}};
  PGA_CHECK(twin.execute("DEALLOCATE ALL"));
  const auto prepared = twin.execute("PREPARE pga_parameters AS " + query.text);
  if (!prepared) return fail(prepared.error());
  PGA_TRY(const auto types, twin.query("SELECT unnest(parameter_types)::text FROM pg_catalog.pg_prepared_statements WHERE name = "
                                       "'pga_parameters'"));
  PGA_CHECK(twin.execute("DEALLOCATE pga_parameters"));
  const auto words = sql::words(query.text);
  std::vector<const ColumnStatistics*> beside(static_cast<size_t>(count), nullptr);
  std::vector<bool> limit(static_cast<size_t>(count), false);
  for (size_t i = 0; i < words.size(); ++i) {
    if (!words[i].text.starts_with("$") || words[i].type != sql::TokenType::number) continue;
    const auto number = static_cast<size_t>(std::atoi(words[i].text.c_str() + 1));
    if (number < 1 || number > beside.size()) continue;
    if (i > 0 && (words[i - 1].is("limit") || words[i - 1].is("offset"))) limit[number - 1] = true;
    const auto column = column_beside(words, i);
    if (!column.empty() && beside[number - 1] == nullptr) beside[number - 1] = statistics_of(statistics, words, column);
  }
  std::vector<Instance> out;
  for (int which = 0; which < 3; ++which) {
    std::vector<std::string> values;
    for (size_t p = 0; p < static_cast<size_t>(count); ++p) {
      const std::string type = static_cast<int>(p) < types.size() ? std::string(types.text(static_cast<int>(p), 0)) : "text";
      const auto drawn = beside[p] == nullptr ? std::nullopt : value_of(*beside[p], which);
      if (limit[p] || !drawn) {
        values.push_back(limit[p] ? "10" : typical(type));
      } else if (type.ends_with("[]") && !drawn->starts_with("{")) {
        values.push_back("ARRAY[" + literal(*drawn) + "]::" + type);
      } else {
        values.push_back(literal(*drawn) + "::" + type);
      }
    }
    Instance instance{with_values(query.text, values), query.weight / 3};
    if (std::ranges::none_of(out, [&](const Instance& one) { return one.text == instance.text; }))
      out.push_back(std::move(instance));
  }
  for (auto& instance : out) instance.weight = query.weight / static_cast<double>(out.size());
  return out;
}

}  // namespace pga::workload
