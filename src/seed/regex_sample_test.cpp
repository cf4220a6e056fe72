// PostgreSQL says whether a sample matches its pattern.
#include "seed/regex_sample.h"

#include "base/quote.h"
#include "support.h"

namespace pga::seed {
namespace {

TEST(RegexSample, PostgresAgrees) {
  auto* server = testing::server(15);
  if (server == nullptr) GTEST_SKIP() << "no PostgreSQL 15 on this machine";
  auto connection = postgres::Connection::open(server->url(testing::database(*server)));
  ASSERT_TRUE(connection);
  for (const char* pattern : {"^[A-Z]{3}$",
                              "^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$",
                              "^a(b|cd|)e+$",
                              "^(x|y(z|w){2})*$",
                              "[[:alnum:]_-]",
                              "^\\d{3}-\\w+\\s?$",
                              "^(?:\\+|00)[1-9]\\d{6,14}$",
                              "^[a-z0-9][a-z0-9:-]{0,48}[a-z0-9]$",
                              "^\\[\\]\\(\\)\\.$",
                              "^[]x]{2}$",
                              "^[^]x]{2}$",
                              "(?i)^abc$",
                              "^#[0-9a-fA-F]{6}$",
                              "^(https?|ftp)://[a-z]+(\\.[a-z]+)*(/.*)?$",
                              "^[+-]?\\d+(\\.\\d+)?$",
                              "a|b|c",
                              "",
                              "^.{5,}$",
                              "^[0-9a-f]{64}$",
                              "^((25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(25[0-5]|2[0-4]\\d|1?\\d?\\d)$"}) {
    for (uint64_t n = 0; n < 30; ++n) {
      const auto sample = regex_sample(pattern, n);
      const auto rows = connection->query("SELECT $1 ~ $2", {sample, pattern});
      ASSERT_TRUE(rows) << to_text(rows.error());
      EXPECT_EQ(rows->text(0, 0), "t") << pattern << " and " << sample;
    }
  }
}

TEST(RegexSample, BrokenPatternsEnd) {
  for (const char* pattern : {"(", ")", "[", "[a", "a{", "a{2", "a{2,", "\\", "(?", "(?=", "((((((", "a**", "[[:alpha:", "[^",
                              "|", "(|", "(?<", "a{99999999999}{9999}"}) {
    EXPECT_LE(regex_sample(pattern, 3).size(), 200000U) << pattern;
  }
}

TEST(LikeSample, Matches) {
  auto* server = testing::server(15);
  if (server == nullptr) GTEST_SKIP() << "no PostgreSQL 15 on this machine";
  auto connection = postgres::Connection::open(server->url(testing::database(*server)));
  for (const char* pattern : {"https://%", "a_c%", "100\\%", "%", "__"}) {
    const auto rows = connection->query("SELECT $1 LIKE $2", {like_sample(pattern, 5), pattern});
    ASSERT_TRUE(rows) << to_text(rows.error());
    EXPECT_EQ(rows->text(0, 0), "t") << pattern;
  }
}

}  // namespace
}  // namespace pga::seed
