// Ctrl-C (also SIGTERM and SIGHUP) while migrations run: the first only raises a flag, which Session sees, so that the running
// statement is cancelled, rolled back and the lock given back. The second one ends the process at once: the server then rolls
// back.
#pragma once
#include <array>
#include <csignal>

namespace pga::migrate {

class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

 private:
  std::array<struct sigaction, 3> before_{};
};

bool interrupted();

}  // namespace pga::migrate
