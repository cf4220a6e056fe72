// Reads the model of a database from its system catalogs (design.md, idea 1).
//
//   PGA_TRY(auto connection, Connection::open(url));
//   PGA_TRY(auto model, read_catalog(connection));
//
// One query a kind plus four shared ones (dependencies, comments, labels, roles), all in one libpq pipeline inside one
// READ ONLY, REPEATABLE READ transaction with an empty search_path and timeouts. On a connection that is in a transaction
// already, that one is read in (behind a savepoint, read only): so a runner sees what it is about to commit. Runs no user code.
// Needs no more rights than every role has on pg_catalog. Throws nothing; errors name the query.
#pragma once
#include <string>
#include <vector>

#include "postgres/connection.h"
#include "schema/object.h"

namespace pga::postgres {

struct ReadOptions {
  // Objects of this role are reported with no owner (the "default owner"). Empty: the owner of the database.
  std::string default_owner;
  int statement_timeout_ms = 60000;
  int lock_timeout_ms = 5000;
  // Schemas that belong to pgarchitect itself and are not part of the model.
  std::vector<std::string> skip_schemas = {"pgarchitect", "pgarchitect_parked"};
};

Result<schema::Database> read_catalog(Connection& connection, const ReadOptions& options = {});

// The text of a kind's query for a server of this major version: version blocks resolved, macros expanded.
std::string expand_query(std::string_view query, int major, const std::string& default_owner);

}  // namespace pga::postgres
