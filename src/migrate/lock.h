// One runner at a time: a session advisory lock that is polled, never waited for (a waiting one holds a snapshot, and CREATE
// INDEX CONCURRENTLY of the holder would wait for it: a deadlock), and a fencing token that each transaction of a runner
// compares.
//
//   PGA_TRY(auto lock, RunnerLock::take(session, options));
//   PGA_CHECK(lock.check());                   // before every step: the lock is held by the very server process that runs it
//
// Given back by release(), and by the server when the session ends. Errors: transaction-pooler, lock-held, lock-lost, no-history,
// read-only-server, and those of Session.
#pragma once
#include "migrate/session.h"

namespace pga::migrate {

struct LockOptions {
  int wait_ms = 300000;  // for another runner
};

// A pooler that gives every transaction another server session: locks and settings of a session mean nothing there.
Status refuse_transaction_pooler(Session& session);

class RunnerLock {
 public:
  static Result<RunnerLock> take(Session& session, const LockOptions& options);
  Status check();             // outside of a transaction or in one
  std::string fence() const;  // SQL: locks the token's row for this transaction; no row: somebody else is the runner
  void release();
  long long token() const { return token_; }
  const std::string& who() const { return who_; }
  // After Session::reopen(): waits until the old session is gone, and takes the lock and a new token.
  Status take_again(const LockOptions& options);

 private:
  explicit RunnerLock(Session& session) : session_(session) {}
  Status poll(int wait_ms);
  Session& session_;
  long long token_ = 0;
  std::string who_;
};

}  // namespace pga::migrate
