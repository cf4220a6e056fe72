#include "cli/app/app.h"
#include "cli/command.h"
#include "cli/errors.h"

namespace pga::cli {
namespace {

Result<int> run(Context& context, const Arguments& arguments) {
  return app::prove(context, {.from = arguments.text("FROM"),
                              .to = arguments.text("TO"),
                              .offline = arguments.has("offline"),
                              .renames = arguments.list("rename"),
                              .allow = arguments.list("allow"),
                              .workload = arguments.text("workload"),
                              .without_extensions = arguments.list("without-extension")});
}

}  // namespace

const Command& prove_command() {
  static const Command command = {
      .name = "prove",
      .summary = "Run a migration both ways on a private server and judge it",
      .description =
          "With FROM and TO: plans, then proves the plan. With a folder of migrations alone: proves every migration "
          "in it, whoever "
          "wrote it. 'up' must reach the target exactly, 'down' must return to the origin exactly, rows must be "
          "there "
          "after both; locks, rewrites and scans are observed, not looked up.",
      .positionals = {{"FROM", "The schema as it is, or a folder of migrations."}, {"TO", "The schema as it should be.", false}},
      .options = {{"--offline", Takes::flag, "", "Prove the short form."},
                  {"--rename", Takes::many, "OLD=NEW", "A rename, for example users.name=full_name."},
                  {"--allow", Takes::many, "HAZARDS",
                   "Permit hazards by name, separated by commas, or 'all' (pgarchitect hazards)."},
                  {"--workload", Takes::one, "FILE", "A file of queries that must still plan before, between and after."},
                  without_extension_option()},
      .examples = {{"pgarchitect prove migrations/", "Every migration of a folder."},
                   {"pgarchitect prove old.sql new.sql --workload queries.sql",
                    "The plan between two schemas, with the queries of the application."}},
      .exits = {exit_source, exit_proof, exit_connection},
      .run = run};
  return command;
}

}  // namespace pga::cli
