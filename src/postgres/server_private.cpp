#include "postgres/server_private.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <thread>

#include "base/text.h"
#include "postgres/server_cache.h"
#include "postgres/server_launch.h"
#include "postgres/server_watch.h"

namespace pga::postgres {
namespace {

constexpr auto kStartLimit = std::chrono::seconds(60);  // a loaded machine may be slow; a server that fails ends long before

// Given on the command line, where neither ALTER SYSTEM nor a changed postgresql.conf can overrule them.
constexpr const char* kSettings[] = {
    "listen_addresses=", "port=5432", "unix_socket_permissions=0700",
    // nothing of a throw-away server must outlive a crash of the machine
    "fsync=off", "full_page_writes=off", "synchronous_commit=off",
    // nothing in the background that changes plans, statistics or timings; short to start
    "autovacuum=off", "jit=off", "shared_buffers=32MB", "huge_pages=off", "bgwriter_lru_maxpages=0", "checkpoint_timeout=1d",
    "max_wal_size=256MB", "max_logical_replication_workers=0", "update_process_title=off", "max_locks_per_transaction=1024",
    "max_connections=50",
    // everything that a script may want to create can be created
    "wal_level=logical",
    // nothing outside of the folder, nothing in /dev/shm
    "shared_memory_type=mmap", "dynamic_shared_memory_type=mmap", "logging_collector=off", "log_destination=stderr", "ssl=off",
    "archive_mode=off",
    // no text of a user's statement in the log
    "log_min_messages=fatal", "log_min_error_statement=panic", "log_statement=none", "log_min_duration_statement=-1",
    "log_checkpoints=off",
    // the same answers everywhere
    "timezone=UTC", "log_timezone=UTC", "lc_messages=C", "datestyle=ISO,MDY",
    // libraries that every session wants: loaded once, and still there when a package is upgraded below us
    "shared_preload_libraries=plpgsql"};

// The line of postmaster.pid that pg_ctl waits for, too.
bool is_ready(const std::string& pid_file) {
  std::ifstream in(pid_file);
  std::string line;
  for (int i = 0; i < 8; ++i) {
    if (!std::getline(in, line)) return false;
  }
  return line.starts_with("ready");
}

}  // namespace

std::vector<std::string> PrivateServer::arguments() const {
  std::vector<std::string> out{"-D", scratch_.path() + "/data", "-c", "unix_socket_directories=" + scratch_.path()};
  const auto set = [&](std::string setting) {
    out.emplace_back("-c");
    out.push_back(std::move(setting));
  };
  for (const char* setting : kSettings) set(setting);
  if (options_.limits.temporary_mb > 0) set("temp_file_limit=" + std::to_string(options_.limits.temporary_mb) + "MB");
  for (const auto& setting : options_.settings) set(setting);
  return out;
}

Status PrivateServer::wait_until_ready() const {
  const auto end = std::chrono::steady_clock::now() + kStartLimit;
  const std::string pid_file = scratch_.path() + "/data/postmaster.pid";
  while (!is_ready(pid_file)) {
    const bool ended = watch::server_has_ended(scratch_.slot());
    if (ended || std::chrono::steady_clock::now() > end) {
      Error error;
      error.code = "server-start";
      error.message =
          "the private server of PostgreSQL " + programs_.version + (ended ? " ended at its start" : " does not get ready");
      error.detail = tail_of(scratch_.path() + "/log");
      error.hint = "its programs are in " + programs_.bin + "; others can be named with --pg-bin";
      return fail(std::move(error));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return {};
}

Status PrivateServer::launch_and_wait() {
  identity_ = identity_of(programs_);
  Launch wanted;
  wanted.program = programs_.bin + "/postgres";
  wanted.arguments = arguments();
  wanted.folder = scratch_.path();
  wanted.log = scratch_.path() + "/log";
  wanted.user = user_;
  wanted.inherited = scratch_.alive();
  wanted.limits = &options_.limits;
  wanted.programs = programs_;
  PGA_TRY(auto launched, launch(wanted));
  watch::set_server(scratch_.slot(), launched.pid);
  confinement_ = std::move(launched.confinement);
  return wait_until_ready();
}

Result<PrivateServer> PrivateServer::start(const ServerOptions& options) {
  PGA_TRY(auto programs, choose_programs(options));
  PGA_TRY(const auto user, server_user());
  sweep_stale();
  PGA_TRY(auto scratch, Scratch::make(user));
  PrivateServer server(std::move(scratch));
  server.programs_ = std::move(programs);
  server.user_ = user;
  server.options_ = options;
  PGA_CHECK(make_data_folder(server.programs_, user, server.scratch_));
  if (auto started = server.launch_and_wait(); !started) {
    // What was kept may be unfit in a way that its check sum cannot tell: once more with a new one.
    watch::stop_server(server.scratch_.slot());
    remove_tree((server.folder() + "/data").c_str());
    if (!make_data_folder(server.programs_, user, server.scratch_, true)) return fail(started.error());
    PGA_CHECK(server.launch_and_wait());
  }
  return server;
}

bool PrivateServer::is_alive() const {
  return !watch::server_has_ended(scratch_.slot());
}

bool PrivateServer::is_outdated() const {
  const auto now = identity_of(programs_);
  return !now.empty() && now != identity_;  // gone altogether: what runs goes on
}

Status PrivateServer::restart() {
  watch::stop_server(scratch_.slot());
  const auto found = find_programs(programs_.bin);
  if (!found.empty() && found.front().major == programs_.major) programs_ = found.front();
  return launch_and_wait();
}

}  // namespace pga::postgres
