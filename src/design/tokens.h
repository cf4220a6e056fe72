// Single-use tokens of people: for verifying an address, for a new password. One table for all purposes.
#pragma once
#include "design/draft.h"

namespace pga::design {

void make_tokens(Draft& draft, const Target& users, const std::string& purpose, const std::string& lifetime);

}  // namespace pga::design
