// What a query does with each table, read from its plan: conditions, joins, orders, columns that it needs. The planner has
// resolved names through views, common table expressions, aliases and search_path, and added what follows from equalities.
//
//   for (const auto& access : accesses_of(plan, parents)) …     // one a table reference (alias)
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sql/parse.h"

namespace pga::advise {

enum class Use : uint8_t {
  equal,     // = a constant, or one that is known when the scan begins
  in,        // = ANY (…)
  range,     // <, <=, >, >=
  is_null,   // IS NULL
  not_null,  // IS NOT NULL
  boolean,   // a boolean by itself; Condition::op "NOT" when it is negated
  join,      // = an expression of another table
  other,     // any other operator: @>, ~~, @@ …
  filter,    // a comparison within the table, or anything that only a predicate of a partial index can use
};

struct Condition {
  Use use{};
  std::string expression;    // without alias: what an index would hold
  std::string op;            // "@>"
  std::string constant;      // the other side, when it is a constant
  std::string predicate;     // the whole condition without alias, when it holds constants only
  bool alternative = false;  // one branch of an OR
  auto operator<=>(const Condition&) const = default;
};

struct OrderKey {
  std::string expression;  // without alias
  bool descending = false;
  bool nulls_first = false;
  auto operator<=>(const OrderKey&) const = default;
};

struct Access {
  std::string schema, table;  // the partitioned table, where a partition is read
  std::string alias;
  std::set<Condition> conditions;
  std::vector<std::vector<OrderKey>> orders;     // of sorts whose keys are all of this table
  std::vector<std::vector<std::string>> groups;  // group keys of this table
  std::vector<OrderKey> nearest;                 // ORDER BY a distance
  std::set<std::string> extremes;                // columns of min() and max()
  std::set<std::string> needed;                  // columns that the query reads
  double rows = 0;                               // that a scan gives, at most
  bool limited = false;                          // a LIMIT stands above
};

using TableName = std::pair<std::string, std::string>;

// `parents`: a partition's top-most parent.
std::vector<Access> accesses_of(const sql::Node& plan, const std::map<TableName, TableName>& parents);

struct Write {
  std::string schema, table;
  std::string operation;  // Insert, Update, Delete, Merge
  double rows = 0;
  std::set<std::string> columns;  // not used yet for HOT
};
std::vector<Write> writes_of(const sql::Node& plan, const std::map<TableName, TableName>& parents);
// Names of the indexes that a plan reads.
std::set<std::string> indexes_of(const sql::Node& plan);

}  // namespace pga::advise
