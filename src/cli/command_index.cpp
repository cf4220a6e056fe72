#include <cstdlib>

#include "cli/app/app.h"
#include "cli/command.h"
#include "cli/errors.h"

namespace pga::cli {
namespace {

Result<int> run(Context& context, const Arguments& arguments) {
  std::string db = arguments.text("db");
  const char* given = std::getenv("PGARCHITECT_DB");
  if (db.empty() && !arguments.has("stats") && given != nullptr) db = given;
  return app::index(context, {.db = db,
                              .stats = arguments.text("stats"),
                              .workload = arguments.text("workload"),
                              .query = arguments.text("query"),
                              .budget = arguments.text("budget"),
                              .most = arguments.text("max-indexes"),
                              .plain_only = arguments.has("btree-only"),
                              .drop = arguments.has("drop"),
                              .name = arguments.has("name") ? arguments.text("name") : "advised_indexes",
                              .output = arguments.text("output"),
                              .format = arguments.text("format"),
                              .proof = !arguments.has("no-proof"),
                              .force = arguments.has("force"),
                              .verbose = arguments.has("verbose"),
                              .verify = arguments.text("verify")});
}

}  // namespace

const Command& index_command() {
  static const Command command = {
      .name = "index",
      .summary = "Advise indexes for a workload, from the planner's own costs",
      .description =
          "Builds a private server that plans exactly as the database does (its structure, statistics and sizes, none of its "
          "rows), creates candidate indexes there, and takes those that lower the cost of the workload most within the budget. "
          "For each: the queries that it serves with their plans before and after, size, build time, cost of writing, and why "
          "it is of this kind with its columns in this order. Also which indexes can go, and which queries no index helps. "
          "With --output the migration is written, built concurrently and proven both ways. The database is only read.",
      .positionals = {},
      .options =
          {{"--db", Takes::one, "URL", "The database (else PGARCHITECT_DB)."},
           {"--stats", Takes::one, "FILE", "Statistics that 'pgarchitect stats' wrote, instead of a database."},
           {"--workload", Takes::one, "FILE",
            "Queries: a .sql file ('-- pgarchitect: weight 10' before a statement) or a server log; without it, "
            "pg_stat_statements of the database."},
           {"--query", Takes::one, "SQL", "This query only."},
           {"--budget", Takes::one, "SIZE", "All advised indexes together may take so much disk: 500MB, 2GB."},
           {"--max-indexes", Takes::one, "N", "At most so many indexes."},
           {"--btree-only", Takes::flag, "",
            "Only b-trees on columns: no partial, covering, expression, GIN, GiST or BRIN index."},
           {"--drop", Takes::flag, "", "The migration also drops the indexes that can go."},
           {"--output", Takes::one, "DIR", "Write the migration and its proof into this folder.", "", "-o"},
           {"--name", Takes::one, "NAME", "The name of the migration; default: advised_indexes."},
           {"--format", Takes::one, "FORMAT", "The file format (pgarchitect formats); default: that of the folder."},
           {"--no-proof", Takes::flag, "", "Do not run the migration on a private server."},
           {"--force", Takes::flag, "", "Write although the proof failed, and overwrite migration files that are there."},
           {"--verify", Takes::one, "URL",
            "Build the indexes and run the queries on this database, a scratch copy, in a transaction that is rolled back."},
           {"--verbose", Takes::flag, "", "Show the plans of every query, not only of the first five."}},
      .examples = {{"pgarchitect index --db postgres://localhost/shop", "Advice for what pg_stat_statements has seen."},
                   {"pgarchitect index --db postgres://localhost/shop --workload queries.sql --budget 500MB -o migrations",
                    "Advice for these queries within a budget, and the migration."},
                   {"pgarchitect index --stats stats.json --workload postgresql.log",
                    "Advice for the queries of a server log, without a connection to the database."}},
      .exits = {exit_source, exit_proof, exit_connection},
      .run = run};
  return command;
}

}  // namespace pga::cli
