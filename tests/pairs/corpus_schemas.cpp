// Real schemas (../shared/corpus/schemas, PostgreSQL's regression database) on each major: inspect, execute, inspect again; from
// nothing to the schema and back, proven. By hand (scripts/corpus_schemas builds it and gives it the files):
//   build/release/tests/corpus_schemas [--major N,N…] [--no-proof] [--by-psql] FILE.sql…
// A line a schema and major, totals, and the failures again. Ends with 1 when one failed.
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>

#include "base/text.h"
#include "pairs/schema_trip.h"
#include "support.h"

namespace {

using pga::testing::TripResult;

struct Settings {
  std::vector<int> majors;
  pga::testing::TripOptions trip;
  std::vector<std::string> files;
};

Settings parse(int argc, char** argv) {
  Settings out;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--major" && i + 1 < argc) {
      for (const auto& major : pga::split(argv[++i], ',')) out.majors.push_back(std::atoi(major.c_str()));
    } else if (word == "--no-proof") {
      out.trip.prove = false;
    } else if (word == "--by-psql") {
      out.trip.by_psql = true;
    } else {
      out.files.push_back(word);
    }
  }
  if (out.majors.empty()) out.majors = pga::testing::majors();
  return out;
}

const char* in_words(TripResult::Verdict verdict) {
  if (verdict == TripResult::Verdict::good) return "ok";
  return verdict == TripResult::Verdict::failed ? "FAIL" : "not loaded";
}

void show(const std::string& name, const TripResult& result, double seconds) {
  std::printf("%-10s %-28s %6zu objects %6.1f s  %s", in_words(result.verdict), name.c_str(), result.objects, seconds,
              result.observer.c_str());
  std::printf("%s%s\n", result.why.empty() ? "" : "\n           ", result.why.c_str());
  if (!result.refused.empty()) std::printf("           the server refused of it:\n%s", result.refused.c_str());
  if (result.verdict == TripResult::Verdict::failed) std::printf("%s\n", result.detail.c_str());
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const auto settings = parse(argc, argv);
  std::map<int, std::map<TripResult::Verdict, int>> totals;
  std::vector<std::string> failures;
  for (const int major : settings.majors) {
    auto* server = pga::testing::server(major);
    if (server == nullptr) {
      std::printf("SKIPPED: no PostgreSQL %d on this machine\n", major);
      continue;
    }
    for (const auto& file : settings.files) {
      const auto name = std::filesystem::path(file).stem().string() + " on " + std::to_string(major);
      const auto start = std::chrono::steady_clock::now();
      const auto result = pga::testing::round_trip(*server, pga::testing::read_file(file), file, settings.trip);
      show(name, result, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
      ++totals[major][result.verdict];
      if (result.verdict == TripResult::Verdict::failed) failures.push_back(name + ": " + result.why);
    }
  }
  for (auto& [major, total] : totals)
    std::printf("PostgreSQL %d: %d identical and proven, %d failed, %d not loaded\n", major, total[TripResult::Verdict::good],
                total[TripResult::Verdict::failed], total[TripResult::Verdict::not_loaded]);
  for (const auto& failure : failures) std::printf("  %s\n", failure.c_str());
  return failures.empty() ? 0 : 1;
}
