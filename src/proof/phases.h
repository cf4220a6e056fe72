// One plan as several migrations, so that old and new application code both run in between: expand, migrate data, contract.
//
//   PGA_TRY(const auto split, split_phases(server, from, to, made, request, {.fill = fill_rows}));
//   if (split.proof.failed()) …                           // a part does not go back alone
//   for (const auto& part : split.parts) write(part)
//
// Between them stands a schema of its own, additive(): the origin with all that the target adds and old code does not notice.
// Expand (and migrate data, where rows must be filled or constraints validated) leads there, contract from there to the target:
// drops, renames, changed types, and constraints that old code could violate. Each part has its own way back, planned from its
// own two states, and is proven as a migration of a history. (Sadalage and Fowler's parallel change, with the data in the
// middle.) A plan that only adds, or adds nothing, stays one part. Errors: those of make_plan and of executing.
#pragma once
#include <vector>

#include "proof/history.h"
#include "proof/pipeline.h"

namespace pga::proof {

struct PhasePart {
  plan::Phase phase{};
  plan::Script up, down;
};

struct PhaseSplit {
  std::vector<PhasePart> parts;
  HistoryReport proof;             // empty when there is one part only
  std::vector<std::string> notes;  // why there are not more parts
};

Result<PhaseSplit> split_phases(postgres::Server& server, const source::Loaded& from, const source::Loaded& to,
                                const MadePlan& made, const PlanRequest& request, const HistoryOptions& options);

// The origin with what the target adds to it, so far as code that knows only the origin goes on as before. Pure. An addition that
// needs something that the target changes is not in it; nor is one that checks what old code writes (a constraint, unique
// index or required column of a table that is there).
schema::Database additive(const schema::Database& from, const schema::Database& to, const std::vector<diff::Rename>& renames);

}  // namespace pga::proof
