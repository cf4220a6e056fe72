#include "postgres/server.h"

#include <algorithm>
#include <cctype>
#include <mutex>

#include "base/quote.h"
#include "base/text.h"
#include "postgres/server_private.h"
#include "postgres/server_remote.h"
#include "postgres/server_subscriptions.h"

namespace pga::postgres {

namespace {

// A value of a keyword=value connection string; plain ones stay as they are, so that people can copy them.
std::string quoted(const std::string& value) {
  const bool plain =
      !value.empty() && std::all_of(value.begin(), value.end(), [](unsigned char c) { return std::isalnum(c) || c == '_'; });
  if (plain) return value;
  return "'" + replace_all(replace_all(value, "\\", "\\\\"), "'", "\\'") + "'";
}

}  // namespace

struct Server::State {
  std::optional<PrivateServer> own;
  std::optional<RemoteServer> remote;
  int major = 0;
  std::string version;
  std::string superuser = "postgres";
  std::vector<std::string> confinement;
  std::mutex mutex;
  std::optional<Connection> admin;  // kept open: a connection costs more than most of what is asked on it
  int next = 0;

  std::string url(const std::string& database) const;
  Status ensure_running();
  Status ensure_connected();
  Status run(const std::string& sql);
};

std::string Server::State::url(const std::string& database) const {
  if (remote) return remote->url(database);
  return "host=" + own->folder() + " port=5432 user=postgres dbname=" + quoted(database);
}

// A private server that has died is started again on its data; so is one whose package was upgraded, when nobody is connected:
// new sessions would load the new libraries into the old program.
Status Server::State::ensure_running() {
  if (!own) return {};
  if (!own->is_alive()) {
    admin.reset();
    return own->restart();
  }
  if (!own->is_outdated()) return {};
  PGA_CHECK(ensure_connected());
  PGA_TRY(const auto others, admin->query("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' "
                                          "AND pid <> pg_backend_pid()"));
  if (others.integer(0, 0) > 0) return {};
  admin.reset();
  return own->restart();
}

Status Server::State::ensure_connected() {
  if (admin && admin->alive()) return {};
  // "postgres", not a template: a template with a session in it cannot be copied.
  PGA_TRY(admin, Connection::open(remote ? remote->url({}) : url("postgres")));
  return admin->execute("SET lc_messages = 'C'; SET statement_timeout = 0; SET lock_timeout = 0");
}

Status Server::State::run(const std::string& sql) {
  for (int attempt = 0;; ++attempt) {
    PGA_CHECK(ensure_running());
    auto done = ensure_connected();
    if (done) {
      auto rows = admin->query(sql);
      if (rows) return {};
      done = fail(rows.error());
    }
    const bool lost = done.error().code == "connection-lost" || done.error().code == "connection-failed" ||
                      done.error().sqlstate.starts_with("57P");
    if (!lost || attempt == 1) return done;
    admin.reset();
  }
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}
Server::~Server() = default;
Server::Server(Server&&) noexcept = default;
Server& Server::operator=(Server&&) noexcept = default;

Result<Server> Server::start(const ServerOptions& options) {
  auto state = std::make_unique<State>();
  if (!options.url.empty()) {
    PGA_TRY(auto remote, RemoteServer::connect(options.url));
    state->remote.emplace(std::move(remote));
    state->major = state->remote->major();
    state->version = state->remote->version();
    state->superuser = state->remote->user();
    return Server(std::move(state));
  }
  PGA_TRY(auto own, PrivateServer::start(options));
  state->own.emplace(std::move(own));
  state->major = state->own->programs().major;
  state->version = state->own->programs().version;
  state->confinement = state->own->confinement();
  return Server(std::move(state));
}

std::string Server::url(const std::string& database) const {
  return state_->url(database);
}

Result<std::string> Server::create_database(const std::string& from) {
  const std::lock_guard lock(state_->mutex);
  std::string name = (state_->remote ? state_->remote->prefix() : std::string("db")) + std::to_string(++state_->next);
  std::string sql = "CREATE DATABASE " + ident(name) + " TEMPLATE " + ident(from.empty() ? "template0" : from);
  if (from.empty()) sql += " ENCODING 'UTF8'";
  if (state_->major >= 15) sql += " STRATEGY file_copy";
  if (state_->remote) state_->remote->will_create(name);
  PGA_CHECK(state_->run(sql));
  if (from.empty()) return name;
  if (auto done = copy_subscriptions(*state_->admin, from, url(name), state_->superuser); !done) {
    (void)drop(name);
    return fail(done.error());
  }
  return name;
}

Status Server::drop_database(const std::string& name) {
  const std::lock_guard lock(state_->mutex);
  if (state_->remote && !name.starts_with(state_->remote->prefix())) {
    return fail("internal", "the database " + name + " was not made by pgarchitect and is not dropped");
  }
  return drop(name);
}

// With the lock held.
Status Server::drop(const std::string& name) {
  const std::string sql = "DROP DATABASE IF EXISTS " + ident(name) + " WITH (FORCE)";
  if (auto done = state_->run(sql); !done) {
    if (done.error().sqlstate != "55006") return done;  // "being used by logical replication subscription"
    PGA_CHECK(drop_subscriptions(url(name)));
    PGA_CHECK(state_->run(sql));
  }
  if (state_->remote) state_->remote->was_dropped(name);
  return {};
}

int Server::major() const {
  return state_->major;
}
const std::string& Server::version() const {
  return state_->version;
}
const std::string& Server::superuser() const {
  return state_->superuser;
}
bool Server::is_private() const {
  return !state_->remote;
}
std::string Server::data_folder() const {
  return state_->own ? state_->own->folder() + "/data" : std::string();
}
const std::vector<std::string>& Server::confinement() const {
  return state_->confinement;
}

}  // namespace pga::postgres
