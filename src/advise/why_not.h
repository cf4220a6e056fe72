// Why no index helps a query, and what would.
#pragma once
#include "advise/access.h"
#include "advise/catalog.h"

namespace pga::advise {

std::string why_not(const sql::Node& plan, const std::vector<Access>& accesses, Catalog& catalog, size_t candidates);

}  // namespace pga::advise
