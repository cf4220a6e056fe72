// The generator of random pairs: what it writes loads (by psql, an outside loader, and by ours), differs, covers its kinds, and
// is the same for the same seed. And pairs 1 to 50 through the whole line.
#include <gmock/gmock.h>

#include <cstdlib>

#include "fuzz_pairs/run.h"
#include "support.h"

namespace pga {
namespace {

// More by hand: FUZZ_PAIRS=1000 build/release/tests/fuzz_pairs_test
uint64_t pairs(uint64_t usual) {
  const char* given = std::getenv("FUZZ_PAIRS");
  return given == nullptr ? usual : std::strtoull(given, nullptr, 10);
}

TEST(FuzzPairs, ScriptsLoadAndDiffer) {
  auto* server = testing::server(15);
  if (server == nullptr) GTEST_SKIP() << "no PostgreSQL 15 on this machine";
  std::set<std::string> kinds;
  for (uint64_t seed = 1; seed <= pairs(25); ++seed) {
    const auto pair = fuzz::generate(*server, seed);
    ASSERT_TRUE(pair) << to_text(pair.error());
    EXPECT_NE(pair->old_sql, pair->new_sql) << seed;
    for (const auto* sql : {&pair->old_sql, &pair->new_sql}) (void)server->drop_database(testing::database(*server, *sql));
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
    kinds.insert(pair->kinds.begin(), pair->kinds.end());
  }
  EXPECT_GE(kinds.size(), 40U);
}

TEST(FuzzPairs, SameSeedSamePair) {
  auto* server = testing::server(15);
  if (server == nullptr) GTEST_SKIP() << "no PostgreSQL 15 on this machine";
  for (const uint64_t seed : {3U, 77U, 12345U}) {
    const auto one = fuzz::generate(*server, seed), other = fuzz::generate(*server, seed);
    ASSERT_TRUE(one && other);
    EXPECT_EQ(one->old_sql, other->old_sql);
    EXPECT_EQ(one->new_sql, other->new_sql);
  }
}

TEST(FuzzPairs, EveryMajor) {
  for (const int major : testing::majors()) {
    auto* server = testing::server(major);
    for (uint64_t seed = 500; seed < 504; ++seed) {
      const auto pair = fuzz::generate(*server, seed);
      ASSERT_TRUE(pair) << major << ": " << to_text(pair.error());
      for (const auto* sql : {&pair->old_sql, &pair->new_sql}) (void)server->drop_database(testing::database(*server, *sql));
      ASSERT_FALSE(HasFailure()) << "seed " << seed << " on " << major;
    }
  }
}

// Not every seed finds something in a schema that it can change: those are left out, and most must.
TEST(FuzzPairs, RealSchemasAreMutated) {
  auto* server = testing::server(15);
  const auto file = testing::shared("corpus/schemas/pagila.sql");
  if (server == nullptr || !file) GTEST_SKIP() << "SKIPPED: no PostgreSQL 15, or no corpus, on this machine";
  int mutated = 0;
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    const auto pair = fuzz::mutate_schema(*server, testing::read_file(*file), *file, seed);
    ASSERT_TRUE(pair) << to_text(pair.error());
    if (pair->mutations.empty()) continue;
    ++mutated;
    EXPECT_NE(pair->old_sql, pair->new_sql);
    (void)server->drop_database(testing::database(*server, pair->new_sql));
  }
  EXPECT_GE(mutated, 5);
}

// All must pass; pairs that hold objects of a kind that is not described would be told as skipped. scripts/fuzz runs any number.
TEST(FuzzPairs, FiftyPairsThroughTheWholeLine) {
  auto* server = testing::server(15);
  if (server == nullptr) GTEST_SKIP() << "no PostgreSQL 15 on this machine";
  uint64_t good = 0, bad = 0, skipped = 0;
  for (uint64_t seed = 1; seed <= pairs(50); ++seed) {
    const auto pair = fuzz::generate(*server, seed);
    ASSERT_TRUE(pair) << to_text(pair.error());
    fuzz::RunOptions options;
    options.part = seed % 5 == 0;
    options.quick = seed % 4 != 0;  // pg_dump judges every fourth, the catalog queries the others
    const auto result = fuzz::run(*server, *pair, options);
    good += result.good();
    skipped += result.verdict == testing::PairResult::Verdict::skipped;
    if (result.verdict != testing::PairResult::Verdict::failed) continue;
    ++bad;
    std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed), result.why.c_str());
    fuzz::save("/tmp/fuzz_pairs", seed, *pair, result);
  }
  std::printf("%llu pairs passed, %llu failed, %llu skipped\n", static_cast<unsigned long long>(good),
              static_cast<unsigned long long>(bad), static_cast<unsigned long long>(skipped));
  EXPECT_EQ(bad, 0U);
  EXPECT_GT(good, 0U);
}

}  // namespace
}  // namespace pga
