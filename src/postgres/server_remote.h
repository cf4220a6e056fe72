// --server URL: databases on a server that the user gives. Internal to this room.
//
// A small process (the janitor) is forked beside. It waits for this process to end, in whatever way, SIGKILL included, and then
// drops the databases that are still there. It holds a pipe and nothing else; databases that we did not make are never named to
// it.
#pragma once
#include <sys/types.h>

#include <string>

#include "base/result.h"
#include "postgres/server_scratch.h"

namespace pga::postgres {

class RemoteServer {
 public:
  static Result<RemoteServer> connect(const std::string& url);
  ~RemoteServer();  // what was made is dropped when this returns
  RemoteServer(RemoteServer&& other) noexcept;
  RemoteServer& operator=(RemoteServer&&) = delete;

  std::string url(const std::string& database) const;    // "": the database of the given URL
  const std::string& prefix() const { return prefix_; }  // pgarchitect_tmp_<pid>_
  int major() const { return major_; }
  const std::string& version() const { return version_; }
  const std::string& user() const { return user_; }
  void will_create(const std::string& database) { tell('+', database); }
  void was_dropped(const std::string& database) { tell('-', database); }

 private:
  RemoteServer() = default;
  Status start_janitor();
  void tell(char what, const std::string& database);
  std::string url_;
  std::string prefix_;
  std::string version_;
  std::string user_;
  int major_ = 0;
  pid_t owner_ = 0;
  pid_t janitor_ = 0;
  File pipe_;
};

}  // namespace pga::postgres
