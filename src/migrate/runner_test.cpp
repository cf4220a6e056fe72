// The ordinary life of a history: every action on a real server, through the built program.
#include "migrate/runner_harness.h"

namespace pga::migrate {
namespace {
using ::testing::HasSubstr;
using ::testing::Not;

class Life : public Runners {
 protected:
  void SetUp() override {
    Runners::SetUp();
    if (server_ == nullptr) return;
    file("1_users.up.sql", "CREATE TABLE users (id bigint PRIMARY KEY);\nINSERT INTO users VALUES (1), (2);\n");
    file("1_users.down.sql", "DROP TABLE users;\n");
    file("2_names.up.sql", "ALTER TABLE users ADD COLUMN name text;\n");
    file("2_names.down.sql", "ALTER TABLE users DROP COLUMN name;\n");
    file("10_view.up.sql", "CREATE VIEW names AS SELECT name FROM users;\n");
    file("10_view.down.sql", "DROP VIEW names;\n");
  }
  std::string applied() const { return sql("SELECT string_agg(version, ',' ORDER BY place) FROM pgarchitect.migration"); }
};

TEST_F(Life, UpRunsInOrderAndDownRestores) {
  const std::string empty = dump();
  EXPECT_EQ(migrate({"up", "1"}).code, 0);
  const std::string first = dump();
  EXPECT_EQ(applied(), "1");
  const auto rest = migrate({"up"});
  EXPECT_EQ(rest.code, 0) << show(rest);
  EXPECT_EQ(applied(), "1,2,10");  // numbers, not texts
  EXPECT_EQ(sql("SELECT count(*) FROM names"), "2");
  EXPECT_EQ(migrate({"down"}).code, 0);
  EXPECT_EQ(applied(), "1,2");
  EXPECT_EQ(migrate({"to", "1", "--allow", "data-loss"}).code, 0);
  EXPECT_EQ(dump(), first);
  EXPECT_EQ(migrate({"to", "0", "--allow", "all"}).code, 0);
  EXPECT_EQ(dump(), empty);
  EXPECT_EQ(sql("SELECT count(*) FROM pgarchitect.journal"), "0");
  EXPECT_EQ(sql("SELECT string_agg(what || ' ' || version, ',' ORDER BY id) FROM pgarchitect.log"),
            "up 1,up 2,up 10,down 10,down 2,down 1");
}

TEST_F(Life, ToGoesBothWays) {
  EXPECT_EQ(migrate({"to", "10"}).code, 0);
  EXPECT_EQ(migrate({"to", "2"}).code, 0);
  EXPECT_EQ(applied(), "1,2");
  EXPECT_EQ(migrate({"to", "10"}).code, 0);
  EXPECT_EQ(applied(), "1,2,10");
  const auto wrong = migrate({"to", "77"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("[no-such-version]"));
}

TEST_F(Life, RedoRunsTheLastAgain) {
  ASSERT_EQ(migrate({"up"}).code, 0);
  const std::string before = dump();
  EXPECT_EQ(migrate({"redo"}).code, 0);
  EXPECT_EQ(dump(), before);
  EXPECT_EQ(sql("SELECT string_agg(what, ',' ORDER BY id) FROM pgarchitect.log"), "up,up,up,down,up");
}

TEST_F(Life, DownThatLosesRowsIsRefusedWithoutConsent) {
  ASSERT_EQ(migrate({"to", "2"}).code, 0);
  const std::string before = dump();
  for (const auto& arguments :
       std::vector<std::vector<std::string>>{{"down"}, {"down", "--no-input"}, {"redo"}, {"to", "1", "--allow", "long-scan"}}) {
    const auto refused = migrate(arguments);
    EXPECT_EQ(refused.code, 5) << show(refused);
    EXPECT_THAT(refused.err, HasSubstr("[hazard-not-allowed]"));
    EXPECT_EQ(dump(), before);
  }
  EXPECT_EQ(migrate({"down", "--no-input", "--allow", "data-loss"}).code, 0);
}

TEST_F(Life, DryRunChangesNothingAndPrintsWhatPsqlRuns) {
  const std::string before = dump();
  const auto dry = migrate({"up", "--dry-run"});
  EXPECT_EQ(dry.code, 0) << show(dry);
  EXPECT_EQ(dump(), before);
  EXPECT_EQ(sql("SELECT to_regnamespace('pgarchitect') IS NULL"), "t");
  EXPECT_EQ(sql(dry.out), "");  // the text itself is a script
  const std::string by_hand = dump();
  fresh();
  ASSERT_EQ(migrate({"up"}).code, 0);
  EXPECT_EQ(dump(), by_hand);
}

TEST_F(Life, StatusTellsEachStandingByExitAndTable) {
  const auto before = migrate({"status"});
  EXPECT_EQ(before.code, 1);
  EXPECT_THAT(before.out, HasSubstr("0 applied, 3 pending"));
  EXPECT_EQ(sql("SELECT to_regnamespace('pgarchitect') IS NULL"), "t");  // looking writes nothing
  ASSERT_EQ(migrate({"up"}).code, 0);
  const auto after = migrate({"status", "--json"});
  EXPECT_EQ(after.code, 0);
  EXPECT_THAT(after.out, HasSubstr("\"state\": \"applied\""));
  EXPECT_THAT(after.out, Not(HasSubstr("pending")));
  EXPECT_EQ(migrate({"verify"}).code, 0);
}

TEST_F(Life, BaselineMarksWithoutRunning) {
  sql("CREATE TABLE users (id bigint PRIMARY KEY, name text)");
  ASSERT_EQ(migrate({"baseline", "2"}).code, 0);
  EXPECT_EQ(sql("SELECT string_agg(version || state, ',' ORDER BY place) FROM pgarchitect.migration"), "1baseline,2baseline");
  const auto up = migrate({"up"});
  EXPECT_EQ(up.code, 0) << show(up);
  EXPECT_EQ(migrate({"down"}).code, 0);
  const auto below = migrate({"down"});
  EXPECT_EQ(below.code, 7);
  EXPECT_THAT(below.err, HasSubstr("[baseline-reached]"));
}

TEST_F(Life, AFailedTransactionLeavesTheDatabaseAsItWas) {
  ASSERT_EQ(migrate({"up"}).code, 0);
  file("11_bad.up.sql", "CREATE TABLE half (i int);\nINSERT INTO half VALUES (1);\nINSERT INTO users VALUES (1);\n");
  const std::string before = dump();
  const auto failed = migrate({"up"});
  EXPECT_EQ(failed.code, 3) << show(failed);
  EXPECT_THAT(failed.err, HasSubstr("23505"));
  EXPECT_THAT(failed.err, HasSubstr("11_bad.up.sql"));
  EXPECT_THAT(failed.err, HasSubstr("section 1, step 3"));
  EXPECT_THAT(failed.err, HasSubstr("nothing of this migration was applied"));
  EXPECT_EQ(dump(), before);
  EXPECT_EQ(applied(), "1,2,10");
  EXPECT_EQ(migrate({"status"}).code, 1);  // pending, and nothing is dirty
  file("11_bad.up.sql", "CREATE TABLE half (i int);\n");
  EXPECT_EQ(migrate({"up"}).code, 0);
}

// A file that failed behind a section that was committed may be mended and goes on there; what ran may not be changed.
TEST_F(Life, AFailedSectionIsResumedFromTheMendedFile) {
  ASSERT_EQ(migrate({"up"}).code, 0);
  const std::string first =
      "-- section 1: transaction, phase: expand\n-- step 1: table public.log\nCREATE TABLE public.log (i int);\n";
  const std::string second = "-- section 2: transaction, phase: expand\n-- step 1: rows\n";
  file("11_two.up.sql", first + second + "INSERT INTO public.log VALUES (1 / 0);\n");
  EXPECT_EQ(migrate({"up"}).code, 3);
  EXPECT_EQ(migrate({"status"}).code, 7);
  EXPECT_THAT(migrate({"down"}).err, HasSubstr("[unfinished-migration]"));
  file("11_two.up.sql", replace_all(first, "i int", "i bigint") + second + "INSERT INTO public.log VALUES (1);\n");
  const auto edited = migrate({"up"});
  EXPECT_EQ(edited.code, 7);
  EXPECT_THAT(edited.err, HasSubstr("[edited-migration]"));
  file("11_two.up.sql", first + second + "INSERT INTO public.log VALUES (1);\n");
  EXPECT_EQ(migrate({"up"}).code, 0);
  EXPECT_EQ(sql("SELECT sum(i) FROM log"), "1");
  EXPECT_EQ(migrate({"status"}).code, 0);
}

// Settings of one file do not reach the next, and are made again when a migration is resumed in a new session.
TEST_F(Life, SettingsOfAFileEndWithItAndComeBackOnResume) {
  file("11_set.up.sql",
       "CREATE SCHEMA other;\n-- section 2: no transaction, phase: expand\nSET search_path = other;\nCREATE TABLE here (i int);\n"
       "-- section 3: transaction, phase: expand\nINSERT INTO here VALUES (1 / 0);\n");
  file("12_next.up.sql", "CREATE TABLE there (i int);\n");
  EXPECT_EQ(migrate({"up"}).code, 3);
  file("11_set.up.sql",
       "CREATE SCHEMA other;\n-- section 2: no transaction, phase: expand\nSET search_path = other;\nCREATE TABLE here (i int);\n"
       "-- section 3: transaction, phase: expand\nINSERT INTO here VALUES (1);\n");
  const auto up = migrate({"up"});
  EXPECT_EQ(up.code, 0) << show(up);
  EXPECT_EQ(sql("SELECT count(*) FROM other.here"), "1");
  EXPECT_EQ(sql("SELECT to_regclass('public.there') IS NOT NULL"), "t");
}

TEST_F(Life, TransactionsOfAFileAreKeptApart) {
  file("11_own.up.sql",
       "BEGIN;\nCREATE TABLE one (i int);\nCOMMIT;\nBEGIN;\nCREATE TABLE two (i int);\nSELECT 1 / 0;\nCOMMIT;\n");
  EXPECT_EQ(migrate({"up"}).code, 3);
  EXPECT_EQ(sql("SELECT to_regclass('one') IS NOT NULL AND to_regclass('two') IS NULL"), "t");
  file("11_own.up.sql", "BEGIN;\nCREATE TABLE one (i int);\nCOMMIT;\nBEGIN;\nCREATE TABLE two (i int);\nCOMMIT;\n");
  EXPECT_EQ(migrate({"up"}).code, 0);
  file("12_roll.up.sql", "CREATE TABLE three (i int);\nROLLBACK;\n");
  const auto refused = migrate({"up"});
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.err, HasSubstr("[transaction-control]"));
}

// Undone by its own down, and only when that leads exactly back.
TEST_F(Life, RollBackOfAnInterruptedMigrationIsProven) {
  ASSERT_EQ(migrate({"up"}).code, 0);
  const std::string before = dump();
  file("11_half.up.sql",
       "CREATE TABLE a (i int);\n-- section 2: no transaction, phase: expand\nCREATE INDEX CONCURRENTLY a_i ON a (i);\n"
       "-- section 3: transaction, phase: expand\nCREATE TABLE b (i int);\nSELECT 1 / 0;\n");
  file("11_half.down.sql", "DROP INDEX CONCURRENTLY a_i;\nDROP TABLE a;\n");  // b is forgotten, and was never made
  EXPECT_EQ(migrate({"up"}).code, 3);
  EXPECT_THAT(migrate({"repair"}).out, HasSubstr("roll-back"));
  file("11_half.down.sql", "DROP INDEX a_i;\n");
  const auto wrong = migrate({"repair", "roll-back"});
  EXPECT_EQ(wrong.code, 7);
  EXPECT_THAT(wrong.err, HasSubstr("new      table public.a"));
  file("11_half.down.sql", "DROP TABLE b;\nDROP INDEX CONCURRENTLY a_i;\nDROP TABLE a;\n");
  const auto done = migrate({"repair", "roll-back"});
  EXPECT_EQ(done.code, 0) << show(done);
  EXPECT_EQ(dump(), before);
  EXPECT_EQ(applied(), "1,2,10");
}

TEST_F(Life, ADeletedFileCanStillBeTakenBack) {
  const std::string empty = dump();
  ASSERT_EQ(migrate({"up"}).code, 0);
  std::filesystem::remove(folder_ + "/10_view.up.sql");
  std::filesystem::remove(folder_ + "/10_view.down.sql");
  EXPECT_EQ(migrate({"down"}).code, 0);
  EXPECT_EQ(migrate({"to", "0", "--allow", "all"}).code, 0);
  EXPECT_EQ(dump(), empty);
}

TEST_F(Life, APasswordIsNeverPrinted) {
  url_ += " password=canary7Q";
  for (const auto& action :
       std::vector<std::vector<std::string>>{{"up"}, {"status"}, {"status", "--json"}, {"verify"}, {"repair"}})
    EXPECT_THAT(show(migrate(action)), Not(HasSubstr("canary7Q")));
  url_ = "host=/nowhere password=canary7Q dbname=x";
  const auto lost = migrate({"up"});
  EXPECT_EQ(lost.code, 6);
  EXPECT_THAT(show(lost), Not(HasSubstr("canary7Q")));
}

// The schema of the history is made by a role that may; one that may not is told so.
TEST_F(Life, ARoleWithoutRightsIsToldWhatItNeeds) {
  sql("CREATE ROLE poor_runner LOGIN");
  url_ += " user=poor_runner";
  const auto poor = migrate({"up"});
  EXPECT_EQ(poor.code, 6) << show(poor);
  EXPECT_THAT(poor.err, HasSubstr("[no-history]"));
  EXPECT_THAT(poor.err, HasSubstr("GRANT CREATE ON DATABASE"));
}

}  // namespace
}  // namespace pga::migrate
