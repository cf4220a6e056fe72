// A database of a private server that goes with this object. Internal to the room.
#pragma once
#include <string>
#include <utility>

#include "postgres/server.h"

namespace pga::proof {

// Ends a session and waits until its process is gone. Closing alone does not wait, and CREATE DATABASE sleeps for 100 ms when it
// still finds a session in its template. A backend closes its socket last of all: the end of input is the sign.
inline void close_completely(postgres::Connection connection) {
  if (!connection.alive() || !connection.send("SELECT pg_terminate_backend(pg_backend_pid())")) return;
  (void)connection.receive();
}

class Clone {
 public:
  // A copy of `from` (which must have no sessions); an empty one is the pristine template.
  static Result<Clone> make(postgres::Server& server, const std::string& from) {
    PGA_TRY(auto name, server.create_database(from));
    return Clone(server, std::move(name));
  }
  Clone(Clone&& other) noexcept : server_(other.server_), name_(std::exchange(other.name_, {})) {}
  Clone& operator=(Clone&& other) noexcept {
    std::swap(server_, other.server_);
    std::swap(name_, other.name_);
    return *this;
  }
  Clone(const Clone&) = delete;
  Clone& operator=(const Clone&) = delete;
  ~Clone() {
    if (!name_.empty()) (void)server_->drop_database(name_);
  }
  const std::string& name() const { return name_; }
  std::string url() const { return server_->url(name_); }
  Result<postgres::Connection> open() const { return postgres::Connection::open(url()); }

 private:
  Clone(postgres::Server& server, std::string name) : server_(&server), name_(std::move(name)) {}
  postgres::Server* server_;
  std::string name_;
};

}  // namespace pga::proof
