// Rows for every table of a database on a private server, so that a migration can be proven on data.
//
//   PGA_TRY(auto filled, seed::fill(connection, model, {.rows = 20, .seed = 1}));
//
// The rows satisfy every constraint (NOT NULL, CHECK, UNIQUE, primary and foreign keys, exclusion, domains, partitions bounds,
// identity, generated columns, triggers that raise). What could not be filled is told with the reason, never an error: a table
// that stays empty is reported as not proven. Deterministic: the same model and seed give the same rows.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "postgres/connection.h"
#include "schema/object.h"

namespace pga::seed {

struct FillOptions {
  int rows = 20;  // a table; fewer where uniqueness or the domain of values allows no more
  uint64_t seed = 1;
  double null_share = 0.2;  // of nullable columns
};

struct Filled {
  std::map<schema::Id, long long> rows;          // by table
  std::map<schema::Id, std::string> not_filled;  // table: why it has no row
  std::map<schema::Id, std::string> notes;       // table with rows: what is special about them ("its triggers were off")
};

Result<Filled> fill(postgres::Connection& connection, const schema::Database& model, const FillOptions& options = {});

}  // namespace pga::seed
