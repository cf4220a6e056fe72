// A few real schemas there and back; scripts/corpus_schemas takes all, on each major.
#include "pairs/schema_trip.h"
#include "support.h"

namespace pga {
namespace {

void trip(int major, const char* name) {
  const auto file = testing::shared(std::string("corpus/schemas/") + name);
  auto* server = testing::server(major);
  if (!file || server == nullptr)
    GTEST_SKIP() << "no ../shared/corpus/schemas, or no PostgreSQL " << major << ", on this machine";
  const auto result = testing::round_trip(*server, testing::read_file(*file), *file);
  EXPECT_EQ(result.verdict, testing::TripResult::Verdict::good) << result.why << "\n" << result.detail;
  EXPECT_GT(result.objects, 100U);
}

TEST(CorpusSchemas, Roundcube) {
  trip(15, "roundcube.sql");
}
TEST(CorpusSchemas, Pagila) {
  trip(15, "pagila.sql");
}
TEST(CorpusSchemas, TinyTinyRssOn18) {
  trip(18, "tiny-tiny-rss.sql");
}
// Children of tables whose NOT NULLs have names, extract('YEAR' …), 2,454 objects.
TEST(CorpusSchemas, LedgersmbOn18) {
  trip(18, "ledgersmb.sql");
}

}  // namespace
}  // namespace pga
