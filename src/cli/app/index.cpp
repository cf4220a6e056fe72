#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <fstream>

#include "base/quote.h"
#include "base/text.h"
#include "cli/app/app.h"
#include "cli/app/index_output.h"
#include "cli/app/prepare.h"
#include "cli/app/statistics.h"
#include "cli/errors.h"
#include "migrate/format.h"
#include "workload/workload.h"

namespace pga::app {
namespace {
namespace fs = std::filesystem;

// "500MB", "2 GB", "800kB": as PostgreSQL reads sizes, but powers of ten, as disks are sold.
Result<double> budget_of(const std::string& text) {
  if (text.empty()) return 0.0;
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string unit = to_lower(trim(std::string_view(end, static_cast<size_t>(text.data() + text.size() - end))));
  const double factor = unit == "kb" ? 1e3 : unit == "mb" ? 1e6 : unit == "gb" ? 1e9 : unit == "tb" ? 1e12 : 0;
  if (error != std::errc() || factor == 0 || number <= 0)
    return fail("usage", "--budget is no size: " + comment_safe(text), "write for example 500MB or 2GB");
  return number * factor;
}

Result<size_t> count_of(const std::string& text) {
  size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (!text.empty() && (error != std::errc() || end != text.data() + text.size() || number == 0))
    return fail("usage", "--max-indexes is no number: " + comment_safe(text), "write for example 5");
  return number;
}

Result<workload::Workload> workload_of(const IndexOptions& options) {
  if (!options.query.empty()) return workload::read_sql(options.query, "--query");
  if (!options.workload.empty()) {
    PGA_TRY(const auto text, migrate::read_text(options.workload));
    return workload::read_any(text, options.workload);
  }
  if (options.db.empty())
    return fail("usage", "index --stats needs a workload", "give --workload FILE (.sql or a server log), or --query SQL");
  PGA_TRY(auto connection, postgres::Connection::open(options.db));
  return workload::read_pg_stat_statements(connection);
}

// Files of a schema that are gone with this object.
class SchemaFile {
 public:
  explicit SchemaFile(const std::string& name)
      : path_(fs::temp_directory_path() / ("pgarchitect-" + std::to_string(getpid()) + "-" + name + ".sql")) {}
  ~SchemaFile() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  SchemaFile(const SchemaFile&) = delete;
  SchemaFile& operator=(const SchemaFile&) = delete;
  Status write(const std::vector<std::string>& statements) const {
    std::ofstream file(path_, std::ios::trunc);
    fs::permissions(path_, fs::perms::owner_read | fs::perms::owner_write);
    for (const auto& statement : statements) file << statement << ";\n";
    return file.flush() ? Status() : Status(fail("cannot-write", "the file " + path_ + " cannot be written"));
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// The migration from the structure as it is to the one with the advised indexes, planned and proven as any other.
Status migrate_to(cli::Context& context, const IndexOptions& options, const postgres::twin::Statistics& statistics,
                  IndexResult& result) {
  auto target = statistics.statements;
  if (options.drop) {
    for (const auto& drop : result.advice.drops) target.push_back("DROP INDEX " + ident({drop.schema, drop.name}));
  }
  for (const auto& index : result.advice.indexes) {
    for (auto& statement : advise::statements_of(index, result.advice)) target.push_back(std::move(statement));
  }
  const SchemaFile from("from"), to("to");
  PGA_CHECK(from.write(statistics.statements));
  PGA_CHECK(to.write(target));
  Session session(context);
  PGA_CHECK(session.add(options.db.empty() ? from.path() : options.db));
  PGA_CHECK(session.add(to.path()));
  PrepareOptions wanted;
  wanted.plan.name = options.name;
  wanted.proof = options.proof;
  PGA_TRY(auto prepared, prepare(context, session, wanted));
  result.migration = std::move(prepared.result);
  if (result.migration.made.plan.empty()) return {};
  const bool wrong = result.migration.report && !result.migration.report->proven();
  if (wrong && !options.force)
    return fail("trial-failed", "the migration to the advised indexes could not be proven; nothing was written");
  PlanOptions write;
  write.name = options.name;
  write.output = options.output;
  write.format = options.format;
  write.force = options.force;
  PGA_TRY(result.migration.files, write_files(write, result.migration));
  return {};
}

}  // namespace

Result<int> index(cli::Context& context, const IndexOptions& options) {
  if (options.db.empty() == options.stats.empty())
    return fail("usage", options.db.empty() ? "index needs a database" : "index takes --db or --stats, not both",
                "give --db URL (or set PGARCHITECT_DB), or --stats FILE of 'pgarchitect stats'");
  IndexResult result;
  PGA_TRY(result.budget, budget_of(options.budget));
  advise::AdviceOptions wanted;
  wanted.budget = result.budget;
  PGA_TRY(wanted.most, count_of(options.most));
  wanted.plain_only = options.plain_only;
  Progress progress(context.err);
  progress.show("reading the workload");
  PGA_TRY(const auto workload, workload_of(options));
  result.utility = workload.utility;
  if (workload.queries.empty())
    return fail("no-statements", "the workload holds no query", "SELECT, INSERT, UPDATE, DELETE, MERGE, VALUES and WITH count");
  progress.show("reading statistics");
  postgres::twin::Statistics statistics;
  std::optional<advise::Usage> usage;
  if (options.db.empty()) {
    PGA_TRY(statistics, statistics_of_file(options.stats));
  } else {
    PGA_TRY(statistics, statistics_of(options.db));
    PGA_TRY(auto connection, postgres::Connection::open(options.db));
    PGA_TRY(usage, advise::read_usage(connection));
    wanted.usage = &*usage;
  }
  progress.show("building the statistics twin");
  PGA_TRY(auto server, postgres::Server::start(context.server_options(statistics.major())));
  PGA_TRY(const auto database, server.create_database());
  {
    PGA_TRY(auto connection, postgres::Connection::open(server.url(database)));
    PGA_CHECK(build_structure(statistics, connection));
  }
  PGA_TRY(auto twin, postgres::twin::Twin::make(server, database, statistics));
  progress.show("asking the planner");
  postgres::twin::WhatIf what_if(twin);
  PGA_TRY(result.advice, advise::advise(what_if, statistics, workload, wanted));
  for (const auto& unseen : statistics.unseen) result.notes.push_back("this role could not see " + unseen);
  result.notes.insert(result.notes.end(), twin.notes().begin(), twin.notes().end());
  result.notes.insert(result.notes.end(), result.advice.notes.begin(), result.advice.notes.end());
  progress.clear();
  if (!options.verify.empty()) {
    progress.show("building the indexes and running the queries");
    PGA_TRY(result.verified, verify(options.verify, result.advice));
    progress.clear();
  }
  if (!options.output.empty() && (!result.advice.indexes.empty() || options.drop)) {
    PGA_CHECK(migrate_to(context, options, statistics, result));
  }
  if (context.options.json) {
    index_json(context.out, result);
  } else {
    index_text(context.out, result, options.verbose);
    for (const auto& file : result.migration.files) context.out.line(context.out.paint(Style::green, "wrote ") + file);
    context.notes(result.notes);
  }
  return static_cast<int>(cli::exit_ok);
}

}  // namespace pga::app
