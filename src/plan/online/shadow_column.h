// The parts of a change of type through a shadow column (change_type.cpp): what depends on the old column and how the new one
// gets it.
#pragma once
#include "plan/online/data.h"

namespace pga::plan::data {

// What stands on a column, sorted by what must be done with it.
struct Dependents {
  std::vector<const schema::Object*> indexes;     // the same before and after: built on the shadow, then swapped
  std::vector<const schema::Object*> keys;        // primary keys and unique constraints, the same before and after
  std::vector<const schema::Object*> checks;      // the same before and after
  std::vector<const schema::Object*> statistics;  // the same before and after
  std::vector<const schema::Object*> sequences;   // owned by the column before and after
  std::string obstacle;                           // not empty: there is no online way, and why
};
// Objects that `rebuild` names are dropped and made again around main by the planner: they are left out.
Dependents dependents_of(const schema::Object& from, const Situation& situation, const schema::Alteration& alteration);

// An index or key on the shadow instead of the column, built concurrently under a name of its own.
struct ShadowIndex {
  std::string name;        // of the index until the swap
  std::string definition;  // CREATE INDEX CONCURRENTLY …; empty: its text is not understood
};
ShadowIndex shadow_index(const schema::Object& index, const schema::Object& column, const std::string& shadow,
                         const schema::Database& in);
ShadowIndex shadow_key(const schema::Object& constraint, const schema::Object& column, const std::string& shadow);

}  // namespace pga::plan::data
