// The events application loads through our own loader as it does through psql, and its rename hint is seen.
#include <gmock/gmock.h>

#include "source/source.h"
#include "support.h"

namespace pga {
namespace {

const std::string kFolder = PGA_SOURCE_DIR "/examples/events/";

class Events : public ::testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    server_ = testing::server(GetParam());
    if (server_ == nullptr) GTEST_SKIP() << "no PostgreSQL " << GetParam() << " on this machine";
  }
  source::Loaded load(const std::string& file) {
    const auto source = source::parse_source(kFolder + file);
    EXPECT_TRUE(source) << to_text(source.error());
    auto loaded = source::load(*source, *server_);
    EXPECT_TRUE(loaded) << to_text(loaded.error());
    return loaded ? std::move(*loaded) : source::Loaded{};
  }
  std::string count(const std::string& database, const std::string& sql) {
    auto connection = postgres::Connection::open(server_->url(database));
    EXPECT_TRUE(connection) << to_text(connection.error());
    const auto rows = connection->query(sql);
    EXPECT_TRUE(rows) << to_text(rows.error());
    return std::string(rows->text(0, 0));
  }
  postgres::Server* server_ = nullptr;
};

TEST_P(Events, BothVersionsLoad) {
  // 21 tables, the partitioned audit log and its four partitions; v2 has promo_codes besides.
  const std::string tables =
      "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace IN ('public'::regnamespace, "
      "'audit'::regnamespace)";
  EXPECT_EQ(count(load("v1.sql").database, tables), "26");
  const auto next = load("v2.sql");
  EXPECT_EQ(count(next.database, tables), "27");
  EXPECT_THAT(next.rename_hints, ::testing::ElementsAre("users.name=full_name"));
}

INSTANTIATE_TEST_SUITE_P(Majors, Events, ::testing::Values(15, 16, 17, 18));

}  // namespace
}  // namespace pga
