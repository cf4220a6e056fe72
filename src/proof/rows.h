// Are the rows that were there before still there? Compared by sums of hashes, computed by the server, whatever their order.
//
//   PGA_TRY(auto kept, compare_rows(before, after));   // two open databases of one server
//
// Only what survived is compared: tables and columns of `before` that `after` has too, found by name (or by `renames`). A column
// whose type changed is compared by its value cast to the new type, as text (1.20 and 1.2000, a timestamp and its timestamptz in
// the session's time zone are the same); when even so it differs, that is told apart, since the migration may have meant it.
// Sequences that survived must not have gone back.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "postgres/connection.h"

namespace pga::proof {

struct RowDifference {
  std::string object;  // "table public.users", "column public.users.email", "sequence public.users_id_seq"
  std::string what;    // "42 rows before, 41 after"
};

struct RowComparison {
  int tables = 0;   // compared, with rows
  int columns = 0;  // compared in them
  std::vector<RowDifference> differences;
  std::vector<RowDifference> converted;   // columns of another type whose values are not the same under a cast
  std::vector<std::string> empty_tables;  // of `before`: nothing was proven on them
  bool kept() const { return differences.empty(); }
};

// "public.users" -> "public.people", "public.users.name" -> "public.people.full_name"; quoted where needed.
using Renames = std::map<std::string, std::string>;

Result<RowComparison> compare_rows(postgres::Connection& before, postgres::Connection& after, const Renames& renames = {});

}  // namespace pga::proof
