// Syntax trees of single statements, by libpg_query: for workload queries and checks, never for the model of a schema.
//
//   PGA_TRY(auto tree, sql::parse("SELECT a FROM t WHERE b = $1"));
//   const Node* select = tree.child("SelectStmt");  select->child("whereClause") …
//
// The grammar is that of the libpg_query that was linked (see version.h): newer syntax is a `syntax-error` here though a
// newer server takes it. Works in a thread of its own with a 256 MB stack, so that deep nesting is an error, not a crash.
// Errors: syntax-error (place inside the text), statement-too-large, statement-too-deep.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace pga::sql {

constexpr size_t kLargestStatement = 4 * 1024 * 1024;  // bytes
constexpr size_t kDeepestTree = 1500;                  // levels of JSON

enum class NodeType : uint8_t { object, list, text, number, boolean, null };

// A JSON value as libpg_query gives it: {"ColumnRef": {"fields": [ … ], "location": 7}}.
struct Node {
  NodeType type = NodeType::null;
  std::string value;                                 // text, number ("7") or boolean ("true")
  std::vector<std::pair<std::string, Node>> fields;  // of an object, in order
  std::vector<Node> items;                           // of a list

  const Node* child(std::string_view name) const;  // nullptr: there is none
  std::string text(std::string_view name) const;   // "" when there is none
  long long integer(std::string_view name) const;  // 0 when there is none
  double number(std::string_view name) const;      // 0 when there is none
  bool flag(std::string_view name) const;          // false when there is none
};

// The tree below "stmt" of the one statement in the text: {"SelectStmt": …}. None or several are a syntax-error.
Result<Node> parse(std::string_view statement);
// The same for statements that differ in constants only: 16 hex digits.
Result<std::string> fingerprint(std::string_view statement);
// The statement with its constants replaced by $1, $2, …
Result<std::string> normalize(std::string_view statement);
// The statement as libpg_query writes it from its tree: one line, comments gone.
Result<std::string> deparse(std::string_view statement);

}  // namespace pga::sql
