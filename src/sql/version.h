// Which PostgreSQL grammar libpg_query was built from.
#pragma once
#include <string>

namespace pga::sql {
std::string grammar_version();  // "15.1"
}  // namespace pga::sql
