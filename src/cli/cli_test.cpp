#include "cli/cli.h"

#include <gmock/gmock.h>

#include <set>

#include "base/text.h"
#include "cli/command.h"
#include "cli/errors.h"
#include "cli/help.h"
#include "cli/parser.h"
#include "cli/reference.h"

namespace pga::cli {
namespace {
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

struct Outcome {
  int code;
  std::string out;
  std::string err;
};

Outcome run_words(const std::vector<std::string>& words) {
  Outcome result{};
  Terminal out(result.out, 100);
  Terminal err(result.err, 100);
  result.code = run(words, out, err);
  return result;
}

TEST(CommandLine, WrongWordsSayTheNearestRightOne) {
  struct Case {
    std::vector<std::string> words;
    int code;
    const char* says;
  };
  const Case cases[] = {
      {{"dif", "a", "b"}, 2, "did you mean 'pgarchitect diff'?"},
      {{"imspect"}, 2, "did you mean 'pgarchitect inspect'?"},
      {{"frobnicate"}, 2, "see pgarchitect --help"},
      {{"plan", "a", "b", "--ofline"}, 2, "did you mean --offline?"},
      {{"plan", "a", "b", "--nam=x"}, 2, "did you mean --name?"},
      {{"diff", "a"}, 2, "pgarchitect diff needs TO"},
      {{"diff", "a", "b", "c"}, 2, "'c' is one argument too many"},
      {{"migrate", "upp", "--db", "x", "--dir", "y"}, 2, "did you mean 'up'?"},
      {{"migrate", "up", "--dir", "y"}, 2, "give --db URL"},
      {{"plan", "a", "b", "--name"}, 2, "--name"},
      {{"kinds", "colum"}, 2, "did you mean 'column'?"},
      {{"help", "source"}, 2, "did you mean 'pgarchitect help sources'?"},
      {{"kinds", "--color=sometimes"}, 2, "possible: auto, always, never"},
  };
  for (const auto& [words, code, says] : cases) {
    const Outcome result = run_words(words);
    EXPECT_EQ(result.code, code) << join(words, " ");
    EXPECT_THAT(result.err, HasSubstr(says)) << join(words, " ");
    EXPECT_THAT(result.out, IsEmpty()) << join(words, " ");
  }
}

TEST(CommandLine, ReadsOptionsBeforeAndBehindTheCommand) {
  const auto parsed = parse_command_line({"--pg-bin", "/x", "plan", "a.sql", "--rename", "a.b=c", "b.sql", "--rename", "a.d=e",
                                          "-o", "out", "--no-input", "--server=host=/tmp"});
  ASSERT_TRUE(parsed) << to_text(parsed.error());
  EXPECT_EQ(parsed->command->name, "plan");
  EXPECT_EQ(parsed->arguments.text("FROM"), "a.sql");
  EXPECT_EQ(parsed->arguments.text("TO"), "b.sql");
  EXPECT_THAT(parsed->arguments.list("rename"), ElementsAre("a.b=c", "a.d=e"));
  EXPECT_EQ(parsed->arguments.text("output"), "out");
  EXPECT_EQ(parsed->globals.pg_bin, "/x");
  EXPECT_EQ(parsed->globals.server, "host=/tmp");
  EXPECT_TRUE(parsed->globals.no_input);
}

TEST(CommandLine, AnErrorIsJsonWhenJsonIsWanted) {
  const Outcome result = run_words({"--json", "dif"});
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, IsEmpty());
  EXPECT_THAT(result.out, HasSubstr("\"code\": \"unknown-command\""));
  EXPECT_THAT(result.out, HasSubstr("\"place\": null"));
}

TEST(Help, EveryCommandTeachesWithExamples) {
  std::set<std::string> names;
  for (const Command* command : all_commands()) {
    EXPECT_TRUE(names.insert(command->name).second) << command->name << " twice";
    EXPECT_FALSE(command->examples.empty()) << command->name;
    EXPECT_THAT(command->summary, Not(HasSubstr("\n")));
    const Outcome result = run_words({command->name, "--help"});
    EXPECT_EQ(result.code, 0);
    for (const auto& example : command->examples) EXPECT_THAT(result.out, HasSubstr(example.command));
    for (const auto& option : command->options) EXPECT_THAT(result.out, HasSubstr(option.name));
  }
}

// As a shell splits: at blanks, but for what stands in single quotes.
std::vector<std::string> shell_words(const std::string& line) {
  std::vector<std::string> out;
  bool quoted = false, open = false;
  for (const char c : line) {
    if (c == '\'') {
      quoted = !quoted;
      if (!open) out.emplace_back();
      open = true;
    } else if (c == ' ' && !quoted) {
      open = false;
    } else {
      if (!open) out.emplace_back();
      open = true;
      out.back() += c;
    }
  }
  return out;
}

// An example that its own command line refuses would teach a mistake. (What it prints is the business of the docs'
// test.)
TEST(Help, EveryExampleCanBeParsed) {
  for (const Command* command : all_commands()) {
    for (const auto& example : command->examples) {
      auto words = shell_words(example.command.substr(0, example.command.find(" > ")));
      ASSERT_EQ(words.front(), "pgarchitect");
      words.erase(words.begin());
      const auto parsed = parse_command_line(words);
      EXPECT_TRUE(parsed) << example.command << ": " << (parsed ? "" : to_text(parsed.error()));
    }
  }
}

TEST(Help, TopicsAndOverview) {
  for (const auto& topic : all_topics()) {
    const Outcome result = run_words({"help", std::string(topic.name)});
    EXPECT_EQ(result.code, 0);
    EXPECT_GT(result.out.size(), 100U) << topic.name;
    EXPECT_THAT(run_words({"help", "help"}).out, HasSubstr(std::string(topic.name)));
  }
  EXPECT_EQ(run_words({"--help"}).code, 0);
  EXPECT_EQ(run_words({}).code, 2);
  EXPECT_THAT(run_words({"--version"}).out, HasSubstr("libpq 1"));
}

TEST(Errors, CodesAreUniqueAndHaveAnExit) {
  std::set<std::string_view> codes;
  for (const auto& error : all_error_codes()) {
    EXPECT_TRUE(codes.insert(error.code).second) << error.code << " twice";
    EXPECT_FALSE(exit_meaning(error.exit).empty()) << error.code;
  }
  EXPECT_EQ(exit_code_of({.code = "connection-failed"}), 6);
  EXPECT_EQ(exit_code_of({.code = "a-code-nobody-listed"}), 3);
}

TEST(Reference, EveryHazardIsDescribed) {
  // The enumeration ends where to_text() knows no name.
  for (int i = 0; i <= static_cast<int>(plan::Hazard::not_reversible); ++i) {
    bool found = false;
    for (const auto& info : all_hazards()) found = found || static_cast<int>(info.hazard) == i;
    EXPECT_TRUE(found) << plan::to_text(static_cast<plan::Hazard>(i));
  }
}

}  // namespace
}  // namespace pga::cli
