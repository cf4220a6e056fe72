// Exit codes and error codes: one visible list each (exit_codes.def, error_codes.def), and how an error is shown.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "cli/context.h"

namespace pga::cli {

enum Exit : int {
#define PGA_EXIT(number, name, meaning) exit_##name = number,
#include "cli/exit_codes.def"
#undef PGA_EXIT
};

struct ExitCode {
  int number;
  std::string_view name;
  std::string_view meaning;
};
struct ErrorCode {
  std::string_view code;
  int exit;
  std::string_view meaning;
};

std::span<const ExitCode> all_exit_codes();
std::span<const ErrorCode> all_error_codes();
std::string_view exit_meaning(int number);
int exit_code_of(const Error& error);  // 3 for a code that is not in the list

// {"error": {"code", "message", "place", "hint", "detail", "sqlstate", "exit"}}
std::string to_json(const Error& error);
// On err for people, on out as JSON with --json. Returns the exit code.
int report(Context& context, const Error& error);

}  // namespace pga::cli
