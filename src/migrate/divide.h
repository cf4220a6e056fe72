// One plan as several migrations, for tools that run a file (or a change) in one transaction or outside of one as a whole.
//
// Each section becomes a migration of its own; up sections are paired with down sections from the other end, so that taking the
// migrations back one after the other runs the down sections in their order. Where one direction has more sections, the
// other side of those migrations is empty (the writers put a SELECT there that does nothing).
#pragma once
#include <vector>

#include "migrate/migration.h"

namespace pga::migrate {

struct Division {
  bool lone_steps = false;  // the tool sends a file as one query: outside a transaction only one statement can be in it
  bool same_mode = false;   // one setting says for both directions whether there is a transaction
};
// Versions follow each other from migration.version on; names get _1, _2 … when there is more than one.
std::vector<Migration> divide(const Migration& migration, const Division& rule);

// The version after this one: a second later for 14 digits that are a time, else the next number of the same width.
std::string version_after(const std::string& version);

}  // namespace pga::migrate
