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

}  // namespace
}  // namespace pga::workload
