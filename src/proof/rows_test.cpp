#include "proof/rows.h"

#include <gtest/gtest.h>

#include "support.h"

namespace pga::proof {
namespace {

using postgres::Connection;
using testing::database;
using testing::server;

class RowsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (server() == nullptr) GTEST_SKIP() << "no PostgreSQL 15";
  }
  // Compares a database with a copy of it that was changed.
  static RowComparison after(const std::string& setup, const std::string& change, const Renames& renames = {}) {
    const auto name = database(*server(), setup);
    const auto copy = server()->create_database(name);
    auto left = Connection::open(server()->url(name));
    auto right = Connection::open(server()->url(*copy));
    const auto changed = right->execute(change);
    EXPECT_TRUE(changed) << change << ": " << to_text(changed.error());
    auto result = compare_rows(*left, *right, renames);
    EXPECT_TRUE(result) << to_text(result.error());
    return result.value_or(RowComparison{});
  }
};

constexpr const char* kTable =
    "CREATE TABLE t (id int PRIMARY KEY, a int, b text, n numeric(8,2), ts timestamp, j json);"
    "INSERT INTO t SELECT i, i * 10, 'text ' || i, i + 0.5, timestamp '2020-01-01' + i * interval '1 day 0.25 seconds', "
    "json_build_object('i', i) FROM generate_series(1, 20) i; INSERT INTO t (id) VALUES (21);";

TEST_F(RowsTest, TheSameRowsInAnyOrderAreKept) {
  const auto kept = after(kTable, "CREATE TABLE u AS SELECT * FROM t ORDER BY id DESC; DROP TABLE t; ALTER TABLE u RENAME TO t");
  EXPECT_TRUE(kept.kept());
  EXPECT_EQ(kept.tables, 1);
  EXPECT_EQ(kept.columns, 6);
}

TEST_F(RowsTest, WhatIsLostIsNamed) {
  struct {
    const char* change;
    const char* object;
  } cases[] = {
      {"DELETE FROM t WHERE id = 7", "table public.t"},
      {"INSERT INTO t SELECT 99, a, b, n, ts, j FROM t WHERE id = 7", "table public.t"},
      {"UPDATE t SET b = 'other' WHERE id = 7", "column public.t.b"},
      {"UPDATE t SET b = NULL WHERE id = 7", "column public.t.b"},
      {"UPDATE t SET b = '' WHERE id = 21", "column public.t.b"},
      {"ALTER TABLE t DROP b; ALTER TABLE t ADD b text", "column public.t.b"},
      // The sums of each column alone stay the same: two rows swap a value.
      {"UPDATE t SET b = CASE id WHEN 1 THEN 'text 2' ELSE 'text 1' END WHERE id IN (1, 2)", "table public.t"},
      {"TRUNCATE t", "table public.t"},
  };
  for (const auto& one : cases) {
    const auto result = after(kTable, one.change);
    ASSERT_EQ(result.differences.size(), 1U) << one.change;
    EXPECT_EQ(result.differences[0].object, one.object) << one.change;
  }
}

TEST_F(RowsTest, OtherTypesOfTheSameValues) {
  for (const char* change : {
           "ALTER TABLE t ALTER a TYPE bigint",
           "ALTER TABLE t ALTER a TYPE numeric(12,3)",
           "ALTER TABLE t ALTER a TYPE text",
           "ALTER TABLE t ALTER n TYPE numeric(12,4)",
           "ALTER TABLE t ALTER n TYPE float8",
           "ALTER TABLE t ALTER ts TYPE timestamptz",
           "ALTER TABLE t ALTER j TYPE jsonb",
           "ALTER TABLE t ALTER b TYPE varchar(40)",
           "ALTER TABLE t ALTER b TYPE char(40)",
           "CREATE TYPE e AS ENUM ('x'); ALTER TABLE t DROP b; ALTER TABLE t ADD c e",
       }) {
    const auto result = after(kTable, change);
    EXPECT_TRUE(result.kept()) << change;
    EXPECT_TRUE(result.converted.empty()) << change;
  }
}

TEST_F(RowsTest, ARuleOfItsOwnIsToldApart) {
  const auto result = after(kTable, "ALTER TABLE t ALTER a TYPE text USING 'number ' || a");
  EXPECT_TRUE(result.kept());
  ASSERT_EQ(result.converted.size(), 1U);
  EXPECT_EQ(result.converted[0].object, "column public.t.a");
}

TEST_F(RowsTest, RenamedOnesAreFound) {
  const char* change =
      "ALTER TABLE t RENAME TO people; ALTER TABLE people RENAME b TO full_name; UPDATE people SET full_name = 'x' WHERE id = 3";
  EXPECT_EQ(after(kTable, change).tables, 0) << "nothing of the old name is left";
  const auto result = after(kTable, change, {{"public.t", "public.people"}, {"public.t.b", "public.people.full_name"}});
  ASSERT_EQ(result.differences.size(), 1U);
  EXPECT_EQ(result.differences[0].object, "column public.t.b");
}

