// Rows on which a migration can be judged: they satisfy the origin, and the target as well as far as that can be said beforehand.
// A migration that narrows a column or adds a rule fails on rows that break the rule, and then nothing would be proven.
//
//   Options::fill = [&](auto& connection) { return fill_for_both(server, connection, from, to, made); };
//
// The rules of the target (NOT NULL, checks, keys, foreign keys, unique indexes, values of enums, narrower types, bounds of
// partitions) are laid upon a clone of the origin, which is filled; its rows then move into `connection`. A rule that the clone
// refuses is left out. Where that leads nowhere the rows satisfy the origin only.
#pragma once
#include "postgres/server.h"
#include "proof/pipeline.h"
#include "seed/fill.h"

namespace pga::proof {

// `connection`: a clone of from.database without rows. from.database and to.database are without sessions.
Status fill_for_both(postgres::Server& server, postgres::Connection& connection, const source::Loaded& from,
                     const source::Loaded& to, const MadePlan& made, const seed::FillOptions& options = {});

}  // namespace pga::proof
