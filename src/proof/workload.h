// The queries of an application, planned (never run) against a database: does each still find its tables, columns and types?
//
//   PGA_TRY(auto answers, plan_workload(connection, queries));   // "" where the query plans, else the server's words
//
// Parameters ($1) stay open: EXPLAIN (GENERIC_PLAN) on 16 and newer, before that each is replaced by NULL.
#pragma once
#include <string>
#include <vector>

#include "postgres/connection.h"

namespace pga::proof {

// Works inside a transaction (each query has a savepoint of its own) and outside.
Result<std::vector<std::string>> plan_workload(postgres::Connection& connection, const std::vector<std::string>& queries);

// The query as it is planned on a server of this major; an error for what cannot be planned: not one statement, or no query.
Result<std::string> explain_of(const std::string& query, int major);

}  // namespace pga::proof
