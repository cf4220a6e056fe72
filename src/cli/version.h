// What --version prints: this program, its git revision if known, the grammar of libpg_query, the libpq that is
// loaded.
#pragma once
#include "cli/context.h"

namespace pga::cli {
void print_version(Context& context);
}  // namespace pga::cli
