// Positions of sequences that wait in pgarchitect_parked: where a sequence stood that goes, with its column, its table or by
// itself.
#pragma once
#include "plan/online/data.h"

namespace pga::plan::data {

std::string sequence_name(const schema::Object& sequence);  // with the schema, quoted
// Sequences that the column owns (serial).
std::vector<const schema::Object*> sequences_of(const schema::Object& column, const schema::Database& in);
// Keeps the position; `id`: of the sequence, or of the identity column that it belongs to. Does nothing the second time.
Drafts park_position(const schema::Id& id, const std::string& sequence, const Situation& situation);
Drafts restore_position(const schema::Id& id, const std::string& sequence, const Situation& situation);

}  // namespace pga::plan::data
