// Conditions in the form in which EXPLAIN prints them.
#include "advise/expression.h"

#include <gmock/gmock.h>

namespace pga::advise {
namespace {
using ::testing::ElementsAre;

TEST(Expression, ConjunctsAreTheOperandsOfTheOutermostAnd) {
  EXPECT_THAT(conjuncts("((o.a = 1) AND (o.b > 'x AND y'::text) AND ((o.c = 2) OR (o.d = 3)))"),
              ElementsAre("(o.a = 1)", "(o.b > 'x AND y'::text)", "((o.c = 2) OR (o.d = 3))"));
  EXPECT_THAT(conjuncts("(o.a = 1)"), ElementsAre("o.a = 1"));
  EXPECT_THAT(disjuncts("((o.c = 2) OR (o.d = 3))"), ElementsAre("(o.c = 2)", "(o.d = 3)"));
}

TEST(Expression, ComparisonsAreTakenApart) {
  struct Case {
    const char* text;
    const char* left;
    const char* op;
    const char* right;
    bool negated;
  };
  const Case cases[] = {
      {"(o.status = 'new'::text)", "o.status", "=", "'new'::text", false},
      {"(o.at >= '2024-01-01 00:00:00+00'::timestamp with time zone)", "o.at",
       ">=", "'2024-01-01 00:00:00+00'::timestamp with time zone", false},
      {"(o.id = ANY ('{1,2}'::integer[]))", "o.id", "= ANY", "('{1,2}'::integer[])", false},
      {"(lower(u.mail) = 'x'::text)", "lower(u.mail)", "=", "'x'::text", false},
      {"((d.body ->> 'k'::text) = '3'::text)", "(d.body ->> 'k'::text)", "=", "'3'::text", false},
      {"(d.body @> '{\"k\": 3}'::jsonb)", "d.body", "@>", "'{\"k\": 3}'::jsonb", false},
      {"((o.name)::text ~~ 'a%'::text)", "(o.name)::text", "~~", "'a%'::text", false},
      {"(o.deleted_at IS NULL)", "o.deleted_at", "IS NULL", "", false},
      {"(o.deleted_at IS NOT NULL)", "o.deleted_at", "IS NOT NULL", "", false},
      {"(NOT o.done)", "o.done", "", "", true},
      {"o.done", "o.done", "", "", false},
      {"(d.place <-> '(1,1)'::point)", "d.place", "<->", "'(1,1)'::point", false},
  };
  for (const auto& one : cases) {
    const auto found = comparison_of(one.text);
    ASSERT_TRUE(found) << one.text;
    EXPECT_EQ(found->left, one.left) << one.text;
    EXPECT_EQ(found->op, one.op) << one.text;
    EXPECT_EQ(found->right, one.right) << one.text;
    EXPECT_EQ(found->negated, one.negated) << one.text;
  }
  EXPECT_FALSE(comparison_of("((o.a = 1) AND (o.b = 2))"));
}

TEST(Expression, ColumnsAreNamesBehindAnAlias) {
  EXPECT_THAT(columns_of("((o.\"Odd\" = app.f(u.x)) AND (o.m = 'a.b'::app.mood))"),
              ElementsAre(ColumnName{"o", "\"Odd\""}, ColumnName{"o", "m"}, ColumnName{"u", "x"}));
  EXPECT_EQ(without_alias("lower(o.name) || o.b", "o"), "lower(name) || b");
  EXPECT_TRUE(is_constant("'2024-01-01'::date"));
  EXPECT_FALSE(is_constant("$0"));
  EXPECT_FALSE(is_constant("(SubPlan 1)"));
  EXPECT_FALSE(is_constant("u.id"));
}

}  // namespace
}  // namespace pga::advise
