// Reads a command line by the metadata of the commands (command.h). The only file that includes CLI11 is parser.cpp:
// it costs seconds to compile. CLI11 only separates words; what is missing, unknown or impossible is said here, with
// the nearest right word.
#pragma once
#include <string>
#include <vector>

#include "cli/command.h"

namespace pga::cli {

struct Invocation {
  enum class What : uint8_t { run, help, version };
  What what = What::run;
  const Command* command = nullptr;  // nullptr with help: the overview
  Arguments arguments;
  GlobalOptions globals;
};

Result<Invocation> parse_command_line(const std::vector<std::string>& words);  // without the program's name
// --json and --color as far as they can be seen, for reporting an error of the command line itself.
GlobalOptions peek_globals(const std::vector<std::string>& words);

}  // namespace pga::cli
