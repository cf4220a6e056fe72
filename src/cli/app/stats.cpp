#include <fstream>

#include "base/quote.h"
#include "base/text.h"
#include "cli/app/app.h"
#include "cli/app/session.h"
#include "cli/app/statistics.h"
#include "cli/errors.h"
#include "migrate/format.h"
#include "plan/planner.h"
#include "postgres/catalog.h"
#include "postgres/twin/read_statistics.h"
#include "postgres/twin/statistics_json.h"

namespace pga::app {

Result<postgres::twin::Statistics> statistics_of(const std::string& conninfo, schema::Database* model) {
  PGA_TRY(const auto source, source::parse_source(conninfo));
  if (source.type != source::SourceType::live)
    return fail("usage", "--db takes the address of a database", "for example --db postgres://localhost/shop");
  PGA_TRY(auto connection, postgres::Connection::open(source.location));
  PGA_TRY(auto structure, postgres::read_catalog(connection));
  PGA_TRY(auto out, postgres::twin::read_statistics(connection));
  PGA_TRY(const auto blocks, plan::describe_schema(empty_database(structure.version), structure));
  for (const auto& block : blocks) out.statements.insert(out.statements.end(), block.statements.begin(), block.statements.end());
  out.roles = structure.roles;
  if (model != nullptr) *model = std::move(structure);
  return out;
}

Result<postgres::twin::Statistics> statistics_of_file(const std::string& path) {
  PGA_TRY(const auto text, migrate::read_text(path));
  return postgres::twin::statistics_from_json(text);
}

Status build_structure(const postgres::twin::Statistics& statistics, postgres::Connection& connection) {
  for (const auto& role : statistics.roles) {
    PGA_TRY(const auto found, connection.query("SELECT FROM pg_catalog.pg_roles WHERE rolname = $1", {role}));
    if (found.size() == 0) PGA_CHECK(connection.execute("CREATE ROLE " + ident(role)));
  }
  PGA_CHECK(connection.execute("SET check_function_bodies = off; SET client_min_messages = error"));
  if (connection.execute("BEGIN;\n" + join(statistics.statements, ";\n") + ";\nCOMMIT")) return {};
  (void)connection.execute("ROLLBACK");
  for (const auto& statement : statistics.statements) PGA_CHECK(connection.execute(statement));
  return {};
}

Result<int> stats(cli::Context& context, const StatsOptions& options) {
  if (options.db.empty()) return fail("usage", "stats needs a database", "give --db URL, or set PGARCHITECT_DB");
  PGA_TRY(const auto statistics, statistics_of(options.db));
  const std::string json = postgres::twin::to_json(statistics);
  if (options.output.empty() || context.options.json) {
    context.out.print(json);
  } else {
    std::ofstream file(options.output, std::ios::binary | std::ios::trunc);
    file << json;
    if (!file.flush()) return fail("cannot-write", "the file " + options.output + " cannot be written");
    context.out.line("wrote " + options.output + ": " + std::to_string(statistics.relations.size()) + " tables and indexes, " +
                     std::to_string(statistics.columns.size()) + " columns with statistics");
  }
  std::vector<std::string> notes;
  for (const auto& unseen : statistics.unseen) notes.push_back("this role could not see " + unseen);
  notes.emplace_back("the file holds values from the tables (common values, ends of histograms): treat it as personal data");
  if (!context.options.json) context.notes(notes);
  return static_cast<int>(cli::exit_ok);
}

}  // namespace pga::app
