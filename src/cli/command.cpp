#include "cli/command.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace pga::cli {

#define PGA_COMMAND(name) const Command& name##_command();
#include "cli/registry.def"
#undef PGA_COMMAND

std::span<const Command* const> all_commands() {
  static const std::vector<const Command*> commands = {
#define PGA_COMMAND(name) &name##_command(),
#include "cli/registry.def"
#undef PGA_COMMAND
  };
  return commands;
}

const Command* find_command(std::string_view name) {
  for (const Command* command : all_commands()) {
    if (command->name == name) return command;
  }
  return nullptr;
}

std::span<const Option> global_options() {
  static const std::vector<Option> options = {
      {"--json", Takes::flag, "", "Print results and errors as JSON on standard output."},
      {"--color", Takes::one, "WHEN", "Use colours; auto means on a terminal, unless NO_COLOR is set.", "auto|always|never"},
      {"--no-input", Takes::flag, "", "Never ask a question; what is not answered by an option is refused."},
      {"--pg-bin", Takes::one, "DIR",
       "The folder with initdb and postgres for private servers (else PGARCHITECT_PG_BIN, pg_config, the usual "
       "folders)."},
      {"--server", Takes::one, "URL",
       "Work on this server instead of a private one; pgarchitect creates and drops its own databases there and "
       "nothing else."},
      {"--version", Takes::flag, "", "Print the versions of pgarchitect, of the SQL grammar and of libpq."},
      {"--help", Takes::flag, "", "Print help for pgarchitect or for one command.", "", "-h"},
  };
  return options;
}

Option without_extension_option() {
  return {"--without-extension", Takes::many, "NAME",
          "Leave out this extension and what needs it; everything that was left out is listed."};
}

std::string Arguments::text(std::string_view name) const {
  const auto it = values_.find(name);
  return it == values_.end() ? "" : it->second.back();
}

std::vector<std::string> Arguments::list(std::string_view name) const {
  const auto it = values_.find(name);
  return it == values_.end() ? std::vector<std::string>{} : it->second;
}

namespace {

// Edit distance with swaps of neighbours (optimal string alignment).
size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<size_t>> d(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    for (size_t j = 1; j <= b.size(); ++j) {
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

}  // namespace

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  std::string best;
  size_t best_distance = std::max<size_t>(1, word.size() / 3) + 1;
  const std::string lower = to_lower(word);
  for (const auto& candidate : candidates) {
    const bool prefix = lower.size() >= 3 && candidate.starts_with(lower);
    const size_t d = prefix ? 1 : distance(lower, candidate);
    if (d < best_distance) {
      best = candidate;
      best_distance = d;
    }
  }
  return best;
}

}  // namespace pga::cli
