// From two loaded schemas to a plan, up and down: renames, a trial on a private server that observes what the plain statements
// cost, and the gentle plan that follows from it.
//
//   PGA_TRY(auto made, proof::make_plan(server, from, to, request));
//   made.plan.up, made.plan.down, made.plan.notes
//
// Both sides must be loaded on `server` (source::load with a database). Nothing but databases of that server is written.
// Errors: cycle, unknown-rename, trial-failed (a statement of the plan that the server refuses: a mistake of ours, or a schema
// that PostgreSQL itself cannot change in this way).
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "diff/rename.h"
#include "plan/planner.h"
#include "postgres/server.h"
#include "source/source.h"

namespace pga::proof {

struct PlanRequest {
  plan::Options options;
  std::vector<std::string> renames;  // as the user wrote them: "users.name=full_name"
  std::vector<diff::Rename> chosen;  // that somebody said yes to
  bool trial = true;                 // false: nothing is observed; forms assume the worst
};

struct MadePlan {
  plan::Plan plan;
  std::vector<diff::Rename> renames;        // that were asked for
  std::vector<diff::Rename> own_renames;    // of indexes, constraints and sequences, which lose nothing
  std::vector<diff::Candidate> candidates;  // what may be a rename and was taken as a drop and a creation
  schema::Database origin;                  // the origin after the renames
};

// The first half of make_plan: the renames, and the origin after them; no plan.
Result<MadePlan> find_renames(postgres::Server& server, const source::Loaded& from, const source::Loaded& to,
                              const PlanRequest& request);
Result<MadePlan> make_plan(postgres::Server& server, const source::Loaded& from, const source::Loaded& to,
                           const PlanRequest& request);

// For source::LoadOptions::build: builds the structure of a model in an empty database (of a live database, on the private
// server). Roles that it names are created where the server is private.
Status build_schema(const schema::Database& model, postgres::Connection& connection);

}  // namespace pga::proof
