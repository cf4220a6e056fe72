#include "migrate/lock.h"

#include <set>

#include "base/text.h"
#include "migrate_embedded.h"

namespace pga::migrate {
namespace {

// classid: "pgar" as a number. objid 1: the lock of the runner. The same numbers stand in lock/*.sql.
constexpr const char* kTry = "SELECT pg_catalog.pg_try_advisory_lock(1885823346, 1)";
constexpr const char* kRelease = "SELECT pg_catalog.pg_advisory_unlock(1885823346, 1)";
constexpr const char* kPid = "SELECT pg_catalog.pg_backend_pid()";
constexpr int kPollMs = 150;
constexpr int kFreeSessionMs = 1000;

tl::unexpected<Error> pooler_error() {
  return fail(
      "transaction-pooler",
      "this connection goes through a pooler that gives every transaction another server session (PgBouncer's pool_mode = "
      "transaction, or alike); a lock that lasts longer than one transaction cannot be held there",
      "give the direct URL of the PostgreSQL server (often port 5432), or a pool in session mode");
}

std::string holder_in_words(const postgres::Rows& rows) {
  if (rows.size() == 0) return "another runner";
  std::string out = "pid " + std::string(rows.text(0, 0)) + " (" + std::string(rows.text(0, 1));
  if (!rows.text(0, 2).empty()) out += ", " + std::string(rows.text(0, 2));
  return out + ", since " + std::string(rows.text(0, 3)) + " UTC)";
}

}  // namespace

Status refuse_transaction_pooler(Session& session) {
  auto& connection = session.connection();
  std::set<std::string> mine;
  for (int i = 0; i < 3; ++i) {
    PGA_TRY(const auto rows, connection.query(kPid));
    mine.insert(std::string(rows.text(0, 0)));
  }
  if (mine.size() > 1) return pooler_error();
  // A server tells its own process number when a session begins; a pooler tells a number of its own making.
  if (*mine.begin() == std::to_string(connection.backend_pid())) return {};
  // Other clients in open transactions: does one of them get the server session that should be ours alone?
  std::vector<postgres::Connection> others;
  for (int i = 0; i < 3; ++i) {
    auto other = postgres::Connection::open(session.conninfo());
    if (!other) break;
    // No answer: no server session is free for it, and so ours, which is idle now, stays ours.
    const auto begun = answer_within(*other, "BEGIN", kFreeSessionMs);
    if (!begun) break;
    if (!*begun) return pooler_error();  // no BEGIN: a pooler in statement mode
    const auto pid = other->query(kPid);
    if (!pid || mine.contains(std::string(pid->text(0, 0)))) return pooler_error();
    others.push_back(std::move(*other));
    PGA_TRY(const auto again, connection.query(kPid));
    if (!mine.contains(std::string(again.text(0, 0)))) return pooler_error();
  }
  return {};
}

Status RunnerLock::poll(int wait_ms) {
  for (int waited = 0;; waited += kPollMs) {
    PGA_TRY(const auto got, session_.run(kTry));
    if (got.flag(0, 0)) return {};
    PGA_TRY(const auto rows, session_.run(embedded::migrate::lock_holder));
    const std::string holder = holder_in_words(rows);
    if (waited >= wait_ms)
      return fail("lock-held", "another runner works on this database: " + holder,
                  "wait until it is done; a session that hangs is ended with SELECT pg_terminate_backend(pid)");
    session_.tell({.what = Event::What::waiting, .text = holder});
    PGA_CHECK(session_.nap(kPollMs));
  }
}

Result<RunnerLock> RunnerLock::take(Session& session, const LockOptions& options) {
  PGA_CHECK(refuse_transaction_pooler(session));
  RunnerLock out(session);
  PGA_TRY(const auto about,
          session.run("SELECT session_user::pg_catalog.text OPERATOR(pg_catalog.||) CASE WHEN current_user "
                      "OPERATOR(pg_catalog.<>) session_user THEN "
                      "' as ' OPERATOR(pg_catalog.||) current_user::pg_catalog.text "
                      "ELSE '' END || CASE WHEN pg_catalog.current_setting('application_name') IN ('', 'pgarchitect') THEN '' "
                      "ELSE ', ' || pg_catalog.current_setting('application_name') END, pg_catalog.pg_is_in_recovery()"));
  if (about.flag(0, 1))
    return fail("read-only-server", "this server is a standby: nothing can be written there", "give the URL of the primary");
  out.who_ = about.text(0, 0);
  PGA_CHECK(out.take_again(options));
  return out;
}

Status RunnerLock::take_again(const LockOptions& options) {
  PGA_CHECK(poll(options.wait_ms));
  PGA_CHECK(create_history(session_.connection()));
  PGA_TRY(const auto rows, session_.run(bind(embedded::migrate::lock_take, {who_})));
  if (rows.size() != 1) return fail("lock-lost", "the history has no row for its runner", "pgarchitect migrate repair");
  token_ = rows.integer(0, 0);
  return check();
}

Status RunnerLock::check() {
  PGA_TRY(const auto rows, session_.run(embedded::migrate::lock_held));
  if (rows.flag(0, 0)) return {};
  return fail("lock-lost", "the runner's lock is not held by this session any more (a pooler between, or somebody gave it back)",
              "give the direct URL of the server, and run again: it goes on from the journal");
}

std::string RunnerLock::fence() const {
  return "SELECT token FROM pgarchitect.runner WHERE token = " + std::to_string(token_) + " FOR SHARE";
}

void RunnerLock::release() {
  if (session_.connection().alive() && !session_.connection().in_transaction()) (void)session_.connection().query(kRelease);
}

}  // namespace pga::migrate
