// An audit log: who changed which row, with the values before and after, written by triggers.
#pragma once
#include "design/draft.h"

namespace pga::design {

// Names as "schema.table" or entities. One log for all of them, partitioned by month.
void audit_tables(Draft& draft, const std::vector<std::string>& tables, long long keep_days = 730);

}  // namespace pga::design
