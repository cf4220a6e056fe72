#include "postgres/connection.h"

#include <libpq-fe.h>

#include <charconv>
#include <cstdlib>
#include <utility>

#include "base/quote.h"
#include "base/text.h"

namespace pga::postgres {
namespace {

std::string field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text == nullptr ? std::string() : std::string(trim(text));
}

// The line and column (1-based) of a character position inside a statement.
Place place_of(std::string_view sql, int position) {
  Place place;
  place.line = 1;
  place.column = 1;
  int seen = 1;
  for (const char c : sql) {
    if ((static_cast<unsigned char>(c) & 0xC0) == 0x80) continue;  // a UTF-8 continuation byte is no character
    if (seen++ >= position) break;
    if (c == '\n') {
      ++place.line;
      place.column = 1;
    } else {
      ++place.column;
    }
  }
  return place;
}

void on_notice(void* target, const PGresult* result) {
  auto* notices = static_cast<std::vector<std::string>*>(target);
  notices->push_back(field(result, PG_DIAG_SEVERITY) + ": " + field(result, PG_DIAG_MESSAGE_PRIMARY));
}

}  // namespace

void Rows::Clear::operator()(pg_result* result) const {
  PQclear(result);
}
Rows::Rows(pg_result* result) : result_(result) {}
int Rows::size() const {
  return PQntuples(result_.get());
}
int Rows::columns() const {
  return PQnfields(result_.get());
}
std::string_view Rows::name(int column) const {
  return PQfname(result_.get(), column);
}
int Rows::column(std::string_view wanted) const {
  for (int i = 0; i < columns(); ++i) {
    if (name(i) == wanted) return i;
  }
  return -1;
}
bool Rows::is_null(int row, int column) const {
  return PQgetisnull(result_.get(), row, column) != 0;
}
std::string_view Rows::text(int row, int column) const {
  return {PQgetvalue(result_.get(), row, column), static_cast<size_t>(PQgetlength(result_.get(), row, column))};
}
long long Rows::integer(int row, int column) const {
  long long value = 0;
  const auto digits = text(row, column);
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}
bool Rows::flag(int row, int column) const {
  return text(row, column) == "t";
}
std::string_view Rows::command_tag() const {
  return PQcmdStatus(result_.get());
}
long long Rows::affected() const {
  return std::strtoll(PQcmdTuples(result_.get()), nullptr, 10);
}

void Connection::Finish::operator()(pg_conn* conn) const {
  PQfinish(conn);
}

Result<Connection> Connection::open(const std::string& conninfo) {
  Connection connection;
  connection.conninfo_ = conninfo;
  // The given string comes last: its own application_name or client_encoding wins over ours.
  const char* keys[] = {"client_encoding", "fallback_application_name", "dbname", nullptr};
  const char* values[] = {"UTF8", "pgarchitect", conninfo.c_str(), nullptr};
  connection.conn_.reset(PQconnectdbParams(keys, values, 1));
  PGconn* conn = connection.conn_.get();
  if (conn == nullptr || PQstatus(conn) != CONNECTION_OK) {
    Error error;
    error.code = "connection-failed";
    error.message = "cannot connect to " + redact_url(conninfo);
    error.detail = conn == nullptr ? "out of memory" : std::string(trim(PQerrorMessage(conn)));
    const char* password = conn == nullptr ? nullptr : PQpass(conn);
    if (password != nullptr && *password != '\0') error.detail = replace_all(error.detail, password, "***");
    error.hint = "check the host, the port, the database name and the password (PGPASSWORD or ~/.pgpass also work)";
    return fail(std::move(error));
  }
  connection.notices_ = std::make_unique<std::vector<std::string>>();
  PQsetNoticeReceiver(conn, on_notice, connection.notices_.get());
  return connection;
}

