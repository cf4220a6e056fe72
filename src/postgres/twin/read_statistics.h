// Reads sizes, statistics and settings of a live database, lightly: one READ ONLY transaction with an empty search_path and
// timeouts, catalogs only, two look-ups in each b-tree's ends. Nothing is installed or written.
//
//   PGA_TRY(auto statistics, twin::read_statistics(connection));
//   statistics.unseen …           // what this role could not see, in words
//
// A superuser reads pg_statistic and the metapages of indexes from their files. Any other role reads pg_stats; heights of
// b-trees then come from the start-up cost that EXPLAIN shows, and the counters of GIN indexes stay unknown.
#pragma once
#include "postgres/connection.h"
#include "postgres/twin/statistics.h"

namespace pga::postgres::twin {

struct ReadStatisticsOptions {
  int statement_timeout_ms = 60000;
  int lock_timeout_ms = 5000;
  bool ends = true;  // look up lowest and highest values (a few index probes a table)
};

Result<Statistics> read_statistics(Connection& connection, const ReadStatisticsOptions& options = {});

}  // namespace pga::postgres::twin
