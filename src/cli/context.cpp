#include "cli/context.h"

#include <unistd.h>

namespace pga::cli {

bool Context::may_ask() const {
  return !options.no_input && !options.json && isatty(STDIN_FILENO) == 1 && err.is_terminal();
}

postgres::ServerOptions Context::server_options(int major) const {
  return {.major = major, .bin = options.pg_bin, .url = options.server};
}

void Context::notes(const std::vector<std::string>& notes) const {
  out.flush();
  for (const auto& note : notes) err.paragraph(err.paint(Style::dim, "note: ") + note);
}

}  // namespace pga::cli
