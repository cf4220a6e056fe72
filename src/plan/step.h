// What a plan is made of: steps in sections, for both directions. Plain values; files, proof and runner work on these.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pga::plan {

// What may hurt; must be permitted by name in non-interactive use (--allow). Names: to_text().
enum class Hazard : uint8_t {
  data_loss,          // rows or values are gone and cannot be brought back by down
  strong_lock,        // blocks reads or writes of an existing table for longer than an instant
  table_rewrite,      // an existing table is written anew
  long_scan,          // an existing table is scanned under a lock that blocks writes
  index_build,        // an index is built on an existing table
  breaks_dependents,  // old application code can fail (drop or rename of a column, table, function, …)
  data_change,        // rows are written (backfill)
  privileges,         // somebody gains or loses access
  not_reversible,     // down cannot restore the origin
};

// expand: old code still works. migrate_data: backfills and validation. contract: what only old code needed goes.
enum class Phase : uint8_t { expand, migrate_data, contract };

struct Step {
  std::string sql;     // one statement, without the final semicolon
  std::string why;     // one line: what it does and why in this way
  std::string object;  // "column public.users.email"
  std::vector<Hazard> hazards;
  // A strong lock on a relation that existed before: the runner sets lock_timeout and tries the section again when it expires.
  bool strong_lock = false;
  // A DO block that commits in batches (only in a section that is not transactional). Running it again continues it.
  bool batched = false;
  // CREATE INDEX CONCURRENTLY: schema-qualified name of the index. Invalid leftovers are dropped before a retry.
  std::string concurrent_index;
};

struct Section {
  bool transactional = true;  // false: each step runs on its own, outside a transaction block
  Phase phase = Phase::expand;
  std::string why;  // why it is (not) in a transaction
  std::vector<Step> steps;
};

using Script = std::vector<Section>;  // one direction

struct Plan {
  Script up;
  Script down;
  std::vector<std::string> notes;  // what the user should know, in words
  // A plan from an origin to itself.
  bool empty() const { return up.empty(); }
};

std::string_view to_text(Hazard hazard);  // "data-loss"
std::string_view to_text(Phase phase);    // "migrate-data"
bool parse_hazard(std::string_view text, Hazard& out);

}  // namespace pga::plan
