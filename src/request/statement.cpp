#include "request/statement.h"

#include <algorithm>

namespace pga::request {

bool Understood::blocked() const {
  return std::ranges::any_of(not_understood, &NotUnderstood::blocks);
}

}  // namespace pga::request
