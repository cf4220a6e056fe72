#include <cstdlib>

#include "cli/app/app.h"
#include "cli/command.h"
#include "cli/errors.h"

namespace pga::cli {
namespace {

Result<int> run(Context& context, const Arguments& arguments) {
  std::string db = arguments.text("db");
  if (const char* given = std::getenv("PGARCHITECT_DB"); db.empty() && given != nullptr) db = given;
  return app::stats(context, {.db = db, .output = arguments.text("output")});
}

}  // namespace

const Command& stats_command() {
  static const Command command = {
      .name = "stats",
      .summary = "Export what the planner knows of a database, without its rows",
      .description =
          "Reads structure, sizes, column statistics, extended statistics and planner settings in one read-only transaction, "
          "and writes them as one JSON file. From that file 'pgarchitect index --stats' plans queries as the database itself "
          "would. Installs nothing. A role that is no superuser needs SELECT on the tables; what it could not see is listed.",
      .positionals = {},
      .options = {{"--db", Takes::one, "URL", "The database to read (else PGARCHITECT_DB)."},
                  {"--output", Takes::one, "FILE", "Write to this file; without it, print.", "", "-o"}},
      .examples = {{"pgarchitect stats --db postgres://localhost/shop -o stats.json",
                    "The statistics of a live database. The file holds values of the tables: treat it as personal data."}},
      .exits = {exit_source, exit_connection},
      .run = run};
  return command;
}

}  // namespace pga::cli
