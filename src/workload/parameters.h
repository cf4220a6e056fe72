// Values for the parameters of a query ($1), drawn from the statistics of the columns that they are compared with, so that the
// plan is one for real values: a common one, one from the middle, a rare one.
//
//   PGA_TRY(auto instances, workload::instances_of(query, twin, statistics));
//   for (const auto& instance : instances) …      // text without parameters, weight
//
// A query without parameters is its own only instance. Where a parameter stands beside no column, a value of its type is taken;
// where that is not possible the error says so (no-parameters).
#pragma once
#include "postgres/twin/twin.h"
#include "workload/workload.h"

namespace pga::workload {

struct Instance {
  std::string text;
  double weight = 1;
};

Result<std::vector<Instance>> instances_of(const Query& query, postgres::Connection& twin,
                                           const postgres::twin::Statistics& statistics);

}  // namespace pga::workload