Error Connection::error_of(pg_result* result, std::string_view sql) const {
  Error error;
  error.code = "sql-error";
  if (result == nullptr) {
    error.code = "connection-lost";
    error.message = "the connection to the server was lost";
    error.detail = trim(PQerrorMessage(conn_.get()));
    return error;
  }
  error.sqlstate = field(result, PG_DIAG_SQLSTATE);
  error.message = field(result, PG_DIAG_MESSAGE_PRIMARY);
  if (error.message.empty()) error.message = trim(PQresultErrorMessage(result));
  error.detail = field(result, PG_DIAG_MESSAGE_DETAIL);
  const std::string context = field(result, PG_DIAG_CONTEXT);
  if (!context.empty()) error.detail += (error.detail.empty() ? "" : "\n  ") + context;
  error.hint = field(result, PG_DIAG_MESSAGE_HINT);
  const std::string position = field(result, PG_DIAG_STATEMENT_POSITION);
  if (!position.empty()) error.place = place_of(sql, std::atoi(position.c_str()));
  if (PQstatus(conn_.get()) != CONNECTION_OK) error.code = "connection-lost";
  return error;
}

Result<Rows> Connection::checked(pg_result* result, std::string_view sql) const {
  Rows rows(result);
  switch (PQresultStatus(result)) {
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
    case PGRES_EMPTY_QUERY:
      return rows;
    case PGRES_COPY_IN:
    case PGRES_COPY_OUT:
    case PGRES_COPY_BOTH:
      return fail("unexpected-copy", "COPY with STDIN or STDOUT is not possible here");
    default:
      return fail(error_of(result, sql));
  }
}

Result<Rows> Connection::query(std::string_view sql, const std::vector<Param>& params) {
  std::vector<const char*> values;
  for (const auto& param : params) values.push_back(param ? param->c_str() : nullptr);
  ++commands_;
  return checked(PQexecParams(conn_.get(), std::string(sql).c_str(), static_cast<int>(values.size()), nullptr, values.data(),
                              nullptr, nullptr, 0),
                 sql);
}

Result<Rows> Connection::execute_rows(std::string_view sql) {
  ++commands_;
  auto rows = checked(PQexec(conn_.get(), std::string(sql).c_str()), sql);
  // A script with COPY leaves the connection in copy mode: end it, so that the connection stays usable.
  if (!rows && rows.error().code == "unexpected-copy") {
    PQputCopyEnd(conn_.get(), "not possible here");
    while (PGresult* rest = PQgetResult(conn_.get())) PQclear(rest);
  }
  return rows;
}

Status Connection::execute(std::string_view sql) {
  auto rows = execute_rows(sql);
  if (!rows) return fail(rows.error());
  return {};
}

Result<std::vector<Rows>> Connection::pipeline(const std::vector<std::string>& statements) {
  std::vector<Rows> all;
  PGA_CHECK(pipeline(statements, [&](Rows rows) { all.push_back(std::move(rows)); }));
  return all;
}

Status Connection::pipeline(const std::vector<std::string>& statements, const std::function<void(Rows)>& take) {
  PGconn* conn = conn_.get();
  if (PQenterPipelineMode(conn) != 1) return fail(error_of(nullptr, {}));
  std::optional<Error> first;
  for (const auto& sql : statements) {
    ++commands_;
    if (PQsendQueryParams(conn, sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0) != 1) {
      first = error_of(nullptr, sql);
      break;
    }
  }
  PQpipelineSync(conn);
  for (size_t i = 0; i < statements.size() && !(first && first->code == "connection-lost"); ++i) {
    PGresult* result = PQgetResult(conn);
    if (result == nullptr) {
      first = error_of(nullptr, statements[i]);
      break;
    }
    if (PQresultStatus(result) == PGRES_PIPELINE_ABORTED) {
      PQclear(result);
    } else if (auto rows = checked(result, statements[i])) {
      if (!first) take(std::move(*rows));
    } else if (!first) {
      first = rows.error();
      if (first->detail.empty()) first->detail = statements[i].substr(0, 200);
    }
    while (PGresult* rest = PQgetResult(conn)) PQclear(rest);
  }
  while (PGresult* rest = PQgetResult(conn)) {
    const bool synced = PQresultStatus(rest) == PGRES_PIPELINE_SYNC;
    PQclear(rest);
    if (synced) break;
  }
  PQexitPipelineMode(conn);
  if (first) return fail(std::move(*first));
  return {};
}

