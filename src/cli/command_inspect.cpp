#include "cli/app/app.h"
#include "cli/command.h"
#include "cli/errors.h"

namespace pga::cli {
namespace {

Result<int> run(Context& context, const Arguments& arguments) {
  return app::inspect(context, {.source = arguments.text("SOURCE"), .without_extensions = arguments.list("without-extension")});
}

}  // namespace

const Command& inspect_command() {
  static const Command command = {
      .name = "inspect",
      .summary = "Print a schema as canonical DDL",
      .description =
          "Loads SOURCE into a private server, reads it from the system catalogs, and prints DDL that builds it "
          "again: in "
          "dependency order, each table with its own indexes, constraints, triggers, policies and comments below it. "
          "Two sources that mean the same schema print the same text.",
      .positionals = {{"SOURCE", "A file, folder, URL, folder of migrations or git revision (pgarchitect help sources)."}},
      .options = {without_extension_option()},
      .examples = {{"pgarchitect inspect schema.sql", "The schema that a file builds, as PostgreSQL understands it."},
                   {"pgarchitect inspect postgres://localhost/shop > shop.sql",
                    "The schema of a live database, which is only read."},
                   {"pgarchitect inspect git:v1.2:db/schema.sql --json",
                    "A schema at a git tag, every object with its described fields, as JSON."}},
      .exits = {exit_source, exit_connection},
      .run = run};
  return command;
}

}  // namespace pga::cli
