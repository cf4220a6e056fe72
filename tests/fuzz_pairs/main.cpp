// fuzz_pairs --pairs N --seed S [--step K] [--major M] [--out FOLDER] [--real FILE.sql] [--generate-only] [--show] [--offline]
// [--reverse] [--no-rows] [--part] [--dump-every N]: pairs S, S+K, S+2K, …: generates, loads, plans, applies, compares. A line
// for each that fails, whose scripts stand in FOLDER/<seed>. Ends with 1 when one failed. scripts/fuzz runs two of these.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <map>

#include "base/text.h"
#include "fuzz_pairs/run.h"
#include "support.h"

namespace {

using pga::split;
namespace fuzz = pga::fuzz;
namespace postgres = pga::postgres;
namespace checks = pga::testing;

struct Settings {
  uint64_t pairs = 10, seed = 1, step = 1;
  int major = 15;
  uint64_t dump_every = 1;  // pg_dump judges every so many pairs, the catalog queries of proof/judge the others
  std::string out = "/tmp/fuzz_pairs", real;
  bool generate_only = false, show = false;
  fuzz::RunOptions run;
};

bool parse(int argc, char** argv, Settings& s) {
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto next = [&] { return i + 1 < argc ? std::string(argv[++i]) : std::string("0"); };
    if (word == "--pairs")
      s.pairs = std::strtoull(next().c_str(), nullptr, 10);
    else if (word == "--seed")
      s.seed = std::strtoull(next().c_str(), nullptr, 10);
    else if (word == "--step")
      s.step = std::strtoull(next().c_str(), nullptr, 10);
    else if (word == "--major")
      s.major = std::atoi(next().c_str());
    else if (word == "--out")
      s.out = next();
    else if (word == "--real")
      s.real = next();
    else if (word == "--generate-only")
      s.generate_only = true;
    else if (word == "--show")
      s.show = true;
    else if (word == "--offline")
      s.run.online = false;
    else if (word == "--reverse")
      s.run.reverse = true;
    else if (word == "--dump-every")
      s.dump_every = std::max<uint64_t>(1, std::strtoull(next().c_str(), nullptr, 10));
    else if (word == "--part")
      s.run.part = true;
    else if (word == "--no-rows")
      s.run.rows = false;
    else {
      std::fprintf(stderr, "fuzz_pairs: unknown option %s\n", word.c_str());
      return false;
    }
  }
  return true;
}

// Both scripts load, by our own loader, each into a database of its own.
std::string load_both(postgres::Server& server, const fuzz::Pair& pair) {
  for (const auto* sql : {&pair.old_sql, &pair.new_sql}) {
    auto loaded = checks::load_text(server, *sql, "fuzz.sql");
    if (!loaded) return "load: " + to_text(loaded.error());
    (void)server.drop_database(loaded->database);
  }
  return pair.old_sql == pair.new_sql ? "both scripts are the same" : "";
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  if (!parse(argc, argv, settings)) return 2;
  auto server = postgres::Server::start({.major = settings.major});
  if (!server) {
    std::fprintf(stderr, "%s\n", to_text(server.error()).c_str());
    return 2;
  }
  const std::string real = settings.real.empty() ? "" : checks::read_file(settings.real);
  uint64_t good = 0, skipped = 0, without_rows = 0;
  std::map<std::string, uint64_t> failures;  // by their first words
  std::set<std::string> kinds;
  for (uint64_t i = 0; i < settings.pairs; ++i) {
    const uint64_t seed = settings.seed + i * settings.step;
    const auto pair =
        settings.real.empty() ? fuzz::generate(*server, seed) : fuzz::mutate_schema(*server, real, settings.real, seed);
    checks::PairResult result;
    if (!pair) {
      std::printf("FAIL %llu: generate: %s\n", static_cast<unsigned long long>(seed), to_text(pair.error()).c_str());
      ++failures["generate"];
      continue;
    }
    kinds.insert(pair->kinds.begin(), pair->kinds.end());
    if (settings.show)
      std::printf("-- OLD %llu\n%s-- NEW\n%s", static_cast<unsigned long long>(seed), pair->old_sql.c_str(),
                  pair->new_sql.c_str());
    if (settings.generate_only) {
      result.why = load_both(*server, *pair);
      if (result.why.empty()) result.verdict = checks::PairResult::Verdict::same;
    } else {
      settings.run.quick = i % settings.dump_every != 0;
      result = fuzz::run(*server, *pair, settings.run);
      without_rows += result.rows_refused;
    }
    if (result.good()) {
      ++good;
      continue;
    }
    if (result.verdict == checks::PairResult::Verdict::skipped) {
      ++skipped;
      ++failures["skipped: " + result.why.substr(0, 70)];
      continue;
    }
    fuzz::save(settings.out, seed, *pair, result);
    const auto line = split(result.why, '\n')[0];
    ++failures[line.substr(0, 60)];
    std::printf("FAIL %llu: %s\n", static_cast<unsigned long long>(seed), line.c_str());
    std::fflush(stdout);
  }
  for (const auto& [why, count] : failures) std::printf("%6llu x %s\n", static_cast<unsigned long long>(count), why.c_str());
  std::printf(
      "%llu of %llu pairs passed (%llu without rows: the server refuses the new schema for them), %llu skipped; %zu kinds of "
      "pieces; "
      "failures are in %s\n",
      static_cast<unsigned long long>(good), static_cast<unsigned long long>(settings.pairs),
      static_cast<unsigned long long>(without_rows), static_cast<unsigned long long>(skipped), kinds.size(),
      settings.out.c_str());
  return good + skipped == settings.pairs ? 0 : 1;
}
