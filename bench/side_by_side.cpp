// pgarchitect beside pg_dump, in the same run (bench/README.md). Prints a table; judges nothing.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "diff/compare.h"
#include "postgres/catalog.h"
#include "support.h"

namespace pga {
namespace {

using Clock = std::chrono::steady_clock;

struct Run {
  double milliseconds = 0;
  long peak_kb = 0;
  int code = 0;
};

double since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// One run of a program, what it prints thrown away.
Run run(const std::vector<std::string>& words) {
  const auto start = Clock::now();
  const pid_t pid = fork();
  if (pid == 0) {
    const int null = open("/dev/null", O_WRONLY);
    dup2(null, 1);
    dup2(null, 2);
    std::vector<char*> argv;
    for (const auto& word : words) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    execvp(argv[0], argv.data());
    _exit(127);
  }
  int status = 0;
  rusage used{};
  wait4(pid, &status, 0, &used);
  return {since(start), used.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 128};
}

Run median(std::vector<Run> runs) {
  std::ranges::sort(runs, {}, &Run::milliseconds);
  return runs[runs.size() / 2];
}

void line(const std::string& what, const Run& one) {
  fmt::print("  {:<58} {:>9.1f} ms {:>8.1f} MB{}\n", what, one.milliseconds, static_cast<double>(one.peak_kb) / 1024,
             one.code == 0 ? "" : fmt::format("  exit {}", one.code));
  std::fflush(stdout);
}

std::string tables(int count) {
  std::string sql;
  for (int i = 1; i <= count; ++i) {
    sql += fmt::format(
        "CREATE TABLE t{0} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, parent_id bigint {1}, email text NOT NULL, state "
        "text NOT NULL DEFAULT 'new' CONSTRAINT t{0}_state CHECK (state IN ('new', 'done')), price numeric(12,2), created_at "
        "timestamptz NOT NULL DEFAULT now());\nCREATE INDEX t{0}_parent ON t{0} (parent_id);\nCREATE UNIQUE INDEX t{0}_email ON "
        "t{0} (lower(email));\nCOMMENT ON TABLE t{0} IS 'Table number {0}';\n",
        i, i > 1 ? fmt::format("REFERENCES t{}", i - 1) : "");
  }
  return sql;
}

void inspect_beside_pg_dump(postgres::Server& server, const std::string& title, const std::string& database) {
  std::vector<Run> ours, theirs;
  const std::string url = server.url(database);
  for (int i = 0; i < 5; ++i) {
    theirs.push_back(run({testing::client_program("pg_dump"), "--schema-only", "-d", url}));
    ours.push_back(run({PGA_BINARY, "inspect", url}));
  }
  const Run dump = median(theirs), inspect = median(ours);
  line("pg_dump --schema-only, " + title, dump);
  line("pgarchitect inspect, " + title, inspect);
  fmt::print("  {:<58} {:>9.2f} times as fast\n", "", dump.milliseconds / inspect.milliseconds);
}

void diff_in_memory(postgres::Server& server, const std::string& one, const std::string& other) {
  auto first = postgres::Connection::open(server.url(one)), second = postgres::Connection::open(server.url(other));
  if (!first || !second) return;
  const auto from = postgres::read_catalog(*first), to = postgres::read_catalog(*second);
  if (!from || !to) return;
  std::vector<Run> runs;
  size_t found = 0;
  for (int i = 0; i < 9; ++i) {
    const auto start = Clock::now();
    found = diff::compare(*from, *to).size();
    runs.push_back({since(start), 0, 0});
  }
  fmt::print("  {:<58} {:>9.1f} ms, {} difference(s)\n", "diff in memory, 1,000 tables", median(runs).milliseconds, found);
}

void plans(postgres::Server& server, const std::string& one, const std::string& other) {
  std::vector<Run> change, proof;
  for (int i = 0; i < 5; ++i) {
    change.push_back(run({PGA_BINARY, "plan", server.url(one), server.url(other), "--no-proof", "--no-input"}));
    proof.push_back(run({PGA_BINARY, "plan", PGA_SOURCE_DIR "/examples/events/v1.sql", PGA_SOURCE_DIR "/examples/events/v2.sql",
                         "--allow", "all", "--no-input"}));
  }
  line("plan of one change in 1,000 tables, both sides live", median(change));
  line("plan and proof of the events application (whole command)", median(proof));
}

int side_by_side() {
  auto* server = testing::server();
  if (server == nullptr) return std::puts("no PostgreSQL 15 here"), 1;
  fmt::print("PostgreSQL {}; median of five runs, in turns; peak memory of the process\n", server->major());
  if (const auto largest = testing::shared("corpus/schemas/ledgersmb.sql"))
    inspect_beside_pg_dump(*server, "ledgersmb (largest of the corpus)",
                           testing::database(*server, testing::read_file(*largest)));
  const std::string thousand = testing::database(*server, tables(1000));
  inspect_beside_pg_dump(*server, "1,000 tables", thousand);
  const std::string changed = testing::database(*server, tables(1000) + "ALTER TABLE t500 ADD note text;");
  diff_in_memory(*server, thousand, changed);
  plans(*server, thousand, changed);
  for (const auto& database : {thousand, changed}) (void)server->drop_database(database);
  inspect_beside_pg_dump(*server, "10,000 tables", testing::database(*server, tables(10000)));
  return 0;
}

}  // namespace
}  // namespace pga

int main() {
  return pga::side_by_side();
}
