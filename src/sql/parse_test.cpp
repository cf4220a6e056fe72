#include "sql/parse.h"

#include <gtest/gtest.h>

namespace pga::sql {
namespace {

TEST(Parse, GivesATree) {
  const auto tree = parse("SELECT a FROM t WHERE b = 7");
  ASSERT_TRUE(tree) << to_text(tree.error());
  const Node* select = tree->child("SelectStmt");
  ASSERT_NE(select, nullptr);
  ASSERT_EQ(select->child("fromClause")->items.size(), 1U);
  EXPECT_EQ(select->child("fromClause")->items[0].child("RangeVar")->text("relname"), "t");
  EXPECT_EQ(select->child("whereClause")->child("A_Expr")->integer("location"), 24);
}

TEST(Parse, ErrorsHaveAPlace) {
  const auto tree = parse("SELECT 'é',\n  FROM FROM");
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error().code, "syntax-error");
  EXPECT_EQ(tree.error().place, (Place{"", 2, 3}));
  EXPECT_FALSE(parse("SELECT 1; SELECT 2"));
  EXPECT_FALSE(parse(""));
}

TEST(Parse, HostileInputIsAnError) {
  std::string chain = "SELECT 1";
  for (int i = 0; i < 200000; ++i) chain += "+1";
  EXPECT_EQ(parse(chain).error().code, "statement-too-deep");
  EXPECT_FALSE(parse("SELECT " + std::string(50000, '(') + "1" + std::string(50000, ')')));
  EXPECT_EQ(parse(std::string(5'000'000, ' ')).error().code, "statement-too-large");
  EXPECT_EQ(parse(std::string_view("SELECT 1\0;", 10)).error().code, "nul-byte");
}

TEST(Fingerprint, IgnoresConstantsOnly) {
  EXPECT_EQ(*fingerprint("SELECT a FROM t WHERE b = 7"), *fingerprint("select a  from t where b = 8 -- x"));
  EXPECT_NE(*fingerprint("SELECT a FROM t WHERE b = 7"), *fingerprint("SELECT a FROM t WHERE c = 7"));
  EXPECT_EQ(*normalize("SELECT a FROM t WHERE b = 7 AND c = 'x'"), "SELECT a FROM t WHERE b = $1 AND c = $2");
  EXPECT_EQ(*deparse("select  a from t -- x"), "SELECT a FROM t");
}

}  // namespace
}  // namespace pga::sql
