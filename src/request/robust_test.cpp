// Whatever is written gets a clear answer, fast: nonsense, nothing, a megabyte, hostile names, other languages.
#include <chrono>

#include "request/table_test.h"

namespace pga::request {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_for(const std::string& text, Understood& result) {
  const auto start = Clock::now();
  result = understand(text, known_schema());
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void expect_spans_inside(const Understood& understood, size_t size) {
  for (const auto& one : understood.statements) EXPECT_TRUE(one.span.begin <= one.span.end && one.span.end <= size);
  for (const auto& one : understood.not_understood) EXPECT_TRUE(one.span.begin < one.span.end && one.span.end <= size);
  for (const auto& one : understood.assumptions) EXPECT_TRUE(one.span.end <= size);
}

TEST(Robust, NothingAndNonsense) {
  for (const std::string text : {"", " ", "\n\n\t", ".", ";;;", "((((", "\"", "?", "- - -", "1. 2. 3."}) {
    const auto understood = understand(text, {});
    EXPECT_TRUE(understood.statements.empty()) << text;
  }
  for (const std::string text : {"colourless green ideas sleep furiously", "asdf qwer zxcv", "the quick brown fox", "foo bar baz",
                                 "🙂🙂🙂 lorem ipsum"}) {
    const auto understood = understand(text, known_schema());
    ASSERT_FALSE(understood.not_understood.empty()) << text;
    for (const auto& item : understood.not_understood) {
      EXPECT_FALSE(item.nearest.empty());
      EXPECT_FALSE(item.example.empty());
      EXPECT_NE(text.find(item.quoted), std::string::npos);
    }
    expect_spans_inside(understood, text.size());
  }
}

// A negation or a number that is not understood may reverse the meaning.
TEST(Robust, NegationsAndNumbersBlock) {
  EXPECT_TRUE(understand("never frobnicate the widgets", {}).blocked());
  EXPECT_TRUE(understand("frobnicate 17 gizmos hither", {}).blocked());
  for (const std::string text : {"a user can not frobnicate 17 gizmos", "users can not follow events",
                                 "an order never belongs to a customer", "we do not store the salary of employees"}) {
    const auto understood = understand(text, known_schema());
    EXPECT_TRUE(understood.blocked() || std::ranges::any_of(understood.statements, &Statement::negated)) << text << "\n"
                                                                                                         << notation(understood);
  }
  EXPECT_FALSE(understand("frobnicate gizmos hither", {}).blocked());
  EXPECT_FALSE(understand("a customer has a name", {}).blocked());
}

TEST(Robust, OtherLanguagesGetOneAnswer) {
  for (const std::string text : {"Jeder Kunde hat einen Namen und mehrere Bestellungen",
                                 "Chaque client a un nom et plusieurs commandes", "Cada cliente tiene un nombre y varios pedidos",
                                 "每个客户有一个名字", "у каждого клиента есть имя", "كل عميل لديه اسم"}) {
    const auto understood = understand(text, known_schema());
    EXPECT_TRUE(understood.statements.empty()) << text << "\n" << notation(understood);
    ASSERT_EQ(understood.not_understood.size(), 1U) << text;
    EXPECT_NE(understood.not_understood[0].nearest.find("English"), std::string::npos) << text;
    expect_spans_inside(understood, text.size());
  }
}

TEST(Robust, HostileNames) {
  for (const std::string text :
       {"add a users; drop table users; -- table", "each \"Robert'); DROP TABLE students;--\" has a name",
        "a cust\x01omer has a na\nme", "a \xff\xfe\xfd has a name", "a customer has a name\xc3",
        "a select has a from and a where", "rename users.\"a\"\"b\" to \"c;d\"", "a customer has (((((((((((((((((((("}) {
    const auto understood = understand(text, known_schema());
    expect_spans_inside(understood, text.size());
    for (const auto& one : understood.statements) {
      for (const auto& name : {one.subject, one.object}) EXPECT_EQ(name.find_first_of("\n\r;'\""), std::string::npos) << name;
    }
  }
}

TEST(Robust, AMegabyteInUnderASecond) {
  const std::vector<std::string> sentences = {"each customer has a name, an email and several orders. ",
                                              "blah blorp zonk wibble 17 not fnord. ",
                                              "a b c d e f g ",
                                              "((((",
                                              "not ",
                                              "users follow users and ",
                                              "keep it 90 days, ",
                                              "\n- ",
                                              "x1 y2 z3 "};
  for (const auto& sentence : sentences) {
    std::string text;
    while (text.size() < (1U << 20)) text += sentence;
    Understood result;
    const double seconds = seconds_for(text, result);
#if !defined(__SANITIZE_ADDRESS__) && defined(__OPTIMIZE__)
    EXPECT_LT(seconds, 1.0) << sentence;
#endif
    std::printf("1 MB of “%s”: %.2f s\n", sentence.c_str(), seconds);
    expect_spans_inside(result, text.size());
  }
  std::string words;  // words that are all different
  for (unsigned at = 0; words.size() < (1U << 20); ++at)
    words += "w" + std::string(1, static_cast<char>('a' + at % 26)) + std::string(1, static_cast<char>('a' + at / 26 % 26)) +
             std::string(1, static_cast<char>('a' + at / 676 % 26)) + "q" + (at % 12 == 0 ? ". " : " ");
  Understood result;
  const double seconds = seconds_for(words, result);
  std::printf("1 MB of unknown words: %.2f s\n", seconds);
#if !defined(__SANITIZE_ADDRESS__) && defined(__OPTIMIZE__)
  EXPECT_LT(seconds, 1.0);
#endif
}

TEST(Robust, TheSameTextGivesTheSameAnswer) {
  const std::string text = "a cusotmer has a name. orders have a status. zzz yyy. add tags to orders";
  EXPECT_EQ(notation(understand(text, {})), notation(understand(text, {})));
}

TEST(Robust, TyposAreRepairedAndReported) {
  const auto typo = [](std::string_view text) {
    std::vector<std::string> repairs;
    for (const auto& one : understand(text, known_schema()).assumptions) {
      if (one.rule == "R-typo") repairs.push_back(one.text);
    }
    return repairs;
  };
  EXPECT_EQ(typo("a custmer has a name").size(), 1U);
  EXPECT_EQ(typo("threded comments on events").size(), 1U);
  EXPECT_EQ(typo("a reservaton has a date").size(), 1U);
  EXPECT_EQ(typo("a venue has a name and a value").size(), 0U);             // both are words
  EXPECT_EQ(typo("a zqx has a name").size(), 0U);                           // three letters
  EXPECT_EQ(typo("each flurb has a name; a flurb has a date").size(), 0U);  // used twice: meant
}

}  // namespace
}  // namespace pga::request
