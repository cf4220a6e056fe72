#include <cstdlib>

#include "cli/app/app.h"
#include "cli/command.h"
#include "cli/errors.h"

namespace pga::cli {
namespace {

std::string database_of(const Arguments& arguments) {
  if (arguments.has("db")) return arguments.text("db");
  const char* given = std::getenv("PGARCHITECT_DB");
  return given == nullptr ? "" : given;
}

Result<int> run(Context& context, const Arguments& arguments) {
  const std::string db = database_of(arguments);
  if (db.empty()) return fail("usage", "pgarchitect migrate needs a database", "give --db URL, or set PGARCHITECT_DB");
  if (!arguments.has("dir")) return fail("usage", "pgarchitect migrate needs the folder of migrations", "give --dir DIR");
  return app::migrate(context, {.action = arguments.text("ACTION"),
                                .target = arguments.text("TARGET"),
                                .db = db,
                                .dir = arguments.text("dir"),
                                .format = arguments.text("format"),
                                .allow = arguments.list("allow"),
                                .dry_run = arguments.has("dry-run"),
                                .proof = !arguments.has("no-proof"),
                                .lock_timeout = arguments.text("lock-timeout"),
                                .statement_timeout = arguments.text("statement-timeout"),
                                .wait = arguments.text("wait"),
                                .lock_tries = arguments.text("lock-tries")});
}

std::vector<Option> options() {
  return {{"--db", Takes::one, "URL", "The database to migrate (else PGARCHITECT_DB)."},
          {"--dir", Takes::one, "DIR", "The folder of migrations."},
          {"--format", Takes::one, "FORMAT", "The format of the folder, when it cannot be told from the files."},
          {"--allow", Takes::many, "NAMES",
           "Permit by name, separated by commas: hazards (pgarchitect hazards) or all; drift, out-of-order, missing-file."},
          {"--dry-run", Takes::flag, "", "Say what would run; change nothing."},
          {"--no-proof", Takes::flag, "", "verify: do not run what is pending on a twin of the live schema."},
          {"--lock-timeout", Takes::one, "TIME",
           "How long strong locks are waited for before trying again, for example 500ms (default: 200ms, growing to 2s)."},
          {"--lock-tries", Takes::one, "N", "How often that is tried (default: 30)."},
          {"--statement-timeout", Takes::one, "TIME", "How long one statement may run (default: no limit)."},
          {"--wait", Takes::one, "TIME", "How long another runner is waited for (default: 5min)."}};
}

}  // namespace

const Command& migrate_command() {
  static const Command command = {
      .name = "migrate",
      .summary = "Run migrations on a database, take them back, say where it stands",
      .description =
          "The only command that writes to a database of yours.\n\n"
          "  up [N]         run the next N migrations (default: all that are pending)\n"
          "  down [N]       take back the last N (default: 1)\n"
          "  to VERSION     run or take back until the database stands at VERSION (0: all taken back)\n"
          "  redo           take back the last one and run it again\n"
          "  status         which migrations ran, when, and what is pending\n"
          "  verify         is the database what its migrations make? Proves what is pending on a twin of the live schema\n"
          "  baseline VERSION   mark everything up to VERSION as done, without running it\n"
          "  repair [REMEDY]    what can be mended, and how; with a REMEDY: do it\n\n"
          "A run that was interrupted, whatever way, goes on where it stopped when the same command is given again.",
      .positionals = {{"ACTION", "What to do.", true, "up|down|to|redo|status|verify|baseline|repair"},
                      {"TARGET", "A version (to, baseline), a number of migrations (up, down) or a remedy (repair).", false}},
      .options = options(),
      .examples = {{"pgarchitect migrate up --db postgres://localhost/shop --dir migrations", "Run what is pending."},
                   {"pgarchitect migrate status --db postgres://localhost/shop --dir migrations", "Where the database stands."},
                   {"pgarchitect migrate down --db postgres://localhost/shop --dir migrations", "Take the last migration back."}},
      .exits = {exit_difference, exit_source, exit_proof, exit_hazard, exit_connection, exit_conflict},
      .run = run};
  return command;
}

}  // namespace pga::cli
