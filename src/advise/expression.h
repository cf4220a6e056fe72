// The conditions of a plan as EXPLAIN prints them: "((o.status = 'new'::text) AND (o.total > '5'::numeric))". PostgreSQL puts
// every operator in parentheses there, so that they can be taken apart without a grammar.
//
//   for (const auto& part : conjuncts(text)) …          // "(o.status = 'new'::text)"
//   const auto comparison = comparison_of(part);        // o.status, =, 'new'::text
//
// Pure text; nothing is executed. What is not understood is an empty result.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pga::advise {

std::string_view without_parentheses(std::string_view text);
// The operands of a top-level AND (or OR); the text itself when there is none.
std::vector<std::string> conjuncts(std::string_view text);
std::vector<std::string> disjuncts(std::string_view text);

struct Comparison {
  std::string left, op, right;  // op: "=", "~~", "@>", "= ANY", "IS NULL", "IS NOT NULL", "" (a boolean by itself)
  bool negated = false;
};
std::optional<Comparison> comparison_of(std::string_view text);

struct ColumnName {
  std::string alias;   // as it stands there
  std::string column;  // quoted where it must be
  auto operator<=>(const ColumnName&) const = default;
};
// Every "alias.column" in the text.
std::set<ColumnName> columns_of(std::string_view text);
// The same text with these aliases taken away: what stands in CREATE INDEX.
std::string without_alias(std::string_view text, const std::string& alias);
// A constant at planning time: no column, no sub-plan, no parameter of an outer plan.
bool is_constant(std::string_view text);
// The operator with left and right exchanged: "<" for ">"; "" when there is none.
std::string commuted(const std::string& op);

}  // namespace pga::advise
