#include "postgres/libpq_version.h"

#include <libpq-fe.h>

namespace pga::postgres {
std::string libpq_version() {
  const int version = PQlibVersion();  // 150018 is 15.18: since 10 the major has no second part
  return std::to_string(version / 10000) + "." + std::to_string(version % 10000);
}
}  // namespace pga::postgres
