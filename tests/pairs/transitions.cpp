// The corpus of transitions (../shared/corpus/transitions), both ways. By hand:
//   build/release/tests/transitions [--every N] [--from N] [--offline] [--no-rows] [--case NAME] [--verbose] [--report FILE]
//   FOLDER
// Tables are filled with rows that fit both sides as far as seed/ can find them. Where PostgreSQL refuses the new schema for what
// is in the rows, the pair is tried again on empty tables and told apart. A pair that only 18 can read is tried there, judged by
// catalog queries. Prints a line a failure and a summary; --report adds lines of tabs for scripts/transitions; ends with 1 when
// less than 99 % of the runnable directions pass.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "pairs/pair_runner.h"
#include "support.h"

namespace fs = std::filesystem;
using pga::postgres::Server;
using pga::source::Loaded;
using pga::testing::PairOptions;
using pga::testing::PairResult;
using pga::testing::schema_text;

namespace {

struct Arguments {
  int every = 1, first = 0;
  bool online = true, fill = true, verbose = false;
  std::string only, root, report;
};

struct Case {
  std::string name, from, to;
};

struct Tally {
  int good = 0, order = 0, empty = 0, bad = 0, skipped = 0;
};

Arguments arguments_of(int argc, char** argv) {
  Arguments out;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto next = [&] { return i + 1 < argc ? argv[++i] : ""; };
    if (word == "--every") {
      out.every = std::max(1, std::atoi(next()));
    } else if (word == "--from") {
      out.first = std::atoi(next());
    } else if (word == "--no-rows") {
      out.fill = false;
    } else if (word == "--offline") {
      out.online = false;
    } else if (word == "--case") {
      out.only = next();
    } else if (word == "--report") {
      out.report = next();
    } else if (word == "--verbose") {
      out.verbose = true;
    } else {
      out.root = word;
    }
  }
  return out;
}

std::vector<Case> cases_of(const fs::path& root) {
  std::vector<Case> out;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().filename() != "old.sql" || !fs::exists(entry.path().parent_path() / "new.sql")) continue;
    const auto folder = entry.path().parent_path();
    out.push_back({fs::relative(folder, root).string(), pga::testing::read_file(entry.path()),
                   pga::testing::read_file(folder / "new.sql")});
  }
  std::sort(out.begin(), out.end(), [](const Case& a, const Case& b) { return a.name < b.name; });
  return out;
}

class Corpus {
 public:
  Corpus(Arguments arguments, Server& server) : a_(std::move(arguments)), server_(server) {
    if (!a_.report.empty()) report_.open(a_.report);
  }
  int run();

 private:
  // What has loaded, or why not.
  struct Pair {
    std::optional<pga::testing::LoadedPair> loaded;
    std::string why;
  };
  static Pair load(Server& server, const Case& one);
  Server* newest();
  void pair(const Case& one);
  void both_ways(Server& server, const Case& one, const pga::testing::LoadedPair& loaded);
  void direction(Server& server, const std::string& name, const Loaded& from, const Loaded& to, PairOptions options);
  void tell(std::string_view verdict, const std::string& name, const std::string& why);

  Arguments a_;
  Server& server_;
  std::optional<Server> newest_;
  bool asked_ = false;
  Tally tally_;
  std::ofstream report_;
};

Corpus::Pair Corpus::load(Server& server, const Case& one) {
  auto from = pga::testing::load_text(server, one.from, "old.sql");
  auto to = pga::testing::load_text(server, one.to, "new.sql");
  if (from && to) return {pga::testing::LoadedPair{std::move(*from), std::move(*to)}, {}};
  if (from) (void)server.drop_database(from->database);
  if (to) (void)server.drop_database(to->database);
  return {std::nullopt, pga::split(to_text(!from ? from.error() : to.error()), '\n')[0]};
}

// 18, for what 15 cannot read.
Server* Corpus::newest() {
  if (!asked_) {
    asked_ = true;
    if (auto started = Server::start({.major = 18}); started && started->major() == 18) newest_ = std::move(*started);
  }
  return newest_ ? &*newest_ : nullptr;
}

void Corpus::tell(std::string_view verdict, const std::string& name, const std::string& why) {
  std::printf("%s %s: %s\n", std::string(verdict).c_str(), name.c_str(), why.c_str());
  if (report_) report_ << verdict << '\t' << name << '\t' << pga::split(why, '\n')[0] << std::endl;
}

void Corpus::direction(Server& server, const std::string& name, const Loaded& from, const Loaded& to, PairOptions options) {
  auto result = pga::testing::run_pair(server, from, to, options);
  std::string refused;
  if (!result.good() && result.rows_refused) {
    refused = result.why;
    options.fill = false;
    result = pga::testing::run_pair(server, from, to, options);
  }
  if (result.good()) {
    ++tally_.good;
    tally_.order += result.verdict == PairResult::Verdict::same_but_for_column_order;
    tally_.empty += refused.empty() ? 0 : 1;
    if (!refused.empty()) {
      tell("EMPTY", name, refused);
    } else if (report_) {
      report_ << (result.verdict == PairResult::Verdict::same ? "PASS\t" : "ORDER\t") << name << "\t" << server.major()
              << std::endl;
    }
    if (a_.verbose && !a_.only.empty()) std::printf("%s\n", result.script.c_str());
    return;
  }
  ++tally_.bad;
  tell("FAIL", name, result.why);
  std::printf("%s", result.difference.c_str());
  if (a_.verbose) std::printf("%s\n", result.script.c_str());
}

void Corpus::both_ways(Server& server, const Case& one, const pga::testing::LoadedPair& loaded) {
  PairOptions there{.online = a_.online, .fill = a_.fill, .quick = server.major() != server_.major()};
  if (!there.quick) {
    there.origin = schema_text(server, loaded.from.database);
    there.target = schema_text(server, loaded.to.database);
  }
  PairOptions back = there;
  std::swap(back.origin, back.target);
  direction(server, one.name, loaded.from, loaded.to, there);
  direction(server, one.name + " (back)", loaded.to, loaded.from, back);
  std::fflush(stdout);
  (void)server.drop_database(loaded.from.database);
  (void)server.drop_database(loaded.to.database);
}

void Corpus::pair(const Case& one) {
  const auto here = load(server_, one);
  if (here.loaded) return both_ways(server_, one, *here.loaded);
  if (Server* server = newest()) {
    const auto there = load(*server, one);
    if (there.loaded) return both_ways(*server, one, *there.loaded);
  }
  ++tally_.skipped;
  tell("SKIP", one.name, here.why);
}

int Corpus::run() {
  const auto cases = cases_of(a_.root);
  for (size_t i = static_cast<size_t>(a_.first); i < cases.size(); i += static_cast<size_t>(a_.every)) {
    if (!a_.only.empty() && cases[i].name.find(a_.only) == std::string::npos) continue;
    std::fprintf(stderr, "%zu of %zu: %s\n", i + 1, cases.size(), cases[i].name.c_str());
    pair(cases[i]);
  }
  std::printf("%d passed (%d of them but for the order of columns, %d only on empty tables), %d failed, %d skipped\n",
              tally_.good, tally_.order, tally_.empty, tally_.bad, tally_.skipped);
  return tally_.bad * 100 > tally_.good + tally_.bad ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  auto server = Server::start({.major = 15});
  if (!server) {
    std::fprintf(stderr, "%s\n", to_text(server.error()).c_str());
    return 2;
  }
  return Corpus(arguments_of(argc, argv), *server).run();
}
