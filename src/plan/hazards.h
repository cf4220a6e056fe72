// Which hazards a plain statement has (step.h), from what it does and from what was observed. Internal to this room.
#pragma once
#include "plan/changes.h"
#include "plan/graph.h"

namespace pga::plan {

void judge_hazards(Step& step, Part part, const schema::Id& id, const Fate& fate, const Changes& changes,
                   const Situation& situation);
// Adds the hazard once.
void add_hazard(Step& step, Hazard hazard);

}  // namespace pga::plan
