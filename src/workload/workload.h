// The queries that an application sends, with how often it does.
//
//   PGA_TRY(auto workload, workload::read_sql(text, "queries.sql"));
//   for (const auto& query : workload.queries) …
//
// In a .sql file a comment "-- pgarchitect: weight 10" before a statement says how often it runs in relation to the others.
// Utility statements (BEGIN, SET, CREATE …) are counted and left out.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "postgres/connection.h"

namespace pga::workload {

struct Query {
  std::string name;    // "queries.sql:12", "pg_stat_statements 4711"
  std::string text;    // one statement; may hold $1, $2 …
  double weight = 1;   // how often, in relation to the others
  double mean_ms = 0;  // measured, where known
};

struct Skipped {
  std::string name;
  std::string text;
  std::string reason;
};

struct Workload {
  std::vector<Query> queries;  // in the order of the source
  std::vector<Skipped> skipped;
  long long utility = 0;  // statements that are no queries, with how often they ran
};

// SELECT, INSERT, UPDATE, DELETE, MERGE, WITH, VALUES, TABLE: what has a plan.
bool has_plan(std::string_view statement);
// The number of parameters: the highest $n outside of quotes and comments.
int parameters_of(std::string_view statement);

Result<Workload> read_sql(std::string_view text, const std::string& file);
// pg_stat_statements of the database that is connected to, most expensive first. Errors: no-statements (it is not installed, not
// loaded, or empty), with the next step.
Result<Workload> read_pg_stat_statements(postgres::Connection& connection, int limit = 500);
// A server log (stderr, csvlog, jsonlog) with log_min_duration_statement, log_statement or auto_explain, with the values of its
// parameters where they are logged. Statements that differ in constants only are one query, with the first constants seen.
Result<Workload> read_log(std::string_view text, const std::string& file);
// What of these a file is, by its looks.
Result<Workload> read_any(std::string_view text, const std::string& file);

}  // namespace pga::workload
