// A pattern: what is known of a thing that many applications need. One file a pattern in patterns/, one line in
// patterns/registry.def; its slug is that of request/words/patterns.txt.
#pragma once
#include <span>
#include <string_view>

#include "design/build.h"

namespace pga::design {

struct Pattern {
  std::string_view slug;
  std::string_view summary;  // one sentence
  void (*build)(Build& build, const request::Statement& statement);
};

std::span<const Pattern* const> all_patterns();
const Pattern* find_pattern(std::string_view slug);

}  // namespace pga::design
