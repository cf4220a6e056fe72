#include "base/json.h"
#include "cli/command.h"
#include "cli/errors.h"
#include "cli/reference.h"

namespace pga::cli {
namespace {

Result<int> run(Context& context, const Arguments& /*arguments*/) {
  if (context.options.json) {
    Json json;
    json.object().key("hazards").array();
    for (const auto& info : all_hazards())
      json.object().field("name", plan::to_text(info.hazard)).field("meaning", info.meaning).end();
    json.end().end();
    context.out.print(json.take());
    return exit_ok;
  }
  Table table{{"hazard", "meaning"}, {}, {}};
  for (const auto& info : all_hazards())
    table.rows.push_back({std::string(plan::to_text(info.hazard)), std::string(info.meaning)});
  context.out.table(table);
  return exit_ok;
}

}  // namespace

const Command& hazards_command() {
  static const Command command = {
      .name = "hazards",
      .summary = "List what a migration may do that hurts, by the names that --allow takes",
      .description =
          "Each step of a plan names its hazards. 'plan' stops until each is permitted by name, so that nothing "
          "hurtful is written "
          "unseen.",
      .positionals = {},
      .options = {},
      .examples = {{"pgarchitect hazards", "The list."}},
      .exits = {},
      .run = run};
  return command;
}

}  // namespace pga::cli
