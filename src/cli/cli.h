// The command line as one call, for main() and for tests.
#pragma once
#include <string>
#include <vector>

#include "cli/context.h"

namespace pga::cli {
// Parses, runs one command, reports its error if there is one; returns the exit code. `words` without the program's
// name.
int run(const std::vector<std::string>& words);
// The same with given terminals.
int run(const std::vector<std::string>& words, Terminal& out, Terminal& err);
}  // namespace pga::cli
