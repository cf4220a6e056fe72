// What one statement does to relations that existed before it: the strongest lock on each, new files (rewrites, index rebuilds),
// scans. Observed on a private server as ../shared/spec/locks.md describes, never looked up in a list.
//
//   PGA_TRY(auto facts, observe(connection, "ALTER TABLE t ALTER c TYPE bigint"));   // inside or outside of a transaction
//
//   PGA_TRY(auto observer, Observer::open(connection));      // for many statements on one connection
//   PGA_CHECK(connection.execute("BEGIN"));
//   PGA_TRY(auto first, observer.run("CREATE TABLE n (i int)"));   // relations of this very transaction do not count
//   PGA_TRY(auto second, observer.run("ALTER TABLE t ADD c int")); // only what this statement took anew is its own
//   PGA_CHECK(connection.execute("COMMIT"));
//
// "Existed before" is what a second session sees: what was committed when the transaction began. A statement that cannot run
// inside a transaction is observed by concurrent.h. Cheap: what is read is restricted to the relations that are locked.
// One thread at a time; the connection must outlive the observer and needs a superuser for the reasons of rewrites only.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "postgres/connection.h"

namespace pga::proof {

struct RelationFacts {
  std::string name;            // "public.users", quoted where needed
  char type = 'r';             // pg_class.relkind
  std::string strongest_lock;  // taken by this statement: "AccessExclusiveLock"; "" none that was not held already
  std::string held_lock;       // the strongest that the transaction holds on it after the statement
  bool new_file = false;       // rewritten (a table) or rebuilt (an index)
  bool scanned = false;        // a sequential scan was started
};

struct StatementFacts {
  std::vector<RelationFacts> relations;      // that existed before and were touched, by name
  std::vector<std::string> rewrite_reasons;  // of the event table_rewrite: "persistence", "default", "type", "access method"
  bool blocks_reads = false;                 // while it runs or waits: a SELECT on one of these relations has to wait
  bool blocks_writes = false;
  double milliseconds = 0;

  bool rewrites() const;          // a table or materialised view got a new file
  bool rebuilds_indexes() const;  // an index got a new file
  bool scans() const;
  std::string strongest_lock() const;  // of all relations; "" none
};

// The eight lock modes of pg_locks, weakest first.
inline constexpr std::string_view kLockModes[] = {
    "AccessShareLock", "RowShareLock",          "RowExclusiveLock", "ShareUpdateExclusiveLock",
    "ShareLock",       "ShareRowExclusiveLock", "ExclusiveLock",    "AccessExclusiveLock"};
int lock_rank(std::string_view mode);          // 1 to 8; 0 for ""
std::string lock_text(std::string_view mode);  // "AccessExclusiveLock" -> "ACCESS EXCLUSIVE"
// A SELECT, or an INSERT, UPDATE or DELETE, on a relation of this relkind has to wait for a holder of this mode.
bool stops_reads(std::string_view mode, char relkind);
bool stops_writes(std::string_view mode, char relkind);

class Observer {
 public:
  // Opens a second session to the same database, and an event trigger (its function is temporary: nothing stays behind).
  static Result<Observer> open(postgres::Connection& connection);
  Observer(Observer&& other) noexcept;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  Observer& operator=(Observer&&) = delete;
  ~Observer();

  // Runs the statement in the open transaction, which stays open, or in one of its own that is committed.
  // On an error a transaction of its own is rolled back; an open one is the caller's.
  Result<StatementFacts> run(const std::string& statement);

 private:
  // A relation that existed before the transaction, and where it is now.
  struct Entity {
    char type = 'r';
    std::string schema, name;
    long long file = 0;     // pg_class.relfilenode after the last statement
    long long current = 0;  // OID; an index that a type change makes anew has another one
    bool dropped = false;
    bool shown = true;  // not of a system schema
  };
  struct Held {
    std::set<std::string> modes;
    bool exists = false;  // in the transaction's own view
    char type = 'r';
    std::string schema, name;
    long long file = 0;
    long long scans = 0;
  };
  struct State {
    std::string transaction;  // virtual transaction id
    std::string rewrites;     // "4,2,": what the event trigger has noted in this transaction
    std::map<long long, Held> relations;
  };

  Observer(postgres::Connection& connection, postgres::Connection watcher);
  void install();
  void uninstall();
  Result<State> look();
  Status learn(const State& state);
  Status begin_transaction(const State& state);
  Result<StatementFacts> observed(const std::string& statement);
  Result<StatementFacts> told(const std::string& statement);
  Status add_told_scans(StatementFacts& facts);
  bool moved(Entity& entity, long long oid, const State& after) const;
  StatementFacts compare(const State& before, const State& after);

  postgres::Connection* connection_;
  postgres::Connection watcher_;
  bool installed_ = false;
  bool counts_ = true;  // the server counts scans
  std::string transaction_;
  std::map<long long, Entity> entities_;  // by the OID that they had before the transaction
  std::set<long long> created_;           // by this transaction
  std::map<long long, long long> scans_;  // counters after the last statement
  std::optional<State> last_;             // after the last statement: what is before the next, when nothing else was sent
  std::size_t last_commands_ = 0;
};

// One statement, with an observer of its own.
Result<StatementFacts> observe(postgres::Connection& connection, const std::string& statement);

}  // namespace pga::proof
