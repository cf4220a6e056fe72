// pgarchitect index as a program: workloads of every kind, its migration run by psql and judged by pg_dump, and what it says when
// something is missing.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "program.h"
#include "support.h"

namespace pga::testing {
namespace {
namespace fs = std::filesystem;
using json = nlohmann::json;
using ::testing::Contains;
using ::testing::HasSubstr;

constexpr const char* kSchema = R"(
CREATE TABLE orders (id int PRIMARY KEY, customer int, status text, placed timestamptz, total numeric);
INSERT INTO orders SELECT i, i * 7919 % 500, CASE WHEN i % 10 = 0 THEN 'new' ELSE 'done' END, timestamptz '2026-01-01 00:00+00' + i *
  interval '1 minute', i % 100 FROM generate_series(1, 30000) i;
CREATE TABLE untouched (id int PRIMARY KEY, k text);
INSERT INTO untouched SELECT i, repeat('x', 200) || i FROM generate_series(1, 3000) i;
ANALYZE orders;
)";

class IndexCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    if (server() == nullptr) GTEST_SKIP() << "no PostgreSQL 15 on this machine";
    std::string pattern = (fs::temp_directory_path() / "pga_index_XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    home_ = pattern;
    name_ = database(*server(), kSchema);
    url_ = server()->url(name_);
  }
  void TearDown() override {
    if (!home_.empty()) fs::remove_all(home_);
  }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(home_ + "/" + name) << text;
    return home_ + "/" + name;
  }
  Outcome run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "index");
    return Program(arguments, home_ + "/run").wait();
  }
  json advice(std::vector<std::string> arguments) const {
    arguments.emplace_back("--json");
    const auto outcome = run(arguments);
    EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
    return json::parse(outcome.out, nullptr, false);
  }
  static std::vector<std::string> definitions(const json& value) {
    std::vector<std::string> out;
    for (const auto& index : value.at("indexes")) out.push_back(index.at("statements").at(0));
    return out;
  }
  std::string home_, name_, url_;
};

constexpr const char* kByCustomer = "SELECT * FROM orders WHERE customer = 7 ORDER BY placed DESC LIMIT 10";

TEST_F(IndexCommand, WritesAMigrationThatPsqlRunsThereAndBack) {
  const auto before = pg_dump(*server(), name_);
  const auto value = advice({"--db", url_, "--query", kByCustomer, "-o", home_ + "/migrations"});
  ASSERT_EQ(value.at("files").size(), 2U);
  EXPECT_THAT(definitions(value), Contains("CREATE INDEX idx_orders_customer_placed ON public.orders (customer, placed)"));
  std::string up, down;
  for (const std::string file : value.at("files")) (file.ends_with(".up.sql") ? up : down) = read_file(file);
  EXPECT_THAT(up, HasSubstr("CREATE INDEX CONCURRENTLY"));
  EXPECT_EQ(psql(*server(), name_, up), "");
  const auto there = pg_dump(*server(), name_);
  EXPECT_THAT(*there, HasSubstr("CREATE INDEX idx_orders_customer_placed ON public.orders USING btree (customer, placed);"));
  EXPECT_THAT(*there, HasSubstr("COMMENT ON INDEX public.idx_orders_customer_placed IS 'Serves --query:1."));
  EXPECT_EQ(psql(*server(), name_, down), "");
  EXPECT_EQ(*pg_dump(*server(), name_), *before);
}

TEST_F(IndexCommand, TheSameFromAFileOfStatistics) {
  const auto exported = Program({"stats", "--db", url_, "-o", home_ + "/stats.json"}, home_ + "/stats").wait();
  ASSERT_EQ(exported.code, 0) << exported.err;
  const auto file = write("q.sql", std::string(kByCustomer) + ";\n");
  auto live = advice({"--db", url_, "--workload", file});
  auto offline = advice({"--stats", home_ + "/stats.json", "--workload", file});
  EXPECT_EQ(live.at("indexes"), offline.at("indexes"));
  EXPECT_EQ(live.at("queries"), offline.at("queries"));
  EXPECT_EQ(advice({"--db", url_, "--workload", file}), live);  // deterministic
}

TEST_F(IndexCommand, WeightsAndTheBudgetDecide) {
  const auto file = write(
      "q.sql",
      "-- pgarchitect: weight 1000\nSELECT * FROM orders WHERE customer = 7;\nSELECT sum(total) FROM orders WHERE status = 'new' "
      "AND placed > '2026-01-20';\nINSERT INTO orders VALUES (99999, 1, 'new', now(), 1);\n");
  const auto both = advice({"--db", url_, "--workload", file});
  EXPECT_GE(both.at("indexes").size(), 2U);
  EXPECT_EQ(both.at("indexes").at(0).at("serves").at(0).at("query"), file + ":2");
  EXPECT_GT(both.at("writes"), 0);
  const auto one = advice({"--db", url_, "--workload", file, "--max-indexes", "1"});
  ASSERT_EQ(one.at("indexes").size(), 1U);
  EXPECT_EQ(one.at("indexes").at(0).at("serves").at(0).at("query"), file + ":2");
  const auto small = advice({"--db", url_, "--workload", file, "--budget", "400kB"});
  EXPECT_LE(small.at("bytes"), 400000);
}

