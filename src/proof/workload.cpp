#include "proof/workload.h"

#include <algorithm>
#include <array>

#include "sql/lexer.h"
#include "sql/split.h"

namespace pga::proof {
namespace {

// "$1" outside of quotes and comments becomes NULL.
std::string without_parameters(const std::string& query) {
  std::string out;
  size_t copied = 0;
  sql::Lexer lexer(query);
  for (auto token = lexer.next(); token.type != sql::TokenType::end; token = lexer.next()) {
    if (token.type != sql::TokenType::number || query[token.begin] != '$') continue;
    out += query.substr(copied, token.begin - copied) + "NULL";
    copied = token.end;
  }
  return out + query.substr(copied);
}

}  // namespace

Result<std::string> explain_of(const std::string& query, int major) {
  static constexpr std::array<std::string_view, 8> kPlanned = {"select", "insert", "update", "delete",
                                                               "merge",  "with",   "values", "table"};
  PGA_TRY(const auto script, sql::split(query));
  if (script.items.size() != 1 || script.items[0].type != sql::ItemType::statement) {
    return fail("not-a-query", "a query of the workload is not one statement");
  }
  const std::string text(script.items[0].text);
  auto first = sql::words(text, 8);
  std::erase_if(first, [](const auto& word) { return word.is_symbol('('); });
  if (first.empty() || std::ranges::find(kPlanned, first[0].text) == kPlanned.end()) {
    return fail("not-a-query", "a statement of the workload cannot be planned: it is no SELECT, INSERT, UPDATE, DELETE or MERGE");
  }
  return major >= 16 ? "EXPLAIN (GENERIC_PLAN) " + text : "EXPLAIN " + without_parameters(text);
}

Result<std::vector<std::string>> plan_workload(postgres::Connection& connection, const std::vector<std::string>& queries) {
  std::vector<std::string> out;
  const bool inside = connection.in_transaction();
  for (const auto& query : queries) {
    auto explain = explain_of(query, connection.major());
    if (!explain) {
      out.push_back(explain.error().message);
      continue;
    }
    // One statement was made sure of; a comment at its end must not swallow what follows.
    if (inside) PGA_CHECK(connection.execute("SAVEPOINT pgarchitect_workload"));
    const auto done = connection.execute(*explain);
    if (inside && connection.alive()) {
      PGA_CHECK(connection.execute("ROLLBACK TO SAVEPOINT pgarchitect_workload; RELEASE SAVEPOINT pgarchitect_workload"));
    }
    if (!done && done.error().sqlstate.empty()) return fail(done.error());
    out.push_back(done ? std::string() : done.error().message);
  }
  return out;
}

}  // namespace pga::proof
