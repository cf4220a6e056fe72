// Which tables a statement has read, by what the server says about itself at DEBUG1: for servers that count nothing
// (track_counts is off), and after CONCURRENTLY on 13 and 14, whose counters travel through a process of their own and come late.
// Internal to the room.
#pragma once
#include <string>
#include <vector>

#include "postgres/connection.h"

namespace pga::proof {

struct ScanMessages {
  std::vector<std::string> tables;        // names without schema, as the messages have them
  std::vector<std::string> foreign_keys;  // names of constraints that were validated: both sides were read
};

// track_counts. A session's own counters serve on every major, inside a transaction.
Result<bool> counts_scans(postgres::Connection& connection);
ScanMessages scan_messages(const std::vector<std::string>& notices);
// OIDs of the tables on both sides of foreign keys of these names, in the session's own view.
Result<std::vector<long long>> sides_of(postgres::Connection& connection, const std::vector<std::string>& foreign_keys);

}  // namespace pga::proof
