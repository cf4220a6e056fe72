// A plan as people read it: one line a node, conditions below, costs and rows.
#pragma once
#include <string>
#include <vector>

#include "sql/parse.h"

namespace pga::advise {

std::vector<std::string> plan_text(const sql::Node& plan);

}  // namespace pga::advise
