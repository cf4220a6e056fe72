// The statistics twin: a database of a private server that answers EXPLAIN as another one would, with none of its rows.
//
//   PGA_TRY(auto twin, Twin::make(server, database, statistics));      // database: the structure, empty
//   PGA_TRY(const auto plan, twin.explain("SELECT …"));                // {"Node Type": …, "Total Cost": …}
//
// Each table holds the rows at its ends only (the planner looks there); its files are as long as the source's, sparse; catalogs
// and metapages say what the source's say. EXPLAIN only: whoever executes reads pages of zeros. The twin is consumed by use:
// never ANALYZE, VACUUM or write in it. Costs nothing on disk beyond an empty database.
//
// Errors: twin-needs-private-server (with --server), twin-major, and those of the server. What could not be reproduced exactly
// is in notes().
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "postgres/connection.h"
#include "postgres/server.h"
#include "postgres/twin/statistics.h"
#include "sql/parse.h"

namespace pga::postgres::twin {

// One table of the twin.
struct TwinTable {
  long long oid = 0;
  std::string schema, name;
  char kind = 'r';
  std::string tuples;
  long long pages = 0, all_visible = 0, blocks = 0;
  std::string small_file, big_file;  // numbers (relfilenode): with the rows at the ends only, and in the apparent size
};

class Twin {
 public:
  static Result<Twin> make(Server& server, const std::string& database, const Statistics& statistics);

  Connection& connection() { return *connection_; }
  int major() const { return major_; }
  const std::string& folder() const { return folder_; }  // with the files of the database
  const std::vector<std::string>& notes() const { return notes_; }
  const std::map<long long, TwinTable>& tables() const { return tables_; }
  const TwinTable* table(const std::string& schema, const std::string& name) const;
  std::string next_file() { return std::to_string(next_file_++); }
  // The plan of a query ("Plan" of EXPLAIN (VERBOSE, FORMAT JSON)), with the source's settings. Costs are in it.
  Result<sql::Node> explain(const std::string& query);
  // Cost and indexes only, which is several times cheaper to read.
  struct Cost {
    double total = 0;
    std::vector<std::string> indexes;
  };
  // `before`: statements (each with its ';') that are sent along, in the same transaction.
  Result<Cost> cost(const std::string& query, const std::string& before = {});
  long long explains() const { return explains_; }

 private:
  Twin() = default;
  std::unique_ptr<Connection> connection_;
  std::string folder_;
  int major_ = 0;
  std::map<long long, TwinTable> tables_;
  std::vector<std::string> notes_;
  // Far above what the server itself gives out.
  unsigned long next_file_ = 3000000000UL;
  long long explains_ = 0;
};

}  // namespace pga::postgres::twin
