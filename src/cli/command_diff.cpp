#include "cli/app/app.h"
#include "cli/command.h"
#include "cli/errors.h"

namespace pga::cli {
namespace {

Result<int> run(Context& context, const Arguments& arguments) {
  return app::diff(context, {.from = arguments.text("FROM"),
                             .to = arguments.text("TO"),
                             .renames = arguments.list("rename"),
                             .without_extensions = arguments.list("without-extension")});
}

}  // namespace

const Command& diff_command() {
  static const Command command = {
      .name = "diff",
      .summary = "Show what differs between two schemas",
      .description =
          "Reads both schemas from the system catalogs of a private server and lists every object that was created, "
          "dropped or "
          "changed, with the fields that changed. Nothing is left out because it cannot be altered.",
      .positionals = {{"FROM", "The schema as it is (pgarchitect help sources)."}, {"TO", "The schema as it should be."}},
      .options = {{"--rename", Takes::many, "OLD=NEW", "A rename, for example users.name=full_name."},
                  without_extension_option()},
      .examples = {{"pgarchitect diff git:main:schema.sql schema.sql", "What your working copy changes."},
                   {"pgarchitect diff postgres://prod/shop migrations/",
                    "Drift: what the database has that the migrations do not make."}},
      .exits = {exit_difference, exit_source, exit_connection},
      .run = run};
  return command;
}

}  // namespace pga::cli
