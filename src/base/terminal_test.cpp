#include "base/terminal.h"

#include <gmock/gmock.h>

#include <cstdlib>

#include "base/json.h"
#include "base/utf8.h"

namespace pga {
namespace {
using ::testing::ElementsAre;

TEST(Utf8, WidthCountsColumnsNotBytes) {
  struct Case {
    const char* text;
    int width;
  };
  for (const auto& [text, width] : {Case{"", 0}, Case{"users", 5}, Case{"größe", 5}, Case{"日本", 4}, Case{"e\u0301", 1},
                                    Case{"\x1B[31mred\x1B[0m", 3}, Case{"👍", 2}, Case{"\xFF", 1}}) {
    EXPECT_EQ(display_width(text), width) << text;
  }
}

TEST(Utf8, RefusesWhatTheStandardRefuses) {
  // overlong, surrogate, above U+10FFFF, cut short (The Unicode Standard, table 3-7)
  for (const char* text : {"\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE6\x97", "\x80"}) {
    EXPECT_FALSE(decode_utf8(text, 0).valid) << text;
  }
  EXPECT_TRUE(decode_utf8("\xF4\x8F\xBF\xBF", 0).valid);
}

TEST(Table, AlignsByDisplayWidth) {
  EXPECT_THAT(layout({{"name", "rows"}, {{"größe", "7"}, {"日本", "1200"}}, {1}}, 0),
              ElementsAre("name   rows", "größe     7", "日本   1200"));
}

TEST(Table, WrapsTheWidestColumn) {
  EXPECT_THAT(layout({{}, {{"add", "a column with a default that is volatile"}}}, 25),
              ElementsAre("add  a column with a", "     default that is", "     volatile"));
}

TEST(Table, ARowMayBeShort) {
  EXPECT_THAT(layout({{"a", "b"}, {{"x"}}}, 0), ElementsAre("a  b", "x"));
}

TEST(Wrap, BreaksALongWordAndKeepsNewlines) {
  EXPECT_THAT(wrap("abcdefgh\nx", 5), ElementsAre("abcde", "fgh", "x"));
  EXPECT_THAT(wrap("a b\n\nc", 0), ElementsAre("a b", "", "c"));
  EXPECT_THAT(wrap("  one two three", 10), ElementsAre("  one two", "  three"));
}

TEST(Terminal, NoColourInAString) {
  std::string text;
  Terminal terminal(text, 0);
  terminal.heading("Tables");
  terminal.line(terminal.paint(Style::red, "x"));
  terminal.heading("Views");
  EXPECT_EQ(text, "Tables\nx\n\nViews\n");
}

TEST(Terminal, ColourAlwaysIsColourInAPipe) {
  std::FILE* file = std::tmpfile();
  ASSERT_NE(file, nullptr);
  EXPECT_FALSE(Terminal(file, ColorMode::automatic).colors());
  EXPECT_TRUE(Terminal(file, ColorMode::always).colors());
  EXPECT_FALSE(Terminal(file, ColorMode::never).colors());
  Terminal terminal(file, ColorMode::always);
  Progress(terminal).show("working");  // not a terminal: nothing
  terminal.flush();
  EXPECT_EQ(std::ftell(file), 0);
  std::fclose(file);
}

TEST(Json, KeepsTheOrderOfKeys) {
  Json json;
  json.object().field("z", 1).field("a", true).key("list").array().value("x").null().end().key("none").array().end().end();
  EXPECT_EQ(json.take(), "{\n  \"z\": 1,\n  \"a\": true,\n  \"list\": [\n    \"x\",\n    null\n  ],\n  \"none\": []\n}\n");
}

TEST(Json, EscapesWhatRfc8259Demands) {
  EXPECT_EQ(json_quote("a\"b\\c\n\t\x01"), "\"a\\\"b\\\\c\\n\\t\\u0001\"");
  EXPECT_EQ(json_quote(std::string_view("\0", 1)), "\"\\u0000\"");
  EXPECT_EQ(json_quote("größe"), "\"größe\"");
  EXPECT_EQ(json_quote("a\xFFz"), "\"a\xEF\xBF\xBDz\"");
}

TEST(Json, Numbers) {
  Json json(false);
  json.array().value(0.1).value(1e300).value(-5LL).value(1.0 / 0.0).end();
  EXPECT_EQ(json.take(), "[0.1,1e+300,-5,null]\n");
}

}  // namespace
}  // namespace pga
