#include "sql/version.h"

#include <pg_query.h>

namespace pga::sql {
// The header's word: the library exports no version function. (npm's 16.3.0 header wrongly says 15.1.)
std::string grammar_version() {
  return PG_VERSION;
}
}  // namespace pga::sql
