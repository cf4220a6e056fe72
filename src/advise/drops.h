// Indexes that can go: duplicates, prefixes of others, unused and invalid ones. Never one that backs a constraint, is unique
// (except beside its own double), a replica identity, or the only support of a foreign key; and never one whose absence makes a
// query of the workload dearer.
#pragma once
#include <functional>

#include "advise/catalog.h"

namespace pga::advise {

// What the live database knows of the use of an index (pg_stat_user_indexes).
struct IndexUsage {
  std::string schema, name;
  long long scans = 0;
  bool valid = true;
};
struct Usage {
  std::vector<IndexUsage> indexes;
  double days = 0;  // since the counters were reset, or the server's start
};
Result<Usage> read_usage(postgres::Connection& connection);

struct Drop {
  std::string schema, name, kind;  // duplicate, redundant, unused, invalid
  std::string reason;
  std::string definition;
  double bytes = 0;
  long long oid = 0;  // on the twin
};

struct DropOptions {
  double least_days = 7;  // counters younger than that prove nothing
};

// `harmless`: whether hiding these indexes (OIDs on the twin) makes no query dearer.
Result<std::vector<Drop>> drops_of(const Catalog& catalog, const Usage* usage, const std::vector<ExistingIndex>& advised,
                                   const std::function<Result<bool>(const std::set<long long>&)>& harmless,
                                   const DropOptions& options = {});

}  // namespace pga::advise
