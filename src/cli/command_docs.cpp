#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text.h"
#include "cli/command.h"
#include "cli/errors.h"
#include "cli/reference.h"

namespace pga::cli {
namespace {
namespace fs = std::filesystem;

std::string read_whole(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

Status write_pages(const fs::path& folder, const std::vector<Page>& pages) {
  std::error_code problem;
  fs::create_directories(folder, problem);
  for (const Page& page : pages) {
    std::ofstream out(folder / page.name, std::ios::binary | std::ios::trunc);
    out << page.text;
    out.close();
    if (!out) return fail("cannot-write", "cannot write " + (folder / page.name).string(), "is the folder there and writable?");
  }
  return {};
}

Result<int> run(Context& context, const Arguments& arguments) {
  const fs::path folder = arguments.has("dir") ? arguments.text("dir") : "docs/reference";
  const auto pages = reference_pages();
  if (arguments.has("write")) {
    PGA_CHECK(write_pages(folder, pages));
    for (const Page& page : pages) context.out.line((folder / page.name).string());
    return exit_ok;
  }
  std::vector<std::string> stale;
  for (const Page& page : pages) {
    if (read_whole(folder / page.name) != page.text) stale.push_back((folder / page.name).string());
  }
  if (!stale.empty()) return fail("docs-out-of-date", "out of date: " + join(stale, ", "), "run pgarchitect docs --write");
  context.out.line("the pages of " + folder.string() + " are up to date");
  return exit_ok;
}

}  // namespace

const Command& docs_command() {
  static const Command command = {
      .name = "docs",
      .summary = "Write or check the reference pages of this project",
      .description =
          "The pages of docs/reference (commands, kinds, patterns, hazards, exit codes, error codes) are made from the same "
          "metadata as the program. "
          "Without --write, says whether they are up to date.",
      .positionals = {},
      .options = {{"--write", Takes::flag, "", "Write the pages."},
                  {"--dir", Takes::one, "DIR", "The folder; default docs/reference."}},
      .examples = {{"pgarchitect docs --write", "After a change of metadata."},
                   {"pgarchitect docs", "In CI: exit code 1 when a page is out of date."}},
      .exits = {exit_difference, exit_source},
      .run = run};
  return command;
}

}  // namespace pga::cli
