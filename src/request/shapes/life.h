// Retention, for the families that find it.
#pragma once
#include "request/reading.h"

namespace pga::request {

std::string retention_action(const Reading& reading, Range words);  // drop | archive | anonymise | ""
void ask_retention(Reading& reading, const Statement& statement);

}  // namespace pga::request
