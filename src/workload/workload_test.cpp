#include "workload/workload.h"

#include <gtest/gtest.h>

namespace pga::workload {
namespace {

TEST(Workload, SqlFilesHaveWeights) {
  const auto read = read_sql(
      "SELECT 1;\n-- pgarchitect: weight 10\nSELECT 2;\nBEGIN;\n/* c */ WITH a AS (SELECT 1) SELECT * FROM a;\nSET x = "
      "1;\n(SELECT 3);\n",
      "q.sql");
  ASSERT_TRUE(read);
  ASSERT_EQ(read->queries.size(), 4U);
  EXPECT_EQ(read->queries[0].name, "q.sql:1");
  EXPECT_EQ(read->queries[0].weight, 1);
  EXPECT_EQ(read->queries[1].weight, 10);
  EXPECT_EQ(read->queries[1].name, "q.sql:3");
  EXPECT_EQ(read->queries[2].weight, 1);
  EXPECT_EQ(read->utility, 2);
}

TEST(Workload, ParametersAreCountedOutsideOfQuotes) {
  EXPECT_EQ(parameters_of("SELECT $1, '$9', $3 -- $7"), 3);
  EXPECT_EQ(parameters_of("SELECT 1"), 0);
}

// The lines are those of PostgreSQL 15 with the settings that the names say.
TEST(Workload, ServerLogsOfThreeFormats) {
  const char* stderr_log =
      "2026-11-27 02:00:00.000 UTC [10] LOG:  duration: 12.500 ms  statement: SELECT * FROM t\n"
      "\tWHERE a = 1;\n"
      "2026-11-27 02:00:01.000 UTC [10] LOG:  duration: 2.000 ms  execute <unnamed>: SELECT * FROM u WHERE b = $1 AND c = $2\n"
      "2026-11-27 02:00:01.000 UTC [10] DETAIL:  parameters: $1 = 'it''s', $2 = NULL\n"
      "2026-11-27 02:00:02.000 UTC [10] LOG:  duration: 7.500 ms  statement: SELECT * FROM t WHERE a = 2\n"
      "2026-11-27 02:00:03.000 UTC [10] LOG:  statement: BEGIN\n"
      "2026-11-27 02:00:03.500 UTC [10] ERROR:  relation \"x\" does not exist\n"
      "2026-11-27 02:00:04.000 UTC [10] LOG:  duration: 1.000 ms  plan:\n"
      "\tQuery Text: SELECT 1 FROM v\n"
      "\tSeq Scan on v  (cost=0.00..1.00 rows=1 width=4)\n";
  const auto read = read_any(stderr_log, "s.log");
  ASSERT_TRUE(read);
  ASSERT_EQ(read->queries.size(), 3U);
  EXPECT_EQ(read->queries[0].text, "SELECT * FROM t\nWHERE a = 1");
  EXPECT_EQ(read->queries[0].weight, 2);
  EXPECT_EQ(read->queries[0].mean_ms, 10);
  EXPECT_EQ(read->queries[1].text, "SELECT * FROM u WHERE b = 'it''s' AND c = NULL");
  EXPECT_EQ(read->queries[1].name, "s.log:3");
  EXPECT_EQ(read->queries[2].text, "SELECT 1 FROM v");
  EXPECT_EQ(read->utility, 1);
  const auto csv = read_any(
      "2026-11-27 02:00:00.000 UTC,\"u\",\"d\",10,\"[local]\",65,1,\"SELECT\",2026-11-27 02:00:00 UTC,3/0,0,LOG,00000,"
      "\"duration: 3.000 ms  statement: SELECT \"\"A\"\"\nFROM t\",,,,,,,,,\"psql\",\"client backend\",,0\n",
      "c.csv");
  ASSERT_TRUE(csv);
  ASSERT_EQ(csv->queries.size(), 1U);
  EXPECT_EQ(csv->queries[0].text, "SELECT \"A\"\nFROM t");
  const auto json = read_any(
      "{\"timestamp\":\"2026-11-27 02:00:00.000 UTC\",\"pid\":10,\"error_severity\":\"LOG\",\"message\":\"duration: 4.000 ms  "
      "execute s1: SELECT $1::int\",\"detail\":\"parameters: $1 = '5'\"}\n",
      "j.json");
  ASSERT_TRUE(json);
  ASSERT_EQ(json->queries.size(), 1U);
  EXPECT_EQ(json->queries[0].text, "SELECT '5'::int");
  EXPECT_EQ(json->queries[0].mean_ms, 4);
}

}  // namespace
}  // namespace pga::workload
