// How a plan is shown: for people, and as data.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cli/context.h"
#include "proof/phases.h"
#include "proof/pipeline.h"
#include "proof/prove.h"

namespace pga::app {

struct PlanResult {
  proof::MadePlan made;
  std::optional<proof::Report> report;
  std::vector<std::string> notes;
  std::vector<std::string> files;  // that were written
  proof::PhaseSplit split;         // with --split-phases
};

void plan_text(Terminal& out, const PlanResult& result);
void plan_json(Terminal& out, const PlanResult& result);
// "data-loss: column public.users.name (step 3 of section 2)" of every hazard that is not permitted.
std::vector<std::string> not_permitted(const plan::Script& script, const std::vector<plan::Hazard>& allowed);

}  // namespace pga::app
