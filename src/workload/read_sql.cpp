#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "sql/lexer.h"
#include "sql/split.h"
#include "workload/workload.h"

namespace pga::workload {
namespace {

constexpr std::string_view kWeight = "pgarchitect: weight ";

// "-- pgarchitect: weight 10"
bool weight_of(std::string_view comment, double& out) {
  const size_t at = comment.find(kWeight);
  if (at == std::string_view::npos) return false;
  const auto number = trim(comment.substr(at + kWeight.size()));
  double value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (error != std::errc() || value < 0) return false;
  out = value;
  return true;
}

}  // namespace

bool has_plan(std::string_view statement) {
  static constexpr std::array<std::string_view, 8> kPlanned = {"select", "insert", "update", "delete",
                                                               "merge",  "with",   "values", "table"};
  auto first = sql::words(statement, 8);
  std::erase_if(first, [](const auto& word) { return word.is_symbol('('); });
  return !first.empty() && std::ranges::find(kPlanned, first[0].text) != kPlanned.end();
}

int parameters_of(std::string_view statement) {
  int highest = 0;
  sql::Lexer lexer(statement);
  for (auto token = lexer.next(); token.type != sql::TokenType::end; token = lexer.next()) {
    if (token.type != sql::TokenType::number || statement[token.begin] != '$') continue;
    int number = 0;
    std::from_chars(statement.data() + token.begin + 1, statement.data() + token.end, number);
    highest = std::max(highest, number);
  }
  return highest;
}

Result<Workload> read_sql(std::string_view text, const std::string& file) {
  PGA_TRY(const auto script, sql::split(text, file));
  Workload out;
  size_t previous_end = 0;
  for (const auto& item : script.items) {
    const size_t end = item.offset + item.text.size();
    Query query;
    query.name = file + ":" + std::to_string(item.line);
    query.text = item.text;
    for (const auto& comment : script.comments) {
      if (comment.offset >= previous_end && comment.offset < end) weight_of(comment.text, query.weight);
    }
    previous_end = end;
    if (item.type == sql::ItemType::statement && has_plan(item.text)) {
      out.queries.push_back(std::move(query));
    } else {
      ++out.utility;
    }
  }
  return out;
}

}  // namespace pga::workload
