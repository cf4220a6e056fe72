// A connection to a PostgreSQL server over libpq.
//
//   PGA_TRY(auto db, Connection::open("postgres://…"));
//   PGA_TRY(auto rows, db.query("SELECT relname, relkind FROM pg_class WHERE oid = $1", {"1259"}));
//   for (int r = 0; r < rows.size(); ++r) use(rows.text(r, 0));
//
// Movable, not copyable; one thread at a time. Errors carry the SQLSTATE, the server's DETAIL/HINT and, when the server gives
// a position, the line and column inside the statement. No password is ever part of an error (see redact_url).
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

struct pg_conn;
struct pg_result;

namespace pga::postgres {

using Param = std::optional<std::string>;

// The rows of one statement; NULL is distinguished from the empty text.
class Rows {
 public:
  explicit Rows(pg_result* result);
  int size() const;
  int columns() const;
  std::string_view name(int column) const;
  int column(std::string_view name) const;  // -1: no such column
  bool is_null(int row, int column) const;
  std::string_view text(int row, int column) const;  // "" for NULL
  long long integer(int row, int column) const;      // 0 for NULL
  bool flag(int row, int column) const;              // 't'
  std::string_view command_tag() const;              // "INSERT 0 3"
  long long affected() const;

 private:
  struct Clear {
    void operator()(pg_result* result) const;
  };
  std::unique_ptr<pg_result, Clear> result_;
};

class Connection {
 public:
  // conninfo: a postgres:// URL or a keyword=value string, as libpq takes it.
  static Result<Connection> open(const std::string& conninfo);

  // Runs one statement with the extended protocol: exactly one statement is possible (reliability.md 16).
  Result<Rows> query(std::string_view sql, const std::vector<Param>& params = {});
  // Runs a script of any number of statements in one round trip (simple protocol). Without BEGIN it is one transaction.
  Status execute(std::string_view sql);
  // As execute, and returns the rows of the last statement that had any.
  Result<Rows> execute_rows(std::string_view sql);
  // Sends all statements in one libpq pipeline and returns their rows in order; the first error is returned.
  Result<std::vector<Rows>> pipeline(const std::vector<std::string>& statements);
  // The same, and hands the rows of each statement over as they come, in order, until an error.
  Status pipeline(const std::vector<std::string>& statements, const std::function<void(Rows)>& take);
  // COPY … FROM STDIN with this data.
  Status copy_in(std::string_view copy_sql, std::string_view data);
  // Asynchronous use: send, then poll or wait. Used by observers that must watch a waiting statement.
  Status send(std::string_view sql);
  bool busy();             // a sent statement is still running
  Result<Rows> receive();  // waits for the sent statement and returns its last rows or its error
  Status cancel();         // asks the server to cancel the running statement

  int server_version() const;  // 150018
  int major() const { return server_version() / 10000; }
  int backend_pid() const;
  bool alive() const;
  bool in_transaction() const;
  int socket() const;
  std::vector<std::string> take_notices();  // NOTICE and WARNING texts since the last call
  const std::string& conninfo() const { return conninfo_; }

  // How many commands were sent: whether anything happened since.
  std::size_t commands() const { return commands_; }

 private:
  struct Finish {
    void operator()(pg_conn* conn) const;
  };
  Connection() = default;
  Result<Rows> checked(pg_result* result, std::string_view sql) const;
  Error error_of(pg_result* result, std::string_view sql) const;
  std::unique_ptr<pg_conn, Finish> conn_;
  std::unique_ptr<std::vector<std::string>> notices_;
  std::string conninfo_;
  std::size_t commands_ = 0;
};

// The conninfo with its password replaced by "***", safe to print.
std::string redact_url(const std::string& conninfo);
// The same conninfo with another database name.
Result<std::string> with_database(const std::string& conninfo, const std::string& database);

}  // namespace pga::postgres
