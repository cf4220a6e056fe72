#include "proof/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support.h"

namespace pga::proof {
namespace {

using postgres::Connection;
using ::testing::HasSubstr;
using testing::server;

plan::Script script(const std::vector<std::string>& statements) {
  plan::Section out;
  for (const auto& sql : statements)
    out.steps.push_back({.sql = sql, .why = {}, .object = {}, .hazards = {}, .concurrent_index = {}});
  return {out};
}

class HistoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (server() == nullptr) GTEST_SKIP() << "no PostgreSQL 15";
  }
  // Rows for users as far as it exists.
  static Status fill(Connection& connection) {
    return connection.execute(
        "DO $$ BEGIN IF to_regclass('users') IS NOT NULL THEN INSERT INTO users (name) VALUES ('a'), ('b'); END IF; END $$");
  }
};

const std::vector<HistoryItem> kHistory = {
    {"1", script({"CREATE TABLE users (id serial PRIMARY KEY, name text, note text DEFAULT 'n')"}), script({"DROP TABLE users"})},
    {"2", script({"CREATE INDEX users_name ON users (name)"}), script({"DROP INDEX users_name"})},
    {"3", script({"ALTER TABLE users DROP note"}), script({"ALTER TABLE users ADD note text"})},  // without its default
    {"4", script({"ALTER TABLE users ADD age int"}), std::nullopt},
    {"5", script({"CREATE TYPE mood AS ENUM ('x')"}), script({"DROP TYPE moood"})},
};

TEST_F(HistoryTest, EachDownIsJudged) {
  const auto report = prove_history(*server(), kHistory, {.fill = fill, .repair = {}, .start = {}, .progress = {}});
  ASSERT_TRUE(report) << to_text(report.error());
  const auto& items = report->items;
  ASSERT_EQ(items.size(), 5U);
  for (const auto& item : items) EXPECT_EQ(item.up.verdict, Verdict::proven) << item.version;
  EXPECT_EQ(items[0].down.verdict, Verdict::proven);
  EXPECT_EQ(items[1].down.verdict, Verdict::proven);
  EXPECT_EQ(items[1].rows_down.verdict, Verdict::proven);
  EXPECT_EQ(items[2].down.verdict, Verdict::failed);
  ASSERT_EQ(items[2].down.comparison.differences.size(), 1U);
  EXPECT_EQ(items[2].down.comparison.differences[0].object, "table public.users");
  EXPECT_EQ(items[2].rows_down.verdict, Verdict::failed) << "the notes are gone";
  EXPECT_EQ(items[3].down.verdict, Verdict::not_proven);
  EXPECT_EQ(items[4].down.verdict, Verdict::failed);
  ASSERT_TRUE(items[4].down.error);
  EXPECT_EQ(items[4].down.error->sqlstate, "42704");
  EXPECT_TRUE(report->failed());
}

TEST_F(HistoryTest, ARepairIsRunAndJudged) {
  std::vector<std::string> asked;
  HistoryOptions options{.fill = {}, .repair = {}, .start = {}, .progress = {}};
  options.repair = [&](const std::string& before, const std::string& after,
                       const plan::Script&) -> Result<std::optional<plan::Script>> {
    // Both states are there to be read: the column is missing in one of them.
    PGA_TRY(auto old, Connection::open(server()->url(before)));
    PGA_TRY(auto now, Connection::open(server()->url(after)));
    const bool was = old.query("SELECT note FROM users").has_value(), is = now.query("SELECT note FROM users").has_value();
    if (was && !is) return std::optional(script({"ALTER TABLE users ADD note text DEFAULT 'n'"}));
    return std::optional<plan::Script>();
  };
  const auto report = prove_history(*server(), kHistory, options);
  ASSERT_TRUE(report) << to_text(report.error());
  ASSERT_TRUE(report->items[2].repair);
  EXPECT_EQ(report->items[2].repaired.verdict, Verdict::proven);
  EXPECT_FALSE(report->items[4].repair);
  std::string text;
  Terminal out(text, 120);
  history_text(*report, out);
  EXPECT_THAT(text, HasSubstr("a down that was shown to restore it:\n    ALTER TABLE users ADD note text DEFAULT 'n';"));
}

TEST_F(HistoryTest, AnUpThatFailsEndsIt) {
  const std::vector<HistoryItem> items = {{"1", script({"CREATE TABLE a (i int)"}), script({"DROP TABLE a"})},
                                          {"2", script({"ALTER TABLE nowhere ADD x int"}), script({"SELECT 1"})},
                                          {"3", script({"CREATE TABLE b (i int)"}), script({"DROP TABLE b"})}};
  const auto report = prove_history(*server(), items);
  ASSERT_TRUE(report) << to_text(report.error());
  EXPECT_EQ(report->items[0].down.verdict, Verdict::proven);
  EXPECT_EQ(report->items[1].up.verdict, Verdict::failed);
  EXPECT_EQ(report->items[2].up.verdict, Verdict::not_proven);
}

}  // namespace
}  // namespace pga::proof
