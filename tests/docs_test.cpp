// The examples in docs/commands are run: in a ```console block, "$ command" runs from the project's root and what
// follows is its output (standard output, then standard error); a line "..." stands for any number of lines. Other
// blocks are not run.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>

#include "base/text.h"
#include "cli/command.h"
#include "support.h"

namespace pga {
namespace {
namespace fs = std::filesystem;

struct ConsoleExample {
  std::string page;
  std::string command;
  std::vector<std::string> output;
};

std::vector<ConsoleExample> examples_of(const fs::path& page) {
  std::vector<ConsoleExample> found;
  bool inside = false;
  for (const auto& line : split(testing::read_file(page), '\n')) {
    if (line.starts_with("```")) {
      inside = line == "```console";
    } else if (inside && line.starts_with("$ ")) {
      found.push_back({page.filename(), line.substr(2), {}});
    } else if (inside && !found.empty()) {
      found.back().output.push_back(line);
    }
  }
  return found;
}

std::vector<std::string> run_command(const std::string& command, const std::string& database) {
  const std::string folder = fs::path(PGA_BINARY).parent_path();
  const std::string shell = "cd '" PGA_SOURCE_DIR "' && export NO_COLOR=1 PGARCHITECT_DB=\"" + database + "\" PATH='" + folder +
                            "':\"$PATH\" && " + command + " 2>&1";
  std::string text;
  FILE* pipe = popen(shell.c_str(), "r");
  if (pipe == nullptr) return {"cannot run " + command};
  std::array<char, 4096> buffer{};
  while (const size_t n = fread(buffer.data(), 1, buffer.size(), pipe)) text.append(buffer.data(), n);
  pclose(pipe);
  if (text.ends_with("\n")) text.pop_back();
  return split(text, '\n');
}

// "..." matches any number of lines.
bool matches(const std::vector<std::string>& want, size_t i, const std::vector<std::string>& have, size_t j) {
  if (i == want.size()) return j == have.size();
  if (want[i] != "...") return j < have.size() && want[i] == have[j] && matches(want, i + 1, have, j + 1);
  for (size_t next = j; next <= have.size(); ++next) {
    if (matches(want, i + 1, have, next)) return true;
  }
  return false;
}

TEST(Docs, EveryCommandHasAPage) {
  for (const cli::Command* command : cli::all_commands()) {
    EXPECT_TRUE(fs::exists(fs::path(PGA_SOURCE_DIR) / "docs/commands" / (command->name + ".md"))) << command->name;
  }
}

TEST(Docs, TheExamplesPrintWhatThePagesSay) {
  size_t run = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(PGA_SOURCE_DIR) / "docs/commands")) {
    // The database of the examples of `migrate`: an empty one for each page.
    auto* server = testing::server();
    const auto name = server == nullptr ? Result<std::string>("") : server->create_database();
    const std::string database = server == nullptr || !name ? "" : server->url(*name);
    for (const auto& example : examples_of(entry.path())) {
      if (server == nullptr && example.command.find(" migrate ") != std::string::npos) continue;
      const auto have = run_command(example.command, database);
      EXPECT_TRUE(matches(example.output, 0, have, 0)) << example.page << ": $ " << example.command << "\n" << join(have, "\n");
      ++run;
    }
  }
  EXPECT_GE(run, 5U);
}

}  // namespace
}  // namespace pga
