// Undoes a migration that was interrupted half-way: its down is run in one transaction, leaving out what says that something does
// not exist, and the result is kept only when the schema is exactly what it was before the migration was begun.
// Errors: roll-back-incomplete, no-down, and the server's own.
#pragma once
#include "migrate/runner.h"

namespace pga::migrate {

Status roll_back(Runner& runner, const Entry& entry, const Recorded& recorded);

}  // namespace pga::migrate
