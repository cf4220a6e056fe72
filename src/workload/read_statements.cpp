#include "base/quote.h"
#include "base/text.h"
#include "workload/workload.h"

namespace pga::workload {
namespace {

tl::unexpected<Error> none(const std::string& message, const std::string& hint) {
  return fail("no-statements", message, hint);
}

}  // namespace

Result<Workload> read_pg_stat_statements(postgres::Connection& connection, int limit) {
  PGA_TRY(const auto where, connection.query("SELECT n.nspname FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON "
                                             "n.oid = e.extnamespace WHERE e.extname = 'pg_stat_statements'"));
  if (where.size() == 0)
    return none("this database has no pg_stat_statements, so there is no workload to read",
                "give the queries with --workload FILE (.sql or a server log); or have pg_stat_statements in "
                "shared_preload_libraries, CREATE EXTENSION pg_stat_statements, and wait until the application has run");
  const std::string view = ident({where.text(0, 0), "pg_stat_statements"});
  PGA_CHECK(connection.execute("BEGIN READ ONLY; SET LOCAL statement_timeout = 60000"));
  auto rows = connection.query("SELECT queryid::text, query, calls::text, mean_exec_time::text FROM " + view +
                               " WHERE dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()) AND "
                               "query IS NOT NULL ORDER BY total_exec_time DESC, queryid LIMIT " +
                               std::to_string(limit));
  PGA_CHECK(connection.execute("ROLLBACK"));
  if (!rows)
    return none("pg_stat_statements cannot be read: " + rows.error().message,
                "it must be in shared_preload_libraries, and the role a member of pg_read_all_stats");
  Workload out;
  for (int r = 0; r < rows->size(); ++r) {
    Query query;
    query.name = "pg_stat_statements " + std::string(rows->text(r, 0));
    query.text = rows->text(r, 1);
    query.weight = std::strtod(std::string(rows->text(r, 2)).c_str(), nullptr);
    query.mean_ms = std::strtod(std::string(rows->text(r, 3)).c_str(), nullptr);
    if (query.text == "<insufficient privilege>") {
      out.skipped.push_back({query.name, query.text, "the role may not see the text (GRANT pg_read_all_stats)"});
    } else if (has_plan(query.text)) {
      out.queries.push_back(std::move(query));
    } else {
      out.utility += static_cast<long long>(query.weight);
    }
  }
  if (out.queries.empty())
    return none("pg_stat_statements holds no query of this database that the role can see",
                "let the application run, connect as a member of pg_read_all_stats, or give --workload FILE");
  return out;
}

}  // namespace pga::workload
