// The part of two schemas that a change concerns, for plans and proofs of schemas too large to build whole for every change.
//
//   if (auto part = proof::concerned(from, to)) build(part->from), build(part->to);
//
// In it are: what differs; whole tables that something differs in, with their partition and inheritance trees; everything that
// needs one of these, transitively; and what all of that needs to exist. A table that is only leaned on keeps its columns,
// defaults, keys and unique indexes. What the bodies of functions name counts as needed, although PostgreSQL keeps no record of
// it. Both parts hold the same names, so the differences between them are the differences between the wholes. Pure.
#pragma once
#include <optional>

#include "schema/object.h"

namespace pga::proof {

struct Concerned {
  schema::Database from, to;
  size_t objects = 0;  // in either part
  size_t of = 0;       // in either whole
};

// nullopt: an event trigger may look at everything.
std::optional<Concerned> concerned(const schema::Database& from, const schema::Database& to);

}  // namespace pga::proof
