// The cage of a private server (reliability.md 16 to 18): what its processes may ask of the kernel, whatever SQL makes them
// ask. Scripts run as a superuser, because so many kinds of object need one; what they can reach is limited from outside,
// so nothing depends on knowing every dangerous function. Internal to this room.
//
//   seccomp    no program is ever executed, no socket but a listening one, no connection made, no ptrace, mounts, namespaces,
//              io_uring, bpf, keys, modules; inherited by every process and never lifted
//   Landlock   files: writes below the server's own folder only; reads there, in the programs' folders and in a few system
//              files; no signal to a process outside (Linux 6.12), nothing at all of /home, /root, /etc/passwd, /tmp
//   limits     memory and processor time a process, size of a file, open files; first to be killed when memory is short
//
// Everything is prepared before fork(); enter() then only makes system calls. A kernel without Landlock (before 5.13) leaves
// the files that the unprivileged user may read: description() says so.
#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/server.h"
#include "postgres/server_scratch.h"

struct sock_filter;

namespace pga::postgres {

class Confinement {
 public:
  // `program` is the one path (this very pointer) that execve() is still allowed for: that of the server itself.
  static Result<Confinement> prepare(const std::string& folder, const Programs& programs, const Limits& limits,
                                     const char* program);
  Confinement(Confinement&&) noexcept;
  ~Confinement();

  // In the child, as the unprivileged user, right before execve(). nullptr, or what failed (errno says why).
  const char* enter() const noexcept;
  // Majors 13 and 14 send statistics to themselves over UDP: possible only in a network namespace of its own.
  // Called first in the child, while it still is root; false: there is none, and the statistics stay off.
  bool wants_own_network() const { return loopback_filter_ != nullptr; }
  void own_network() noexcept;
  const std::vector<std::string>& description() const { return description_; }

 private:
  struct Filter;
  Confinement();
  Limits limits_;
  File rules_;  // a Landlock ruleset
  std::unique_ptr<Filter> filter_;
  std::unique_ptr<Filter> loopback_filter_;
  bool has_own_network_ = false;
  std::vector<std::string> description_;
};

}  // namespace pga::postgres
