// One plain sentence that says what a statement means, so that a wrong reading is seen.
#pragma once
#include "request/statement.h"

namespace pga::request {

std::string paraphrase(const Statement& statement);

}  // namespace pga::request
