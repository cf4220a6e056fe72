#include "base/json.h"
#include "cli/command.h"
#include "cli/errors.h"
#include "migrate/format.h"

namespace pga::cli {
namespace {

Result<int> run(Context& context, const Arguments& /*arguments*/) {
  if (context.options.json) {
    Json json;
    json.object().key("formats").array();
    for (const auto* format : migrate::formats())
      json.object().field("format", format->slug()).field("files", format->describe()).end();
    json.end().end();
    context.out.print(json.take());
    return exit_ok;
  }
  Table table{{"format", "files"}, {}, {}};
  for (const auto* format : migrate::formats())
    table.rows.push_back({std::string(format->slug()), std::string(format->describe())});
  context.out.table(table);
  return exit_ok;
}

}  // namespace

const Command& formats_command() {
  static const Command command = {
      .name = "formats",
      .summary = "List the formats of migration files",
      .description =
          "The formats in which 'plan' writes and 'migrate' reads migrations, with the names of their files. What each tool "
          "needs is on the page docs/formats.md.",
      .positionals = {},
      .options = {},
      .examples = {{"pgarchitect formats", "The list, with the file names of each format."}},
      .exits = {},
      .run = run};
  return command;
}

}  // namespace pga::cli