TEST_F(RowsTest, PartitionsInheritanceAndHostileNames) {
  const auto result = after(
      "CREATE TABLE pt (k int, v text) PARTITION BY RANGE (k); CREATE TABLE p1 PARTITION OF pt FOR VALUES FROM (0) TO (10);"
      "INSERT INTO pt VALUES (1, 'a'), (2, 'b'); CREATE TABLE up (i int); CREATE TABLE down () INHERITS (up); INSERT INTO down "
      "VALUES (1);"
      "CREATE TABLE \"x'y\"\"z\nq\" (\"a b\" int, \"select\" text); INSERT INTO \"x'y\"\"z\nq\" VALUES (1, 's'); CREATE TABLE "
      "bare ();",
      "CREATE TABLE p2 PARTITION OF pt FOR VALUES FROM (10) TO (20); UPDATE \"x'y\"\"z\nq\" SET \"select\" = 't'; DELETE FROM "
      "down");
  ASSERT_EQ(result.differences.size(), 2U);
  EXPECT_EQ(result.differences[0].object, "column public.\"x'y\"\"z\nq\".\"select\"");
  EXPECT_EQ(result.differences[1].object, "table public.down");
  EXPECT_EQ(result.empty_tables, (std::vector<std::string>{"public.bare", "public.up"}));
}

// A partitioned table that was a plain one: counted as a whole.
TEST_F(RowsTest, PlainToPartitioned) {
  const auto result = after("CREATE TABLE t (k int, v text); INSERT INTO t VALUES (1, 'a'), (2, 'b')",
                            "ALTER TABLE t RENAME TO old; CREATE TABLE t (k int, v text) PARTITION BY RANGE (k); CREATE TABLE p "
                            "PARTITION OF t DEFAULT; "
                            "INSERT INTO t SELECT * FROM old; DROP TABLE old");
  EXPECT_TRUE(result.kept());
  EXPECT_EQ(result.tables, 1);
}

// Rows of a partition that leaves or joins are looked for where they went; rows that are nowhere are missed.
TEST_F(RowsTest, PartitionsLeaveJoinAndMove) {
  const std::string two =
      "CREATE TABLE p (k int, v text) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);"
      "CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2) PARTITION BY LIST (v); CREATE TABLE p2a PARTITION OF p2 DEFAULT;"
      "CREATE TABLE q (v text, k int) PARTITION BY LIST (k); INSERT INTO p VALUES (1, 'a'), (2, 'b'), (2, 'c');"
      "CREATE TABLE alone (k int, v text); INSERT INTO alone VALUES (3, 'x')";
  EXPECT_TRUE(after(two, "ALTER TABLE p DETACH PARTITION p1").kept());
  EXPECT_TRUE(after(two, "ALTER TABLE p DETACH PARTITION p2").kept());
  EXPECT_TRUE(after(two, "ALTER TABLE p ATTACH PARTITION alone FOR VALUES IN (3)").kept());
  EXPECT_TRUE(after(two, "ALTER TABLE p DETACH PARTITION p1; ALTER TABLE q ATTACH PARTITION p1 FOR VALUES IN (1)").kept());
  EXPECT_TRUE(after(two, "ALTER TABLE p DETACH PARTITION p2; ALTER TABLE p2 DETACH PARTITION p2a").kept());
  EXPECT_FALSE(after(two, "ALTER TABLE p DETACH PARTITION p1; DELETE FROM p1").kept());
  EXPECT_FALSE(after(two, "ALTER TABLE p DETACH PARTITION p1; UPDATE p1 SET v = 'z'").kept());
  EXPECT_FALSE(after(two, "ALTER TABLE p DETACH PARTITION p2; DELETE FROM p2 WHERE v = 'c'").kept());
  EXPECT_FALSE(after(two, "DELETE FROM alone; ALTER TABLE p ATTACH PARTITION alone FOR VALUES IN (3)").kept());
}

TEST_F(RowsTest, ASequenceThatGoesBackIsFound) {
  const char* setup = "CREATE TABLE t (id serial); INSERT INTO t DEFAULT VALUES; INSERT INTO t DEFAULT VALUES";
  EXPECT_TRUE(after(setup, "ALTER SEQUENCE t_id_seq AS bigint").kept());
  EXPECT_TRUE(after(setup, "SELECT nextval('t_id_seq')").kept());
  const auto result = after(setup, "ALTER SEQUENCE t_id_seq RESTART");
  ASSERT_EQ(result.differences.size(), 1U);
  EXPECT_EQ(result.differences[0].object, "sequence public.t_id_seq");
}

}  // namespace
}  // namespace pga::proof
