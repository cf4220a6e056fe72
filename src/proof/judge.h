// The outside observer (design.md, "An outside observer judges"): are two databases of one server the same schema?
//
//   PGA_TRY(auto wanted, snapshot(server, "target"));
//   PGA_TRY(auto found, snapshot(server, "work"));
//   auto comparison = compare(found, wanted, &start);
//   for (const auto& difference : comparison.differences) …   // the object and both texts
//
// A snapshot is what pg_dump -s of that major (or newer) writes, cut into its objects; where there is no such pg_dump, what the
// queries of judge/*.sql say, which share no code with src/schema. The order of objects means nothing; the order of a table's
// columns is an entry of its own. Schemas pgarchitect and pgarchitect_parked are not looked at.
// Errors: sql-error, connection-failed; judge-failed (pg_dump is there and fails: its words are given).
#pragma once
#include <map>
#include <string>
#include <vector>

#include "postgres/server.h"

namespace pga::proof {

struct Snapshot {
  std::string observer;                        // "pg_dump 15.20", "catalog queries"
  std::map<std::string, std::string> objects;  // "table public.users" -> its text
  // Of each table: its columns in order, each as its text ("id bigint NOT NULL").
  std::map<std::string, std::vector<std::string>> columns;
};

struct Difference {
  std::string object;  // "index public.users_email_idx"
  std::string found;   // "" when the object is not there
  std::string wanted;  // "" when it should not be there
  bool operator==(const Difference&) const = default;
};

struct Comparison {
  std::string observer;
  std::vector<Difference> differences;    // by object
  std::vector<std::string> column_order;  // tables that are identical but for the order of columns, which is tolerated
  bool identical() const { return differences.empty(); }
};

struct JudgeOptions {
  bool catalog_queries = false;  // do not use pg_dump although it is there
};

// Has no session open when it returns. Another thread may take another snapshot on the same server.
Result<Snapshot> snapshot(const postgres::Server& server, const std::string& database, const JudgeOptions& options = {});

// `start` is what the script that led to `found` began from: the order of a table's columns is tolerated when it existed there
// and `wanted` has a column that it had not. Without it every difference of order counts.
Comparison compare(const Snapshot& found, const Snapshot& wanted, const Snapshot* start = nullptr);

// "only found", "only wanted" or the lines that differ, marked by '-' (wanted) and '+' (found).
std::string to_text(const Difference& difference);

// Internal to the room.
bool has_pg_dump(int major);
Result<Snapshot> dump_snapshot(const postgres::Server& server, const std::string& database);
Result<Snapshot> catalog_snapshot(const postgres::Server& server, const std::string& database);
Snapshot parse_dump(const std::string& text);  // of pg_dump -s

}  // namespace pga::proof
