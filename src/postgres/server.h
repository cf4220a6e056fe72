// Private throw-away PostgreSQL servers (design.md, "The twin").
//
//   PGA_TRY(auto server, Server::start({.major = 15}));
//   PGA_TRY(auto name, server.create_database());            // an empty database from a template
//   PGA_TRY(auto db, Connection::open(server.url(name)));
//
// The server listens on a unix socket in a private 0700 folder only, runs as an unprivileged user in a cage of the kernel's
// (server_confine.h: no programs, no network, no files but its own), and ends with this object, on error, on Ctrl-C, on
// SIGTERM and when this process is killed. One Server a run: give each question its own database. Any thread may start and
// use one; calls of one object are serialised. With ServerOptions::url nothing is started: databases are made on that
// server, named pgarchitect_tmp_<process>_<number>, and dropped at the end whatever way this process ends.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "postgres/connection.h"

namespace pga::postgres {

// A folder that holds initdb and postgres of one version.
struct Programs {
  std::string bin;      // the folder
  int major = 0;        // 15
  std::string version;  // "15.18"
};

// What each process of a private server may use; 0: no limit. Whatever SQL runs there, these hold.
struct Limits {
  unsigned long long memory_mb = 4096;     // address space of one process; more: "out of memory"
  unsigned long long temporary_mb = 4096;  // temporary files of one session
  unsigned long long disk_mb = 16384;      // the server's whole folder; more: the server is stopped (code server-limit)
  unsigned long long cpu_seconds = 3600;   // processor time of one session; more: the session is killed, the server recovers
};

struct ServerOptions {
  int major = 0;                      // wanted major; 0: the newest found. Not found: the nearest newer
  std::string bin;                    // --pg-bin: this folder and no other
  std::string url;                    // --server: use this server instead of a private one
  std::vector<std::string> settings;  // further "name=value" settings for the server
  Limits limits;                      // of a private server
};

// Every version that can be found on this machine, newest first: --pg-bin, PGARCHITECT_PG_BIN (a list separated by ':'),
// pg_config --bindir, the usual folders of Debian, Red Hat, Homebrew and of the npm package of servers (scripts/install-servers).
std::vector<Programs> find_programs(const std::string& bin = {});

class Server {
 public:
  static Result<Server> start(const ServerOptions& options);
  ~Server();
  Server(Server&&) noexcept;
  Server& operator=(Server&&) noexcept;

  // Conninfo for a database of this server, as the superuser that pgarchitect works with.
  std::string url(const std::string& database) const;
  // CREATE DATABASE name TEMPLATE from (file_copy where the version has it). An empty `from` means the pristine template0
  // (UTF8, C.UTF-8). The returned name is unique in this server. The template must have no connections. Subscriptions, which a
  // template does not hold, are made in the copy as well, without their connection string.
  Result<std::string> create_database(const std::string& from = {});
  Status drop_database(const std::string& name);
  int major() const;
  const std::string& version() const;    // "15.18"
  const std::string& superuser() const;  // the role that owns what scripts create
  bool is_private() const;               // false with --server
  std::string data_folder() const;       // of a private server; "" with --server
  // How the private server is caged: "seccomp", "landlock 7". Missing ones are not in this kernel (server_confine.h).
  const std::vector<std::string>& confinement() const;

 private:
  struct State;
  explicit Server(std::unique_ptr<State> state);
  Status drop(const std::string& name);
  std::unique_ptr<State> state_;
};

// What to install for an extension that a server of this major lacks: "postgresql-15-postgis-3" (Debian's package).
std::string extension_hint(const std::string& name, int major);

}  // namespace pga::postgres
