// Tables that are partitioned by time, with the functions that make partitions ahead and drop those that are old.
#pragma once
#include "design/draft.h"

namespace pga::design {

struct Partitions {
  std::string column;          // timestamptz
  std::string step = "month";  // month | day
  int ahead = 3;               // partitions made before they are needed
  long long keep_days = 0;     // 0: nothing is dropped
};

// The table becomes one partitioned by range; two functions, and what to call when. Plain SQL, without an extension.
void partition_by_time(Draft& draft, Table& table, const Partitions& partitions);

}  // namespace pga::design
