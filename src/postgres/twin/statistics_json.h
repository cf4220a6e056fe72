// Statistics as a file (docs/schemas/stats.json), and back. A file holds real values (common ones, histogram bounds): treat it as
// personal data.
//
// Errors of read: bad-json, bad-statistics.
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "postgres/twin/statistics.h"

namespace pga::postgres::twin {

std::string to_json(const Statistics& statistics);
Result<Statistics> statistics_from_json(std::string_view text);

}  // namespace pga::postgres::twin
