// Puts statistics into the catalogs of a private server. Internal to this room.
#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "postgres/connection.h"
#include "postgres/twin/statistics.h"

namespace pga::postgres::twin {

// A column of the twin, with what ANALYZE would note for its type (queries/twin_attributes.sql).
struct Attribute {
  int number = 0;
  std::string name;
  std::string type;                                    // its base type as SQL
  std::string base, eq, lt, collation;                 // OIDs
  std::string element, element_eq, element_collation;  // OIDs
};

using Name = std::pair<std::string, std::string>;  // schema and name

struct Target {
  std::map<Name, long long> relations;                     // OIDs
  std::map<long long, std::vector<Attribute>> attributes;  // by relation
};

Result<Target> read_target(Connection& connection);
// Inserts the rows at the ends of each table; in a transaction, behind twin_relax.sql.
Status insert_ends(Connection& connection, const Target& target, const Statistics& statistics, std::vector<std::string>& notes);
// pg_statistic and pg_statistic_ext_data.
Status write_statistics(Connection& connection, const Target& target, const Statistics& statistics,
                        std::vector<std::string>& notes);

}  // namespace pga::postgres::twin
