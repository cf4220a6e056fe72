// The connection that migrations run on: statements that can be interrupted, and a second connection that watches them.
//
//   PGA_TRY(auto session, Session::open(url, listener));
//   PGA_TRY(const auto rows, session.run("ALTER TABLE …"));     // Ctrl-C: cancelled, error `interrupted`
//
// While a statement runs, a second connection (opened when it takes longer than a moment, and only then) looks who blocks it and
// how far an index build is. Errors: interrupted, connection-lost, connection-failed, sql-error.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "migrate/events.h"
#include "postgres/connection.h"

namespace pga::migrate {

// The answer of a connection that nothing else uses, or nothing when there is none within that time: the connection is of no use
// any more. A session pooler without a free server session lets a client in, and answers when one becomes free.
std::optional<Result<postgres::Rows>> answer_within(postgres::Connection& connection, std::string_view sql, int milliseconds);

class Session {
 public:
  static Result<Session> open(const std::string& conninfo, Listener listener);
  // One statement, or a few short ones; the rows of the last.
  Result<postgres::Rows> run(std::string_view sql);
  Status execute(std::string_view sql);
  Status nap(int milliseconds);  // Error `interrupted` when somebody does
  Status rollback();             // also when the transaction failed; nothing without one
  Status reopen(int tries);      // after connection-lost
  postgres::Connection& connection() { return connection_; }
  const std::string& conninfo() const { return conninfo_; }
  // Who was seen blocking the last statement, in words; "" nobody.
  const std::string& blockers() const { return blockers_; }
  void tell(Event event) const {
    if (listener_) listener_(event);
  }
  void note(std::string text) const { tell({.what = Event::What::note, .text = std::move(text)}); }

 private:
  Session(postgres::Connection connection, std::string conninfo, Listener listener)
      : connection_(std::move(connection)), conninfo_(std::move(conninfo)), listener_(std::move(listener)) {}
  Status wait();
  void look(long long elapsed_ms);
  std::optional<postgres::Rows> watch(const std::string& sql);
  void tell_notices(bool done);

  postgres::Connection connection_;
  std::string conninfo_;
  Listener listener_;
  std::optional<postgres::Connection> watcher_;
  bool watcher_failed_ = false;
  std::string blockers_;
  int server_pid_ = 0;  // as the server says it, for the watcher
};

}  // namespace pga::migrate
