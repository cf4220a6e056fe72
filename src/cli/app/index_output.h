// How index advice is shown: for people, and as data.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "advise/advice.h"
#include "base/terminal.h"
#include "cli/app/index_verify.h"
#include "cli/app/plan_output.h"

namespace pga::app {

struct IndexResult {
  advise::Advice advice;
  double budget = 0;
  long long utility = 0;  // statements of the workload that are no queries
  PlanResult migration;   // with an output folder
  std::optional<Verification> verified;
  std::vector<std::string> notes;
};

void index_text(Terminal& out, const IndexResult& result, bool verbose);
void index_json(Terminal& out, const IndexResult& result);
std::string bytes_text(double bytes);  // "12 MB"

}  // namespace pga::app
