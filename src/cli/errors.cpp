#include "cli/errors.h"

#include <array>

#include "base/json.h"

namespace pga::cli {
namespace {

constexpr ExitCode kExitCodes[] = {
#define PGA_EXIT(number, name, meaning) {number, #name, meaning},
#include "cli/exit_codes.def"
#undef PGA_EXIT
};

constexpr ErrorCode kErrorCodes[] = {
#define PGA_ERROR(code, exit, meaning) {code, exit_##exit, meaning},
#include "cli/error_codes.def"
#undef PGA_ERROR
};

}  // namespace

std::span<const ExitCode> all_exit_codes() {
  return kExitCodes;
}
std::span<const ErrorCode> all_error_codes() {
  return kErrorCodes;
}

std::string_view exit_meaning(int number) {
  for (const ExitCode& code : kExitCodes) {
    if (code.number == number) return code.meaning;
  }
  return "";
}

int exit_code_of(const Error& error) {
  for (const ErrorCode& known : kErrorCodes) {
    if (known.code == error.code) return known.exit;
  }
  return exit_source;
}

std::string to_json(const Error& error) {
  Json json;
  json.object().key("error").object().field("code", error.code).field("message", error.message).key("place");
  if (error.place.file.empty())
    json.null();
  else
    json.object().field("file", error.place.file).field("line", error.place.line).field("column", error.place.column).end();
  json.field("hint", error.hint).field("detail", error.detail).field("sqlstate", error.sqlstate);
  json.field("exit", exit_code_of(error)).end().end();
  return json.take();
}

int report(Context& context, const Error& error) {
  if (context.options.json) {
    context.out.print(to_json(error));
    return exit_code_of(error);
  }
  std::string text = to_text(error);
  // Only the words "error" and "hint" are coloured, so that messages can be copied.
  const std::string word = "error [" + error.code + "]";
  if (const size_t at = text.find(word); at != std::string::npos)
    text.replace(at, word.size(), context.err.paint(Style::red, word));
  if (const size_t at = text.rfind("\n  hint:"); at != std::string::npos)
    text.replace(at + 3, 5, context.err.paint(Style::cyan, "hint:"));
  context.err.line(text);
  return exit_code_of(error);
}

}  // namespace pga::cli
