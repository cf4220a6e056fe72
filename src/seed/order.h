// The order in which tables are filled: what foreign keys refer to first. A cycle is cut where it hurts least.
#pragma once
#include <set>
#include <vector>

#include "seed/catalog.h"

namespace pga::seed {

struct Stop {
  Oid table = 0;
  std::set<size_t> left_null;  // foreign keys (places in Table::foreign_keys) that are set when all tables have rows
  std::set<size_t> promised;   // foreign keys that cannot be NULL: their targets get the keys that these rows name
};

// Every table of the catalog, partitioned ones after their partitions.
std::vector<Stop> fill_order(const Catalog& catalog);

}  // namespace pga::seed
