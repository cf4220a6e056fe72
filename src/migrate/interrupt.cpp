#include "migrate/interrupt.h"

namespace pga::migrate {
namespace {

volatile std::sig_atomic_t raised = 0;
constexpr std::array<int, 3> kSignals = {SIGINT, SIGTERM, SIGHUP};

void on_signal(int /*signal*/) {
  raised = 1;
}

}  // namespace

InterruptGuard::InterruptGuard() {
  raised = 0;
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESETHAND;  // the next one does what it always does
  for (size_t i = 0; i < kSignals.size(); ++i) {
    sigaction(kSignals[i], nullptr, &before_[i]);
    if (before_[i].sa_handler != SIG_IGN) sigaction(kSignals[i], &action, nullptr);  // nohup stays
  }
}

InterruptGuard::~InterruptGuard() {
  for (size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &before_[i], nullptr);
}

bool interrupted() {
  return raised != 0;
}

}  // namespace pga::migrate
