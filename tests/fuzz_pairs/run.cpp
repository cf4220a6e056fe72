#include "fuzz_pairs/run.h"

#include <filesystem>
#include <fstream>

#include "base/text.h"

namespace pga::fuzz {

using testing::PairResult;

testing::PairResult run(postgres::Server& server, const Pair& pair, const RunOptions& options) {
  PairResult failed;
  auto from = testing::load_text(server, options.reverse ? pair.new_sql : pair.old_sql, "old.sql");
  if (!from) {
    failed.why = "load: " + to_text(from.error());
    return failed;
  }
  auto to = testing::load_text(server, options.reverse ? pair.old_sql : pair.new_sql, "new.sql");
  if (!to) {
    (void)server.drop_database(from->database);
    failed.why = "load: " + to_text(to.error());
    return failed;
  }
  std::set<std::string> unknown(from->model.unmodelled.begin(), from->model.unmodelled.end());
  unknown.insert(to->model.unmodelled.begin(), to->model.unmodelled.end());
  if (!unknown.empty()) {
    failed.verdict = PairResult::Verdict::skipped;
    failed.why = "objects of kinds that are not described: " + *unknown.begin();
  }
  auto result = failed;
  if (failed.why.empty()) {
    testing::PairOptions pair_options{
        .online = options.online, .fill = options.rows, .part = options.part, .quick = options.quick};
    result = testing::run_pair(server, *from, *to, pair_options);
    if (result.rows_refused) {
      pair_options.fill = pair_options.part = false;
      result = testing::run_pair(server, *from, *to, pair_options);
      result.rows_refused = true;
    }
  }
  (void)server.drop_database(from->database);
  (void)server.drop_database(to->database);
  return result;
}

void save(const std::string& folder, uint64_t seed, const Pair& pair, const testing::PairResult& result) {
  const auto path = std::filesystem::path(folder) / std::to_string(seed);
  std::filesystem::create_directories(path);
  std::ofstream(path / "old.sql") << pair.old_sql;
  std::ofstream(path / "new.sql") << pair.new_sql;
  std::ofstream(path / "report.txt") << result.why << "\n\nmutations:\n  " << join(pair.mutations, "\n  ") << "\n\n"
                                     << result.difference << "\n"
                                     << result.script;
}

}  // namespace pga::fuzz
