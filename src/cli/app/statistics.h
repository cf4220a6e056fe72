// Statistics of a live database, or of a file that stats wrote, with the structure that belongs to them.
#pragma once
#include <string>

#include "cli/context.h"
#include "postgres/twin/statistics.h"
#include "schema/object.h"

namespace pga::app {

// With roles and statements, so that they can be a file. `model`: what was read of the structure.
Result<postgres::twin::Statistics> statistics_of(const std::string& conninfo, schema::Database* model = nullptr);
Result<postgres::twin::Statistics> statistics_of_file(const std::string& path);
// Builds the structure in an empty database of a private server.
Status build_structure(const postgres::twin::Statistics& statistics, postgres::Connection& connection);

}  // namespace pga::app
