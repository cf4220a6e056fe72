#include "design/pattern.h"

#include <array>

namespace pga::design {

#define PGA_PATTERN(name) extern const Pattern pattern_##name;
#include "design/patterns/registry.def"
#undef PGA_PATTERN

std::span<const Pattern* const> all_patterns() {
  static const std::array patterns = {
#define PGA_PATTERN(name) &pattern_##name,
#include "design/patterns/registry.def"
#undef PGA_PATTERN
  };
  return patterns;
}

const Pattern* find_pattern(std::string_view slug) {
  for (const auto* pattern : all_patterns()) {
    if (pattern->slug == slug) return pattern;
  }
  return nullptr;
}

void build_patterns(Build& build) {
  for (const auto& statement : build.understood.statements) {
    if (statement.meaning != request::Meaning::pattern || statement.negated) continue;
    const auto* pattern = find_pattern(statement.name);
    if (pattern == nullptr) {
      build.draft.warn("no-pattern-" + statement.name,
                       "The pattern " + statement.name + " is understood and not designed yet: nothing is made for it",
                       "describe its tables: `a coupon has a code and an amount`");
      continue;
    }
    build.draft.because("pattern", statement.name, statement.paraphrase);
    pattern->build(build, statement);
  }
}

}  // namespace pga::design
