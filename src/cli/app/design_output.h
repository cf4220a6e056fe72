// How a design is shown: for people, as data, and as a log of its decisions.
#pragma once
#include <string>
#include <string_view>

#include "cli/app/plan_output.h"
#include "design/design.h"

namespace pga::app {

struct DesignResult {
  std::string request;
  request::Understood understood;
  design::Designed designed;
  PlanResult migration;
  std::vector<std::string> files;
};

void design_text(Terminal& out, const DesignResult& result);
void design_json(Terminal& out, const DesignResult& result);
// Markdown: what was asked, decided, by whom and why; what was assumed; the warnings.
std::string decision_log(const DesignResult& result);
// The causes of one object; false when nothing in the design has that name.
bool why_text(Terminal& out, const DesignResult& result, const std::string& object);

}  // namespace pga::app
