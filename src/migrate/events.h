// What a runner tells while it works. The door decides what of it is shown, and how.
#pragma once
#include <functional>
#include <string>

#include "migrate/history.h"

namespace pga::migrate {

struct Event {
  enum class What : uint8_t {
    note,      // `text` should be read by somebody
    waiting,   // another runner has the lock: `text` says who
    begins,    // a migration; `resumed`: it was begun before
    step,      // the next statement: `text` names its object
    progress,  // of the running statement, in words
    retry,     // a strong lock was not had in time: `text` says who has it
    done,      // a migration, in `ms`
  };
  What what{};
  std::string text;
  std::string version, name;
  Direction direction{};
  int section = 0, sections = 0, step = 0, steps = 0;  // from 1
  bool resumed = false;
  long long ms = 0;
};

using Listener = std::function<void(const Event&)>;

}  // namespace pga::migrate
