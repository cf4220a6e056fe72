// Which of the candidates to take: the most gain within the budget, interactions counted.
//
// Greedy by gain for each byte and by gain alone, with sets that only help together, then exchanges until nothing improves or the
// limit of EXPLAINs is reached.
#pragma once
#include <functional>
#include <map>
#include <vector>

#include "advise/costs.h"

namespace pga::advise {

struct SelectOptions {
  double budget = 0;        // bytes; 0: none
  size_t most = 0;          // indexes; 0: no limit
  double least_gain = 0.1;  // of the cost of one query that an index serves
  long long most_explains = 20000;
};

struct Selection {
  std::vector<int> indexes;   // in the order in which they were taken: each the best at its time
  std::vector<double> costs;  // of the workload after each, with what writing costs
  double before = 0;          // cost of the workload with what is there
  double after = 0;           // without what writing the new indexes costs
  double writes = 0;          // what writing the new ones costs
  std::vector<double> best;   // of each query, with all of the pool there
};

// `pool`: sets of indexes that a plan used together, and each of their members. `write_cost`: of one index, for the workload.
Result<Selection> select(Costs& costs, const postgres::twin::WhatIf& what_if, const std::vector<std::set<int>>& pool,
                         const std::function<double(int)>& write_cost, const SelectOptions& options);

}  // namespace pga::advise
