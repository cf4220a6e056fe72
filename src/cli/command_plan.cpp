#include "cli/app/app.h"
#include "cli/command.h"
#include "cli/errors.h"

namespace pga::cli {
namespace {

Result<int> run(Context& context, const Arguments& arguments) {
  return app::plan(context, {.from = arguments.text("FROM"),
                             .to = arguments.text("TO"),
                             .name = arguments.text("name"),
                             .output = arguments.text("output"),
                             .format = arguments.text("format"),
                             .offline = arguments.has("offline"),
                             .split_phases = arguments.has("split-phases"),
                             .renames = arguments.list("rename"),
                             .allow = arguments.list("allow"),
                             .discard = arguments.has("discard"),
                             .proof = !arguments.has("no-proof"),
                             .workload = arguments.text("workload"),
                             .force = arguments.has("force"),
                             .without_extensions = arguments.list("without-extension")});
}

std::vector<Option> options() {
  return {{"--name", Takes::one, "NAME", "The name of the migration, for its file."},
          {"--output", Takes::one, "DIR", "Write the migration and its proof into this folder; without it, print.", "", "-o"},
          {"--format", Takes::one, "FORMAT", "The file format (pgarchitect formats); default: that of the folder."},
          {"--offline", Takes::flag, "", "The short form: fewer, stronger statements, for a stopped application."},
          {"--split-phases", Takes::flag, "", "Write expand, migrate data and contract as separate migrations."},
          {"--rename", Takes::many, "OLD=NEW", "A rename, for example users.name=full_name."},
          {"--allow", Takes::many, "HAZARDS", "Permit hazards by name, separated by commas, or 'all' (pgarchitect hazards)."},
          {"--discard", Takes::flag, "", "Do not keep dropped columns and tables for 'down'; what they held is lost."},
          {"--no-proof", Takes::flag, "", "Do not run the migration on a private server; the files say that it was not proven."},
          {"--workload", Takes::one, "FILE", "A file of queries that must still plan before, between and after."},
          {"--force", Takes::flag, "", "Write although the proof failed, and overwrite migration files that are there."},
          without_extension_option()};
}

}  // namespace

const Command& plan_command() {
  static const Command command = {
      .name = "plan",
      .summary = "Write the migration from one schema to another, with its proof",
      .description =
          "Finds the steps that lead from FROM to TO and back, online by default: indexes are built concurrently, "
          "constraints "
          "validated apart, rewrites replaced by batched backfills, strong locks kept short. Then runs both "
          "directions on a "
          "private server and judges the result. A hazard (a drop, a long lock, a backfill …) must be permitted with "
          "--allow, or answered on a terminal.",
      .positionals = {{"FROM", "The schema as it is (pgarchitect help sources)."}, {"TO", "The schema as it should be."}},
      .options = options(),
      .examples = {{"pgarchitect plan old.sql new.sql", "Print the migration and its proof."},
                   {"pgarchitect plan migrations/ schema.sql --name add_invoices -o migrations",
                    "The next migration: from what the migrations build to what schema.sql says."},
                   {"pgarchitect plan postgres://localhost/shop schema.sql --rename users.name=full_name --allow data-loss",
                    "From a live database, with one rename answered and one hazard permitted."}},
      .exits = {exit_source, exit_proof, exit_hazard, exit_connection},
      .run = run};
  return command;
}

}  // namespace pga::cli
