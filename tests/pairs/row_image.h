// The rows of a database, as a test sees them by queries of its own: a checksum of each table over chosen columns, whatever the
// order of the rows.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "postgres/connection.h"

namespace pga::testing {

// Tables with rows of their own by "schema.table" (quoted as SQL wants it): columns that are stored as given, with their types.
using TableColumns = std::map<std::string, std::map<std::string, std::string>>;
Result<TableColumns> table_columns(postgres::Connection& connection);
// What both have under the same name and with the same type.
TableColumns common_columns(const TableColumns& a, const TableColumns& b);
// Partitioned tables with the partitions below them that hold the rows.
Result<std::map<std::string, std::vector<std::string>>> partitions(postgres::Connection& connection);
// By table: number of rows and checksum over the columns; tables that are not there are left out.
using RowImage = std::map<std::string, std::string>;
Result<RowImage> row_image(postgres::Connection& connection, const TableColumns& columns);
// "public.a: 8 rows 1f…, then 0 rows 00…"; "" when all tables of `before` are in `after` with the same image.
std::string lost_rows(const RowImage& before, const RowImage& after);

}  // namespace pga::testing
