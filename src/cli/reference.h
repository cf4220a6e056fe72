// Facts of the code as Markdown: the pages of docs/reference, written by 'pgarchitect docs --write'.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plan/step.h"
#include "schema/object.h"

namespace pga::cli {

struct HazardInfo {
  plan::Hazard hazard;
  std::string_view meaning;
};
std::span<const HazardInfo> all_hazards();

std::string_view type_name(schema::FieldType type);  // "text", "boolean", …

struct Page {
  std::string name;  // "kinds.md"
  std::string text;
};
std::vector<Page> reference_pages();

}  // namespace pga::cli