TEST_F(IndexCommand, ReadsPgStatStatementsWithItsParameters) {
  auto own = postgres::Server::start({.major = 15, .settings = {"shared_preload_libraries=pg_stat_statements"}});
  ASSERT_TRUE(own) << to_text(own.error());
  const auto name = database(*own, std::string(kSchema) + "CREATE EXTENSION pg_stat_statements;");
  auto connection = *postgres::Connection::open(own->url(name));
  const auto none = Program({"index", "--db", own->url(*own->create_database())}, home_ + "/none").wait();
  EXPECT_EQ(none.code, 3);
  EXPECT_THAT(none.err, HasSubstr("[no-statements]"));
  ASSERT_TRUE(connection.execute("SELECT pg_stat_statements_reset()"));
  for (int i = 0; i < 20; ++i)
    ASSERT_TRUE(connection.execute("SELECT * FROM orders WHERE customer = " + std::to_string(i) + " AND status <> 'x'"));
  const auto value = advice({"--db", own->url(name)});
  const auto query = std::ranges::find_if(value.at("queries"), [](const json& one) {
    return one.at("text").get<std::string>().find("customer = $1") != std::string::npos;
  });
  ASSERT_NE(query, value.at("queries").end()) << value.at("queries").dump(1);
  EXPECT_EQ(query->at("weight"), 20);
  EXPECT_THAT(definitions(value), Contains(HasSubstr("(customer")));
}

TEST_F(IndexCommand, ExecutesOnAScratchCopyAndLeavesNothing) {
  const auto before = pg_dump(*server(), name_);
  const auto value = advice({"--db", url_, "--query", kByCustomer, "--verify", url_});
  const auto& query = value.at("executed").at("queries").at(0);
  EXPECT_EQ(query.at("problem"), "");
  EXPECT_LT(query.at("after_pages"), query.at("before_pages"));
  EXPECT_FALSE(query.at("slower").get<bool>());
  const auto& index = value.at("executed").at("indexes").at(0);
  EXPECT_NEAR(index.at("estimated_bytes").get<double>(), index.at("bytes").get<double>(), index.at("bytes").get<double>() * 0.05);
  EXPECT_EQ(*pg_dump(*server(), name_), *before);
}

TEST_F(IndexCommand, SaysWhatIsMissing) {
  struct Case {
    std::vector<std::string> arguments;
    int code;
    const char* says;
  };
  const auto empty = write("empty.sql", "BEGIN;\nCOMMIT;\n");
  const auto foreign = write("foreign.sql", "SELECT * FROM nowhere;\n");
  const auto no_stats = write("no.json", "{\"format\": \"other\"}");
  const auto no_json = write("broken.json", "{");
  auto statistics = Program({"stats", "--db", url_, "-o", home_ + "/s.json"}, home_ + "/s").wait();
  const auto other =
      write("other.json", replace_all(read_file(home_ + "/s.json"), "\"server_version\": 15", "\"server_version\": 99"));
  const Case cases[] = {
      {{"--query", "SELECT 1"}, 2, "give --db URL"},
      {{"--db", url_, "--stats", "x.json", "--query", "SELECT 1"}, 2, "not both"},
      {{"--stats", home_ + "/s.json"}, 2, "needs a workload"},
      {{"--db", url_}, 3, "has no pg_stat_statements"},
      {{"--db", url_, "--workload", empty}, 3, "holds no query"},
      {{"--db", url_, "--workload", foreign}, 3, "relation \"nowhere\" does not exist"},
      {{"--db", url_, "--workload", home_ + "/none.sql"}, 3, "none.sql"},
      {{"--db", url_, "--query", "SELECT 1", "--budget", "much"}, 2, "--budget is no size"},
      {{"--db", url_, "--query", "SELECT 1", "--max-indexes", "0"}, 2, "--max-indexes is no number"},
      {{"--stats", no_stats, "--query", "SELECT 1"}, 3, "[bad-statistics]"},
      {{"--stats", no_json, "--query", "SELECT 1"}, 3, "[bad-json]"},
      {{"--stats", other, "--query", "SELECT 1"}, 6, "99"},
  };
  for (const auto& [arguments, code, says] : cases) {
    const auto outcome = run(arguments);
    EXPECT_EQ(outcome.code, code) << join(arguments, " ") << "\n" << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr(says)) << join(arguments, " ");
  }
  const auto guessed = run({"--db", url_, "--query", "SELECT * FROM untouched WHERE k = 'x'"});
  EXPECT_EQ(guessed.code, 0);
  EXPECT_THAT(guessed.err, HasSubstr("public.untouched has no statistics"));
}

}  // namespace
}  // namespace pga::testing
