// Statements that cannot run inside a transaction block (the CONCURRENTLY forms, DETACH … CONCURRENTLY, VACUUM, batched DO
// blocks): they release locks early, so that looking at pg_locks afterwards shows nothing. Other sessions hold locks and ask
// for them while the statement runs.
//
//   PGA_TRY(auto facts, observe_concurrent(connection, "CREATE INDEX CONCURRENTLY i ON t (a)"));  // runs for real
//   PGA_TRY(auto facts, observe_concurrent(server, "db1", "REINDEX TABLE CONCURRENTLY t"));       // on a clone of db1
//
// How: one session holds SHARE UPDATE EXCLUSIVE on every table, so the statement stops at its first lock of that strength or
// more. From then on two sessions hold, by turns, what an open INSERT holds on the table, its indexes and its relatives. At each
// stop (a lock that it asks for, or older transactions that it waits for) its locks are read and a new SELECT and a new INSERT
// are tried (the queue test). Since whatever conflicts with SHARE UPDATE EXCLUSIVE but not with ROW EXCLUSIVE is that mode
// itself, and stronger ones stop at the writers with their own name, the strongest lock is exact.
//
// conflict_test and queue_test ask the same questions one by one, for any statement, on clones: slower, for tests and doubts.
// The statement's time includes the stops: `milliseconds` is not a measurement of it.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "postgres/connection.h"
#include "postgres/server.h"
#include "proof/observe.h"

namespace pga::proof {

// For many statements of one connection: the other sessions stay open. The connection must outlive it.
class ConcurrentObserver {
 public:
  static Result<ConcurrentObserver> open(postgres::Connection& connection);
  ConcurrentObserver(ConcurrentObserver&&) noexcept;
  ConcurrentObserver& operator=(ConcurrentObserver&&) noexcept;
  ~ConcurrentObserver();
  // Outside of a transaction block only (an error otherwise: internal).
  Result<StatementFacts> run(const std::string& statement);

 private:
  struct Sessions;
  explicit ConcurrentObserver(std::unique_ptr<Sessions> sessions);
  std::unique_ptr<Sessions> sessions_;
};

// One statement, with sessions of its own.
Result<StatementFacts> observe_concurrent(postgres::Connection& connection, const std::string& statement);
// The database must have no sessions.
Result<StatementFacts> observe_concurrent(postgres::Server& server, const std::string& database, const std::string& statement);

enum class Waits : uint8_t {
  nothing,       // it ran through
  lock,          // it waits for a lock on the relation
  transactions,  // it waits for the transactions that hold it to end
};

struct Conflict {
  std::string held;  // by another session: "RowExclusiveLock"
  Waits waits = Waits::nothing;
  std::string wanted;  // the mode that it waits for; "" when it waits for no lock
};

// Another session holds each of the eight modes on the table, weakest first.
Result<std::vector<Conflict>> conflict_test(postgres::Server& server, const std::string& database, const std::string& statement,
                                            const std::string& table);

// The statement is started while another session has an open SELECT (or INSERT) on the table.
struct Queue {
  bool waits = false;         // the statement has to wait
  bool stalls_reads = false;  // a new SELECT then waits too
  bool stalls_writes = false;
};
enum class Behind : uint8_t { reader, writer };
Result<Queue> queue_test(postgres::Server& server, const std::string& database, const std::string& statement,
                         const std::string& table, Behind behind);

}  // namespace pga::proof
