// Statements that sequences and identity columns share.
// OWNED BY of a sequence is a statement of its own, because the default of the owning column needs the sequence first.
#pragma once
#include "schema/kind.h"

namespace pga::schema {

Statement own_sequence(const Object& sequence);  // ALTER SEQUENCE … OWNED BY column, or NONE

// Where a sequence begins and between what it stays; as PostgreSQL prints numbers.
struct SequenceBounds {
  std::string start, minimum, maximum;
  std::string type;  // "": of a column
};
SequenceBounds bounds_of(const std::vector<std::string>& options);  // "START WITH 1", "MINVALUE 1", …: of an identity column
// A position outside of narrower bounds would make PostgreSQL refuse them: it goes to the new start before. `sequence` is quoted.
Statements move_into_bounds(const std::string& sequence, const SequenceBounds& from, const SequenceBounds& to);

}  // namespace pga::schema
