// From two models to ordered steps, both ways. Pure: what must be observed on a server (costs) comes in as facts.
//
//   PGA_TRY(auto up, plan_direction({from, to, options}));
//   up.script, up.notes, up.kept
//
// The order comes from pg_depend of both sides (graph.h); gentler statements from the online forms (action.h).
// Errors: cycle.
#pragma once
#include "base/result.h"
#include "plan/action.h"

namespace pga::plan {

struct Direction {
  Script script;
  std::vector<std::vector<schema::Id>> ids;  // by section and step: the object of each step
  std::vector<std::string> notes;
  std::set<schema::Id> kept;  // what was parked, for the way back
};

Result<Direction> plan_direction(const Situation& situation);

// The statements that build a schema from an empty database, for people: CREATE TABLE followed by what belongs to the table.
struct Block {
  schema::Id top;  // the table, type, function … that the statements belong to
  std::vector<std::string> statements;
};
Result<std::vector<Block>> describe_schema(const schema::Database& empty, const schema::Database& model);

// What the user must permit by name: every hazard of a script, in the order of the enumeration.
std::vector<Hazard> hazards_of(const Script& script);

}  // namespace pga::plan
