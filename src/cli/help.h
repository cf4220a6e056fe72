// Help for people: the overview, one command, and topics that belong to no single command. All from metadata.
#pragma once
#include <span>
#include <string_view>

#include "cli/command.h"

namespace pga::cli {

struct Topic {
  std::string_view name;
  std::string_view summary;
  std::string_view text;  // paragraphs; lines that begin with two spaces are kept as they are
};

std::span<const Topic> all_topics();
void print_overview(Terminal& out);
void print_command_help(Terminal& out, const Command& command);
std::string usage_line(const Command& command);  // "pgarchitect diff FROM TO [options]"
std::string option_label(const Option& option);  // "-o, --output DIR"

}  // namespace pga::cli
