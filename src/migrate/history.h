// What a database remembers of its migrations: the schema `pgarchitect` (history/create.sql). SQL texts and rows, no decisions.
//
//   PGA_TRY(const Recorded recorded, read_history(connection));      // writes nothing; `exists` false: there is no history yet
//   connection.execute(history_sql::journal(entry, token));
//
// Every name in the SQL is qualified. Texts are made with bind(), so that they can be sent without waiting for the answer.
// Errors: history-not-ours, history-too-new, and those of the server.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "migrate/fingerprint.h"
#include "migrate/migration.h"
#include "postgres/connection.h"

namespace pga::migrate {

enum class Direction : uint8_t { up, down };
std::string_view to_text(Direction direction);

struct Applied {
  std::string version, name;
  std::string state;  // applying, applied, reverting, baseline
  std::string up_checksum, down_checksum, down_script;
  bool has_down = false;
  std::string doing;              // "up 2 1": the statement outside of a transaction that was begun; "" none
  std::string started, finished;  // UTC, to the minute
  long long took_ms = 0;
  std::string who, tool;
  bool unfinished() const { return state == "applying" || state == "reverting"; }
};

struct JournalEntry {
  std::string version;
  Direction direction{};
  int section = 0, step = 0;  // from 1
  std::string sql_hash;
};

struct Recorded {
  bool exists = false;
  std::vector<Applied> migrations;      // in the order in which they ran
  std::vector<JournalEntry> journal;    // of unfinished migrations only
  std::optional<Fingerprint> expected;  // after the last section that ran
  const Applied* find(std::string_view version) const;
  const Applied* unfinished() const;  // nullptr: none
};

Result<Recorded> read_history(postgres::Connection& connection);
Status create_history(postgres::Connection& connection);  // only under the runner's lock

// The checksum of how a migration is taken back; "" without down.
std::string down_checksum(const Migration& migration);
std::string sql_hash(std::string_view sql);
// $1, $2 … replaced by quoted literals (NULL for nullopt). The text must not hold a '$' otherwise.
std::string bind(std::string_view sql, const std::vector<postgres::Param>& values);

namespace history_sql {
std::string begin(const Migration& migration, const std::string& who, long long token);
std::string baseline(const Migration& migration, const std::string& who, long long token);
std::string journal(const JournalEntry& entry, long long token);
std::string state(const std::string& version, std::string_view state);
std::string doing(const std::string& version, const std::string& what);  // "": nothing
std::string expected(const Fingerprint& fingerprint);
std::string finish(const std::string& version, Direction direction, const std::string& fingerprint);
std::string log(std::string_view what, const std::string& version, const std::string& who, long long token);
std::string forget(const std::string& version);
std::string checksums(const Migration& migration);  // takes over those of the files
}  // namespace history_sql

}  // namespace pga::migrate
