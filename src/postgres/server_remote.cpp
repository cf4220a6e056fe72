#include "postgres/server_remote.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <set>

#include "base/quote.h"
#include "base/text.h"
#include "postgres/connection.h"

namespace pga::postgres {
namespace {

// Reads "+name" and "-name" lines until the other end is closed, and gives what is left.
std::set<std::string> read_until_closed(int pipe) {
  std::string text;
  std::array<char, 4096> buffer{};
  while (true) {
    const ssize_t n = read(pipe, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    text.append(buffer.data(), static_cast<size_t>(n));
  }
  std::set<std::string> left;
  for (const auto& line : split(text, '\n')) {
    if (line.starts_with("+")) left.insert(line.substr(1));
    if (line.starts_with("-")) left.erase(line.substr(1));
  }
  return left;
}

void drop_all(const std::string& url, const std::set<std::string>& databases) {
  if (databases.empty()) return;
  for (int attempt = 0; attempt < 5; ++attempt) {
    if (auto connection = Connection::open(url)) {
      bool all = true;
      for (const auto& name : databases)
        all &= connection->execute("DROP DATABASE IF EXISTS " + ident(name) + " WITH (FORCE)").has_value();
      if (all) return;
    }
    sleep(1);
  }
}

[[noreturn]] void be_janitor(int pipe, const std::string& url) {
  setsid();  // signals of the terminal are for the others
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE}) ::signal(signal, SIG_IGN);
  const int null = open("/dev/null", O_RDWR);
  for (const int standard : {0, 1, 2}) dup2(null, standard);  // whoever reads our output need not wait for this process
  const int kept = dup2(pipe, 3);
  syscall(436, 4U, ~0U, 0U);  // close_range
  drop_all(url, read_until_closed(kept));
  _exit(0);
}

}  // namespace

Result<RemoteServer> RemoteServer::connect(const std::string& url) {
  PGA_TRY(auto connection, Connection::open(url));
  PGA_TRY(const auto rows, connection.query("SELECT current_setting('server_version'), current_user, rolsuper OR rolcreatedb "
                                            "FROM pg_roles WHERE rolname = current_user"));
  RemoteServer server;
  server.url_ = url;
  server.major_ = connection.major();
  server.version_ = std::string(rows.text(0, 0)).substr(0, rows.text(0, 0).find(' '));
  server.user_ = rows.text(0, 1);
  if (server.major_ < 13)
    return fail("server-unfit", "the server given with --server is of version " + server.version_,
                "13 is the oldest that is supported");
  if (!rows.flag(0, 2)) {
    return fail("server-unfit", "the role " + server.user_ + " may not create databases on the server given with --server",
                "ALTER ROLE " + ident(server.user_) + " CREATEDB, or connect as another role");
  }
  server.prefix_ = "pgarchitect_tmp_" + std::to_string(getpid()) + "_";
  PGA_CHECK(server.start_janitor());
  return server;
}

Status RemoteServer::start_janitor() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return fail("server-start", std::string("no pipe: ") + std::strerror(errno));
  const File reader(ends[0]);
  pipe_ = File(ends[1]);
  owner_ = getpid();
  janitor_ = fork();
  if (janitor_ == 0) be_janitor(reader.get(), url_);
  if (janitor_ < 0) return fail("server-start", std::string("no new process: ") + std::strerror(errno));
  return {};
}

RemoteServer::RemoteServer(RemoteServer&& other) noexcept
    : url_(std::move(other.url_)),
      prefix_(std::move(other.prefix_)),
      version_(std::move(other.version_)),
      user_(std::move(other.user_)),
      major_(other.major_),
      owner_(std::exchange(other.owner_, 0)),
      janitor_(std::exchange(other.janitor_, 0)),
      pipe_(std::move(other.pipe_)) {}

RemoteServer::~RemoteServer() {
  if (owner_ != getpid() || janitor_ <= 0) return;
  pipe_.close();  // the janitor drops what is left and ends
  while (waitpid(janitor_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

std::string RemoteServer::url(const std::string& database) const {
  if (database.empty()) return url_;
  return with_database(url_, database).value_or(url_);
}

void RemoteServer::tell(char what, const std::string& database) {
  const std::string line = what + database + "\n";
  [[maybe_unused]] const auto written = write(pipe_.get(), line.data(), line.size());
}

}  // namespace pga::postgres
