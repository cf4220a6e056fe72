#include "sql/split.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pga::sql {
namespace {

struct Case {
  const char* name;
  std::string text;
  std::vector<std::string> items;  // '@' before COPY data, meta-commands as they are
};

std::vector<std::string> shown(const Script& script) {
  std::vector<std::string> out;
  for (const auto& item : script.items) out.push_back((item.type == ItemType::copy_data ? "@" : "") + std::string(item.text));
  return out;
}

class Split : public ::testing::TestWithParam<Case> {};

// The expected items are what psql 15 sends (psql -a -e -f) and what its manual says of each form.
TEST_P(Split, GivesWhatPsqlSends) {
  auto script = split(GetParam().text, "x.sql");
  ASSERT_TRUE(script) << to_text(script.error());
  EXPECT_EQ(shown(*script), GetParam().items);
  for (const auto& item : script->items) {
    EXPECT_EQ(GetParam().text.substr(item.offset, item.text.size()), item.text);
    EXPECT_EQ(place_at(GetParam().text, item.offset, "").line, item.line);
    EXPECT_EQ(place_at(GetParam().text, item.offset, "").column, item.column);
  }
}

const Case kCases[] = {
    {"empty", "", {}},
    {"only_comments", "-- a;\n/* b; /* c; */ d; */\n;;", {}},
    {"two", "SELECT 1; SELECT 2;", {"SELECT 1", "SELECT 2"}},
    {"no_final_semicolon", "SELECT 1", {"SELECT 1"}},
    {"bom", "\xEF\xBB\xBFSELECT 1;", {"SELECT 1"}},
    {"crlf", "SELECT 1;\r\nSELECT 2;\r\n", {"SELECT 1", "SELECT 2"}},
    {"quotes", "SELECT 'a;''b;'; SELECT \"x;\"\"y\";", {"SELECT 'a;''b;'", "SELECT \"x;\"\"y\""}},
    {"backslash_is_plain", "SELECT 'a\\'; SELECT 2;", {"SELECT 'a\\'", "SELECT 2"}},
    {"escape_string", "SELECT E'a\\';b'; SELECT 2;", {"SELECT E'a\\';b'", "SELECT 2"}},
    {"escape_continues", "SELECT E'a' -- c\n 'b\\';c'; SELECT 2;", {"SELECT E'a' -- c\n 'b\\';c'", "SELECT 2"}},
    {"old_strings",
     "SET standard_conforming_strings = off; SELECT 'a\\';b'; SELECT 2;",
     {"SET standard_conforming_strings = off", "SELECT 'a\\';b'", "SELECT 2"}},
    {"name_ending_in_e", "SELECT note'a\\'; SELECT 2;", {"SELECT note'a\\'", "SELECT 2"}},
    {"unicode_name", "SELECT U&\"d;\\0061\" UESCAPE '!'; SELECT 2;", {"SELECT U&\"d;\\0061\" UESCAPE '!'", "SELECT 2"}},
    {"dollars", "DO $$ ; $x$ ; $$; SELECT $a$;$$;$a$;", {"DO $$ ; $x$ ; $$", "SELECT $a$;$$;$a$"}},
    {"dollar_in_name", "SELECT a$b$; SELECT 2;", {"SELECT a$b$", "SELECT 2"}},
    {"parameter", "SELECT $1; SELECT 2;", {"SELECT $1", "SELECT 2"}},
    {"operator_before_comment", "SELECT 2 +-- ;\n 1; SELECT 4*/* ; */2;", {"SELECT 2 +-- ;\n 1", "SELECT 4*/* ; */2"}},
    {"rule",
     "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3;",
     {"CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)", "SELECT 3"}},
    {"atomic",
     "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END; SELECT 3;",
     {"CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END", "SELECT 3"}},
    {"begin_is_a_statement", "BEGIN; SELECT 1; END; SELECT 2;", {"BEGIN", "SELECT 1", "END", "SELECT 2"}},
    {"function_named_begin",
     "CREATE FUNCTION \"begin\"() RETURNS int LANGUAGE sql AS 'select 1'; SELECT 2;",
     {"CREATE FUNCTION \"begin\"() RETURNS int LANGUAGE sql AS 'select 1'", "SELECT 2"}},
    {"copy",
     "COPY public.t (a, b) FROM stdin;\n1\tx;'y\n\\N\t$$\n\\.\n\nSELECT 1;",
     {"COPY public.t (a, b) FROM stdin", "@1\tx;'y\n\\N\t$$\n", "SELECT 1"}},
    {"copy_crlf", "COPY t FROM STDIN;\r\n1\r\n\\.\r\nSELECT 1;", {"COPY t FROM STDIN", "@1\r\n", "SELECT 1"}},
    {"copy_empty", "COPY t FROM stdin;\n\\.\nSELECT 1;", {"COPY t FROM stdin", "@", "SELECT 1"}},
    {"copy_to_the_end", "COPY t FROM stdin WITH (FORMAT csv);\n1,2\n", {"COPY t FROM stdin WITH (FORMAT csv)", "@1,2\n"}},
    {"copy_of_a_query", "COPY (SELECT * FROM stdin) TO stdout; SELECT 1;", {"COPY (SELECT * FROM stdin) TO stdout", "SELECT 1"}},
    {"restrict", "\\restrict abc\nSELECT 1;\n\\unrestrict abc\n", {"\\restrict abc", "SELECT 1", "\\unrestrict abc"}},
    {"g_sends", "SELECT 1 \\g\nSELECT 2;", {"SELECT 1", "SELECT 2"}},
    {"g_sends_copy", "COPY t FROM stdin \\g\n1\n\\.\nSELECT 2;", {"COPY t FROM stdin", "@1\n", "SELECT 2"}},
    {"command_in_copy", "COPY t FROM stdin \\i x\n\\.\n", {"COPY t FROM stdin", "\\i x", "\\."}},
    {"backslash_semicolon", "SELECT 1\\; SELECT 2;", {"SELECT 1", "SELECT 2"}},
    {"pg17",
     "MERGE INTO t USING s ON t.a = s.a WHEN NOT MATCHED BY SOURCE THEN DELETE RETURNING merge_action(); SELECT 1;",
     {"MERGE INTO t USING s ON t.a = s.a WHEN NOT MATCHED BY SOURCE THEN DELETE RETURNING merge_action()", "SELECT 1"}},
    {"pg18",
     "CREATE TABLE t (a int, p int4range, PRIMARY KEY (a, p WITHOUT OVERLAPS), b int GENERATED ALWAYS AS (a) VIRTUAL); SELECT "
     "1_000;",
     {"CREATE TABLE t (a int, p int4range, PRIMARY KEY (a, p WITHOUT OVERLAPS), b int GENERATED ALWAYS AS (a) VIRTUAL)",
      "SELECT 1_000"}},
    {"latin1_declared",
     "SET client_encoding = 'LATIN1';\nSELECT 'caf\xE9';",
     {"SET client_encoding = 'LATIN1'", "SELECT 'caf\xE9'"}},
};
INSTANTIATE_TEST_SUITE_P(Cases, Split, ::testing::ValuesIn(kCases), [](const auto& test) { return test.param.name; });

struct Bad {
  const char* name;
  std::string text;
  const char* code;
  int line, column;
};
class SplitError : public ::testing::TestWithParam<Bad> {};

TEST_P(SplitError, NamesThePlace) {
  auto script = split(GetParam().text, "x.sql");
  ASSERT_FALSE(script);
  EXPECT_EQ(script.error().code, GetParam().code);
  EXPECT_EQ(script.error().place, (Place{"x.sql", GetParam().line, GetParam().column}));
}

const Bad kBad[] = {
    {"quote", "SELECT 1;\n  SELECT 'abc;\n", "unterminated-quote", 2, 10},
    {"name", "SELECT \"abc", "unterminated-quote", 1, 8},
    {"dollar", "DO $x$ $y$", "unterminated-quote", 1, 4},
    {"comment", "/* a /* b */", "unterminated-comment", 1, 1},
    {"nul", std::string("SELECT 1;\nSEL\0ECT", 17), "nul-byte", 2, 4},
    {"invalid", "SELECT 'h\xC3\xA9';\n-- \xFF", "invalid-utf8", 2, 4},
    {"invalid_in_copy", "COPY t FROM stdin;\n\xE9\n\\.\n", "invalid-utf8", 2, 1},
    {"utf16", std::string("\xFF\xFES\0E\0", 6), "utf16-file", 1, 1},
};
INSTANTIATE_TEST_SUITE_P(Cases, SplitError, ::testing::ValuesIn(kBad), [](const auto& test) { return test.param.name; });

TEST(SplitPlaces, CountCharactersAndLines) {
  auto script = split("-- é\n  SELECT 'é'; SELECT 2;", "x.sql");
  ASSERT_TRUE(script);
  ASSERT_EQ(script->items.size(), 2U);
  EXPECT_EQ(script->items[0].line, 2);
  EXPECT_EQ(script->items[0].column, 3);
  EXPECT_EQ(script->items[1].column, 15);  // two spaces, "SELECT 'é';" is 11 characters, one space
}

TEST(SplitSize, HugeAndDeepInputsAreNoDanger) {
  const std::string big = "SELECT '" + std::string(50'000'000, 'x') + "'";
  auto script = split(big + ";SELECT 1", "x.sql");
  ASSERT_TRUE(script);
  EXPECT_EQ(script->items.size(), 2U);
  script = split(std::string(1'000'000, '(') + ";" + std::string(1'000'000, '/'), "x.sql");
  ASSERT_TRUE(script);
  EXPECT_EQ(script->items.size(), 1U);
  std::string comments;
  for (int i = 0; i < 500'000; ++i) comments += "/*";
  EXPECT_EQ(split(comments, "x.sql").error().code, "unterminated-comment");
}

}  // namespace
}  // namespace pga::sql
