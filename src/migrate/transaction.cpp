// Runner::transaction: guards, tries, and a COMMIT whose outcome is always known.
#include <algorithm>
#include <string>

#include "base/quote.h"
#include "migrate/runner.h"
#include "postgres/catalog.h"

namespace pga::migrate {
namespace {

constexpr int kFirstTimeoutMs = 200;
constexpr int kLastTimeoutMs = 2000;
constexpr int kLongestPauseMs = 10000;
constexpr int kLostCommits = 3;

// Lock not available, deadlock, serialization failure: the same statements may succeed a moment later.
bool is_worth_another_try(const Error& error) {
  return error.sqlstate == "55P03" || error.sqlstate == "40P01" || error.sqlstate == "40001";
}

// Pauses grow by half each time, with a jitter of a quarter, so that two who block each other do not keep step.
int pause_ms(int tries, unsigned long long seed) {
  double pause = 250;
  for (int i = 1; i < tries; ++i) pause = std::min(pause * 1.5, static_cast<double>(kLongestPauseMs));
  seed = (seed + static_cast<unsigned long long>(tries)) * 6364136223846793005ULL + 1442695040888963407ULL;
  return static_cast<int>(pause * (0.75 + 0.5 * (static_cast<double>(seed >> 40) / static_cast<double>(1 << 24))));
}

int timeout_of(int tries, int fixed) {
  if (fixed > 0) return fixed;
  double timeout = kFirstTimeoutMs;
  for (int i = 1; i < tries; ++i) timeout = std::min(timeout * 1.3, static_cast<double>(kLastTimeoutMs));
  return static_cast<int>(timeout);
}

}  // namespace

std::string Runner::settings(const char* scope, bool planned) const {
  const std::string set = std::string(scope) + " ";
  std::string out =
      set + "statement_timeout = " + literal(options_.statement_timeout.empty() ? "0" : options_.statement_timeout) + ";" + set +
      "idle_in_transaction_session_timeout = 0;" + set + "lock_timeout = " + std::to_string(lock_timeout_ms_) + ";";
  // What the planner wrote is qualified everywhere; a function of the same name in public must not be taken (CVE-2018-1058).
  if (planned) out += set + "search_path = '';" + set + "check_function_bodies = off;";
  return out;
}

Status Runner::attempt(const std::function<Status()>& body, const std::string& committed, bool planned) {
  PGA_CHECK(session_.execute("BEGIN ISOLATION LEVEL READ COMMITTED;" + settings("SET LOCAL", planned)));
  PGA_CHECK(lock_.check());
  PGA_TRY(const auto fence, session_.run(lock_.fence()));
  if (fence.size() != 1)
    return fail("lock-lost", "another runner took over while this one worked; nothing of the running section was applied",
                "look with pgarchitect migrate status, and run again");
  PGA_CHECK(body());
  return commit(committed);
}

Status Runner::commit(const std::string& committed) {
  auto rows = session_.run("COMMIT");
  if (rows) {
    if (rows->command_tag() == "COMMIT") return {};
    return fail("internal", "the transaction was rolled back at its COMMIT");
  }
  if (rows.error().code != "connection-lost" || committed.empty()) return fail(rows.error());
  // Sent, and no answer: only the database knows. The old session may live on for a moment and hold the lock.
  session_.note("the connection was lost at COMMIT; looking in the journal what became of it");
  if (auto opened = session_.reopen(40); !opened) {
    Error error = rows.error();
    error.hint =
        "whether the last transaction was committed stands in the journal: run the same command again, it goes on from there";
    return fail(std::move(error));
  }
  PGA_CHECK(lock_.take_again(options_.lock));
  PGA_TRY(const auto answer, session_.run(committed));
  if (answer.size() == 1 && answer.flag(0, 0)) return {};
  Error error = rows.error();
  error.code = "commit-lost";
  error.message = "the connection was lost at COMMIT, and the transaction was not committed";
  error.hint = "run the same command again: it goes on from there";
  return fail(std::move(error));
}

Status Runner::transaction(const std::function<Status()>& body, const std::string& committed, bool lock_timeout, bool planned) {
  int lost = 0;
  for (int tries = 1;; ++tries) {
    lock_timeout_ms_ = lock_timeout ? timeout_of(tries, options_.lock_timeout_ms) : 0;
    const Status done = attempt(body, committed, planned);
    if (done) return {};
    Error error = done.error();
    const std::string blockers = session_.blockers();
    PGA_CHECK(session_.rollback());
    if (error.code == "commit-lost" && ++lost < kLostCommits) continue;
    if (!is_worth_another_try(error)) return fail(std::move(error));
    const std::string who = blockers.empty() ? "somebody who was gone before one could look" : blockers;
    if (tries >= options_.lock_tries) {
      error.code = "lock-timeout";
      error.message = "a lock was not had in " + std::to_string(tries) + " tries; in the way: " + who;
      error.hint = "run again when it is quieter, or end that session with SELECT pg_terminate_backend(pid)";
      return fail(std::move(error));
    }
    session_.tell({.what = Event::What::retry, .text = who, .step = tries, .steps = options_.lock_tries});
    PGA_CHECK(session_.nap(pause_ms(tries, static_cast<unsigned long long>(lock_.token()))));
  }
}

Result<std::string> Runner::note_expected() {
  PGA_TRY(const auto model, postgres::read_catalog(session_.connection()));
  const auto found = fingerprint_of(model);
  PGA_CHECK(session_.execute(history_sql::expected(found)));
  return found.hash();
}

}  // namespace pga::migrate