Status Connection::copy_in(std::string_view copy_sql, std::string_view data) {
  PGconn* conn = conn_.get();
  ++commands_;
  PGresult* started = PQexec(conn, std::string(copy_sql).c_str());
  const Rows owner(started);
  if (PQresultStatus(started) != PGRES_COPY_IN) return fail(error_of(started, copy_sql));
  constexpr size_t kChunk = 1 << 20;
  for (size_t at = 0; at < data.size(); at += kChunk) {
    const auto part = data.substr(at, kChunk);
    if (PQputCopyData(conn, part.data(), static_cast<int>(part.size())) != 1) return fail(error_of(nullptr, copy_sql));
  }
  if (PQputCopyEnd(conn, nullptr) != 1) return fail(error_of(nullptr, copy_sql));
  auto done = receive();
  if (!done) return fail(done.error());
  return {};
}

Status Connection::send(std::string_view sql) {
  ++commands_;
  if (PQsendQuery(conn_.get(), std::string(sql).c_str()) != 1) return fail(error_of(nullptr, sql));
  return {};
}

bool Connection::busy() {
  PQconsumeInput(conn_.get());
  return PQisBusy(conn_.get()) == 1;
}

Result<Rows> Connection::receive() {
  std::optional<Result<Rows>> last;
  while (PGresult* result = PQgetResult(conn_.get())) {
    auto rows = checked(result, {});
    if (!last || *last) last = std::move(rows);  // the first error stays
  }
  if (!last) return fail(error_of(nullptr, {}));
  return std::move(*last);
}

Status Connection::cancel() {
  PGcancel* handle = PQgetCancel(conn_.get());
  char message[256] = "no connection";
  const bool sent = handle != nullptr && PQcancel(handle, message, sizeof message) == 1;
  PQfreeCancel(handle);
  if (!sent) return fail("cancel-failed", message);
  return {};
}

int Connection::server_version() const {
  return PQserverVersion(conn_.get());
}
int Connection::backend_pid() const {
  return PQbackendPID(conn_.get());
}
bool Connection::alive() const {
  return PQstatus(conn_.get()) == CONNECTION_OK;
}
bool Connection::in_transaction() const {
  return PQtransactionStatus(conn_.get()) != PQTRANS_IDLE;
}
int Connection::socket() const {
  return PQsocket(conn_.get());
}
std::vector<std::string> Connection::take_notices() {
  return std::exchange(*notices_, {});
}

namespace {

struct Options {
  char* message = nullptr;  // before `list`, whose initialiser sets it
  PQconninfoOption* list = nullptr;
  explicit Options(const std::string& conninfo) : list(PQconninfoParse(conninfo.c_str(), &message)) {}
  ~Options() {
    PQconninfoFree(list);
    PQfreemem(message);
  }
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;
};

std::string conninfo_value(std::string_view value) {
  return "'" + replace_all(replace_all(std::string(value), "\\", "\\\\"), "'", "\\'") + "'";
}

}  // namespace

std::string redact_url(const std::string& conninfo) {
  const Options options(conninfo);
  // A string that cannot be parsed may hide a password anywhere: nothing of it is shown.
  if (options.list == nullptr) return "(an unreadable connection string)";
  std::string out;
  for (const auto* option = options.list; option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    const std::string_view key = option->keyword;
    const bool secret = key == "password" || key == "sslpassword" || key == "scram_client_key" || key == "scram_server_key";
    if (!out.empty()) out += ' ';
    out += std::string(key) + "=" + (secret ? "***" : comment_safe(option->val));
  }
  return out.empty() ? "the default server" : out;
}

Result<std::string> with_database(const std::string& conninfo, const std::string& database) {
  const Options options(conninfo);
  if (options.list == nullptr) {
    return fail("bad-connection-string", "the connection string cannot be read",
                "it looks like postgres://user@host:5432/database or host=… dbname=…");
  }
  std::string out;
  for (const auto* option = options.list; option->keyword != nullptr; ++option) {
    if (option->val == nullptr || std::string_view(option->keyword) == "dbname") continue;
    out += std::string(option->keyword) + "=" + conninfo_value(option->val) + " ";
  }
  return out + "dbname=" + conninfo_value(database);
}

}  // namespace pga::postgres
