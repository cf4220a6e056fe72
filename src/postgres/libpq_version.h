// Which libpq this program runs with (that of run time, not of build time).
#pragma once
#include <string>

namespace pga::postgres {
std::string libpq_version();  // "15.18"
}  // namespace pga::postgres
