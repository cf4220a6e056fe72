// Supertype and subtypes: what is common stands once, what only one kind has stands in its own table.
#pragma once
#include <string>
#include <vector>

#include "design/draft.h"

namespace pga::design {

// `kinds` are entities. Exclusive: a row is of exactly one kind, and its part can only be of that kind.
void make_subtypes(Draft& draft, const std::string& parent, const std::vector<std::string>& kinds);

}  // namespace pga::design
