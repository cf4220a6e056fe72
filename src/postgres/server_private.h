// One running private server: its folder, its process, its life. Internal to this room; server.h is the door.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "postgres/programs.h"
#include "postgres/server.h"
#include "postgres/server_scratch.h"

namespace pga::postgres {

class PrivateServer {
 public:
  static Result<PrivateServer> start(const ServerOptions& options);
  PrivateServer(PrivateServer&&) = default;

  const Programs& programs() const { return programs_; }
  const std::string& folder() const { return scratch_.path(); }
  const std::vector<std::string>& confinement() const { return confinement_; }
  bool is_alive() const;
  // The program's file is another one than at the start: a package was upgraded.
  bool is_outdated() const;
  // Stops what runs, and starts again on the same data folder (with crash recovery) with the programs as they are now.
  Status restart();

 private:
  explicit PrivateServer(Scratch scratch) : scratch_(std::move(scratch)) {}
  Status launch_and_wait();
  Status wait_until_ready() const;
  std::vector<std::string> arguments() const;
  Scratch scratch_;
  Programs programs_;
  ServerUser user_;
  ServerOptions options_;
  std::string identity_;
  std::vector<std::string> confinement_;
};

}  // namespace pga::postgres
