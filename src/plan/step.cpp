#include "plan/step.h"

#include <array>

namespace pga::plan {
namespace {
constexpr std::array<std::string_view, 9> kHazards = {"data-loss",   "strong-lock", "table-rewrite",
                                                      "long-scan",   "index-build", "breaks-dependents",
                                                      "data-change", "privileges",  "not-reversible"};
}  // namespace

std::string_view to_text(Hazard hazard) {
  return kHazards.at(static_cast<size_t>(hazard));
}

std::string_view to_text(Phase phase) {
  switch (phase) {
    case Phase::expand:
      return "expand";
    case Phase::migrate_data:
      return "migrate-data";
    case Phase::contract:
      return "contract";
  }
  return "";
}

bool parse_hazard(std::string_view text, Hazard& out) {
  for (size_t i = 0; i < kHazards.size(); ++i) {
    if (kHazards[i] == text) {
      out = static_cast<Hazard>(i);
      return true;
    }
  }
  return false;
}

}  // namespace pga::plan
