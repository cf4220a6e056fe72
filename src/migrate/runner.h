// Runs one migration in one direction: section by section, journaled, resumable from wherever it was killed.
//
//   Runner runner(session, lock, options);
//   PGA_CHECK(runner.run(task_up(migration, recorded)));
//
// A transactional section is one transaction: guards (the lock is held by this server process, the fencing token is ours), the
// drift check before the first, the statements, their journal. Statements outside of a transaction are marked as begun before and
// journaled after. Strong locks: SET LOCAL lock_timeout, and the section is tried again, with growing pauses, a bounded number of
// times. Errors: drift, lock-timeout, edited-migration, unknown-outcome, index-in-progress, transaction-control, lock-lost,
// interrupted, connection-lost, and the server's own with file and step.
#pragma once
#include <functional>

#include "migrate/lock.h"
#include "migrate/resume.h"
#include "migrate/statement.h"
#include "migrate/survey.h"

namespace pga::migrate {

struct RunOptions {
  Consents consents;
  int lock_timeout_ms = 0;  // of a strong lock, each try; 0: from 200 ms, growing to 2 s
  int lock_tries = 30;
  std::string statement_timeout;  // "" none, whatever the role's default is
  LockOptions lock;
};

struct Task {
  std::string version, name, path;
  Direction direction{};
  plan::Script script;              // normalized
  bool planned = false;             // its marks can be trusted
  const Migration* file = nullptr;  // up only
  std::vector<JournalEntry> done;   // of an earlier run
  std::string doing;
  bool begun = false;
};

Result<Task> task_of(const Run& run, const Recorded& recorded);

class Runner {
 public:
  Runner(Session& session, RunnerLock& lock, const RunOptions& options) : session_(session), lock_(lock), options_(options) {}
  Status run(const Task& task);
  // The transaction of a section, also for other writes to the history: guards, body, COMMIT whose outcome is always known.
  // committed: SQL that returns one true value when it was committed, asked in a new session after the connection was lost.
  Status transaction(const std::function<Status()>& body, const std::string& committed, bool lock_timeout = false,
                     bool planned = false);
  // What the database looks like now becomes what is expected. Inside of a transaction.
  Result<std::string> note_expected();
  RunnerLock& lock() { return lock_; }
  Session& session() { return session_; }

 private:
  struct At {
    size_t section = 0, step = 0;  // from 0
  };
  bool is_done(const Task& task, At at) const;
  Status check_journal(const Task& task) const;
  Status restore_session(const Task& task);
  Status begin(const Task& task);
  Status check_drift();
  Status finish(const Task& task);
  Status transactional(const Task& task, size_t section);
  Status single(const Task& task, At at);
  Status lone(const Task& task, At at, const Statement& statement);
  Status run_lone(const Task& task, At at, const Statement& statement, const std::string& sql);
  Status cleanup(const Found& found);
  Status attempt(const std::function<Status()>& body, const std::string& committed, bool planned);
  Status commit(const std::string& committed);
  Status step(const Task& task, At at);
  void tell_step(const Task& task, At at) const;
  Error located(const Task& task, At at, Error error) const;
  JournalEntry entry(const Task& task, At at) const;
  std::string journaled(const Task& task, At at) const;
  std::string settings(const char* scope, bool planned) const;

  Session& session_;
  RunnerLock& lock_;
  const RunOptions& options_;
  bool drift_checked_ = false;  // for this migration
  bool begun_ = false;
  int lock_timeout_ms_ = 0;  // of the running try; 0: none
};

}  // namespace pga::migrate
