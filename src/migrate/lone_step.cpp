// Statements of sections that are not transactional. One that could run in a transaction gets one, with its journal; the others
// (CREATE INDEX CONCURRENTLY …) are marked as begun before, and journaled directly after.
#include <string>

#include "migrate/interrupt.h"
#include "migrate/runner.h"

namespace pga::migrate {
namespace {

constexpr int kTries = 5;  // of a statement that met a deadlock or a timeout of a lock

bool can_share_a_transaction(Nature nature) {
  return nature == Nature::plain;
}

}  // namespace

Status Runner::single(const Task& task, At at) {
  const auto& step = task.script[at.section].steps[at.step];
  const Statement statement = statement_of(step.sql);
  if (can_share_a_transaction(statement.nature) && !step.batched) {
    plan::Section alone{.steps = {step}};
    const auto body = [&]() -> Status {
      PGA_CHECK(begin(task));
      return this->step(task, at);
    };
    PGA_CHECK(transaction(body, journaled(task, at), wants_lock_timeout(alone, task.planned), task.planned));
    begun_ = drift_checked_ = true;
    return {};
  }
  return lone(task, at, statement);
}

Status Runner::cleanup(const Found& found) {
  for (const auto& sql : found.cleanup) {
    session_.note("an index that was not finished is dropped, to be built again: " + sql);
    PGA_CHECK(session_.execute(sql));
  }
  return {};
}

Status Runner::lone(const Task& task, At at, const Statement& statement) {
  const auto& step = task.script[at.section].steps[at.step];
  const auto e = entry(task, at);
  const std::string mark =
      std::string(to_text(task.direction)) + " " + std::to_string(e.section) + " " + std::to_string(e.step) + " " + e.sql_hash;
  const bool was_begun = task.doing == mark;
  tell_step(task, at);
  PGA_TRY(const auto found, was_begun ? look_back(session_, statement, step) : look_before(session_, statement));
  if (found.outcome == Outcome::running)
    return fail("index-in-progress", "another session builds the index " + statement.index + " right now",
                "wait until it is done, or end it, and run again", {task.path});
  if (found.outcome == Outcome::unknown)
    return fail("unknown-outcome",
                "a statement was begun when the last run ended, and nothing tells whether it was done: " + summary_of(step),
                "look, then say which: pgarchitect migrate repair step-done, or: pgarchitect migrate repair step-again",
                {task.path});
  if (!was_begun) {
    const auto body = [&]() -> Status {
      PGA_CHECK(begin(task));
      return session_.execute(history_sql::doing(task.version, mark));
    };
    PGA_CHECK(transaction(body, bind("SELECT doing = $2 FROM pgarchitect.migration WHERE version = $1", {task.version, mark})));
    begun_ = drift_checked_ = true;
  }
  PGA_CHECK(cleanup(found));
  if (found.outcome != Outcome::done)
    PGA_CHECK(run_lone(task, at, statement, found.outcome == Outcome::finish ? found.finish : step.sql));
  return transaction(
      [&]() -> Status {
        PGA_CHECK(session_.execute(history_sql::journal(e, lock_.token())));
        return session_.execute(history_sql::doing(task.version, ""));
      },
      journaled(task, at));
}

// Settings of the session and not of a transaction, since there is none; a transaction pooler was refused, and they are taken
// back.
Status Runner::run_lone(const Task& task, At at, const Statement& statement, const std::string& sql) {
  const auto& step = task.script[at.section].steps[at.step];
  lock_timeout_ms_ = 0;
  for (int tries = 1;; ++tries) {
    PGA_CHECK(lock_.check());
    const bool setting = statement.nature == Nature::session;
    if (!setting) PGA_CHECK(session_.execute(settings("SET", task.planned)));
    const Status done = session_.execute(sql);
    const bool alive = session_.connection().alive();
    if (alive && session_.connection().in_transaction()) (void)session_.rollback();
    // Directly on the connection: after Ctrl-C the session takes no statements any more.
    if (!setting && alive)
      (void)session_.connection().execute(
          "RESET statement_timeout; RESET idle_in_transaction_session_timeout; RESET lock_timeout" +
          std::string(task.planned ? "; RESET search_path; RESET check_function_bodies" : ""));
    if (done) return {};
    if (!alive || done.error().code == "connection-lost") return fail(done.error());
    // The server said no: nothing of it is left but, perhaps, an invalid index.
    const auto found = look_back(session_, statement, step);
    for (const auto& leftover : found ? found->cleanup : std::vector<std::string>{}) {
      (void)session_.connection().execute("SET lock_timeout = '2s'");
      (void)session_.connection().execute(leftover);
      (void)session_.connection().execute("RESET lock_timeout");
    }
    if (statement.nature == Nature::block || statement.nature == Nature::alone)  // no doubt about its outcome
      (void)session_.connection().execute(history_sql::doing(task.version, ""));
    const auto& state = done.error().sqlstate;
    if (interrupted() || tries >= kTries || (state != "40P01" && state != "55P03")) return fail(located(task, at, done.error()));
    session_.tell({.what = Event::What::retry, .text = done.error().message, .step = tries, .steps = kTries});
    PGA_CHECK(session_.nap(500 * tries));
  }
}

}  // namespace pga::migrate
