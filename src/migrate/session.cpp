#include "migrate/session.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/text.h"
#include "migrate/interrupt.h"
#include "migrate_embedded.h"

namespace pga::migrate {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int kLookAfterMs = 90;  // before the shortest lock_timeout has passed, or its cause would never be seen
constexpr int kLookEveryMs = 500;

long long ms_since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start).count();
}

tl::unexpected<Error> interruption() {
  return fail("interrupted", "interrupted; the running statement was rolled back",
              "run the same command again: it goes on from there");
}

std::string in_words(const postgres::Rows& rows, int r) {
  const auto text = [&](const char* name) { return std::string(rows.text(r, rows.column(name))); };
  std::string out = "pid " + text("pid") + " (" + (text("usename").empty() ? text("backend_type") : text("usename"));
  if (!text("application_name").empty()) out += ", " + text("application_name");
  if (!text("state").empty()) out += ", " + text("state");
  if (!text("transaction_since").empty()) out += ", transaction since " + text("transaction_since");
  if (!text("query_since").empty()) out += ", query since " + text("query_since");
  return out + " UTC)";
}

}  // namespace

std::optional<Result<postgres::Rows>> answer_within(postgres::Connection& connection, std::string_view sql, int milliseconds) {
  const auto start = Clock::now();
  if (auto sent = connection.send(sql); !sent) return fail(sent.error());
  while (connection.alive() && connection.busy()) {
    if (ms_since(start) > milliseconds) return std::nullopt;
    pollfd waiting{connection.socket(), POLLIN, 0};
    ::poll(&waiting, 1, 20);
  }
  return connection.receive();
}

Result<Session> Session::open(const std::string& conninfo, Listener listener) {
  PGA_TRY(auto connection, postgres::Connection::open(conninfo));
  Session out(std::move(connection), conninfo, std::move(listener));
  PGA_TRY(const auto pid, out.connection_.query("SELECT pg_catalog.pg_backend_pid()"));
  out.server_pid_ = static_cast<int>(pid.integer(0, 0));
  return out;
}

Status Session::execute(std::string_view sql) {
  auto rows = run(sql);
  if (!rows) return fail(rows.error());
  return {};
}

Result<postgres::Rows> Session::run(std::string_view sql) {
  if (interrupted()) return interruption();
  blockers_.clear();
  PGA_CHECK(connection_.send(sql));
  const Status waited = wait();
  auto rows = connection_.receive();
  tell_notices(true);
  if (!waited && !rows) return fail(waited.error());
  if (!rows) {
    Error error = rows.error();
    error.place = {};  // of the statement alone: the caller knows the file
    // The FATAL of an ended session arrives before the end of its connection.
    if (!connection_.alive() || error.sqlstate.starts_with("57P0")) {
      error.code = "connection-lost";
      if (error.hint.empty()) error.hint = "run the same command again: it goes on from there";
    }
    return fail(std::move(error));
  }
  return rows;
}

// Until the answer is there. An interruption cancels the statement; its answer is waited for all the same.
Status Session::wait() {
  const auto start = Clock::now();
  long long next_look = kLookAfterMs;
  bool cancelled = false;
  while (connection_.alive() && connection_.busy()) {
    pollfd waiting{connection_.socket(), POLLIN, 0};
    ::poll(&waiting, 1, 20);
    if (interrupted() && !cancelled) {
      cancelled = true;
      if (!connection_.cancel()) note("the running statement could not be cancelled; it is waited for");
    }
    const long long elapsed = ms_since(start);
    if (elapsed < next_look) continue;
    next_look = elapsed + kLookEveryMs;
    tell_notices(false);
    look(elapsed);
  }
  if (cancelled) return interruption();
  return {};
}

std::optional<postgres::Rows> Session::watch(const std::string& sql) {
  if (!watcher_ && !watcher_failed_) {
    auto opened = postgres::Connection::open(conninfo_);
    watcher_failed_ = !opened;  // no free slot for a second connection: then nobody looks
    if (opened) watcher_ = std::move(*opened);
    // A session pooler without a free server session lets it in and does not answer: then nobody looks, either.
    if (watcher_) {
      const auto set = answer_within(*watcher_, "SET search_path = ''; SET statement_timeout = '5s'", 1000);
      watcher_failed_ = !set || !*set;
      if (watcher_failed_) watcher_.reset();
    }
  }
  if (!watcher_) return std::nullopt;
  auto rows = watcher_->query(sql);
  if (rows) return std::move(*rows);
  if (!watcher_->alive()) watcher_.reset();
  return std::nullopt;
}

void Session::look(long long elapsed_ms) {
  if (const auto rows = watch(bind(embedded::migrate::watch_blockers, {std::to_string(server_pid_)}))) {
    std::vector<std::string> all;
    for (int r = 0; r < rows->size(); ++r) all.push_back(in_words(*rows, r));
    if (!all.empty()) blockers_ = join(all, ", ");
    if (!all.empty() && elapsed_ms > 1000) tell({.what = Event::What::progress, .text = "waiting for " + blockers_});
  }
  if (elapsed_ms < 400) return;
  const auto rows = watch(bind(embedded::migrate::watch_progress, {std::to_string(server_pid_)}));
  if (!rows || rows->size() == 0) return;
  const auto done = std::max(rows->integer(0, 1), rows->integer(0, 3)),
             total = std::max(rows->integer(0, 2), rows->integer(0, 4));
  std::string text(rows->text(0, 0));
  if (total > 0) text += fmt::format(", {} %", std::min(100LL, done * 100 / total));
  if (rows->integer(0, 7) > 0) text += ", waiting for pid " + std::string(rows->text(0, 7));
  tell({.what = Event::What::progress, .text = text});
}

void Session::tell_notices(bool done) {
  for (const auto& notice : connection_.take_notices()) {
    const bool warning = notice.starts_with("WARNING");
    if (warning)
      note(notice);
    else if (!done)
      tell({.what = Event::What::progress, .text = notice.substr(notice.find(": ") + 2)});
  }
}

Status Session::nap(int milliseconds) {
  const auto start = Clock::now();
  while (ms_since(start) < milliseconds) {
    if (interrupted()) return interruption();
    std::this_thread::sleep_for(std::chrono::milliseconds(std::min<long long>(20, milliseconds - ms_since(start) + 1)));
  }
  return {};
}

Status Session::rollback() {
  if (!connection_.alive() || !connection_.in_transaction()) return {};
  return connection_.execute("ROLLBACK");
}

Status Session::reopen(int tries) {
  Error last;
  for (int i = 0; i < tries; ++i) {
    auto opened = Session::open(conninfo_, listener_);
    if (opened) {
      connection_ = std::move(opened->connection_);
      server_pid_ = opened->server_pid_;
      watcher_.reset();
      return {};
    }
    last = opened.error();
    PGA_CHECK(nap(std::min(2000, 50 << std::min(i, 6))));
  }
  return fail(std::move(last));
}

}  // namespace pga::migrate
