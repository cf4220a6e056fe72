#include "cli/errors.h"
#include "cli/help.h"

namespace pga::cli {
namespace {

void print_topic(Terminal& out, const Topic& topic) {
  if (topic.name == "exit-codes") {
    Table table{{"code", "meaning"}, {}, {0}};
    for (const auto& code : all_exit_codes()) table.rows.push_back({std::to_string(code.number), std::string(code.meaning)});
    out.table(table);
    return;
  }
  out.paragraph(topic.text);
}

Result<int> run(Context& context, const Arguments& arguments) {
  const std::string word = arguments.text("TOPIC");
  if (word.empty()) {
    print_overview(context.out);
    return exit_ok;
  }
  if (const Command* command = find_command(word); command != nullptr) {
    print_command_help(context.out, *command);
    return exit_ok;
  }
  std::vector<std::string> names;
  for (const Command* command : all_commands()) names.push_back(command->name);
  for (const auto& topic : all_topics()) {
    names.emplace_back(topic.name);
    if (topic.name == word) {
      print_topic(context.out, topic);
      return exit_ok;
    }
  }
  const std::string near = did_you_mean(word, names);
  return fail("unknown-topic", "there is no help topic '" + word + "'",
              near.empty() ? "pgarchitect help lists them" : "did you mean 'pgarchitect help " + near + "'?");
}

}  // namespace

const Command& help_command() {
  static const Command command = {
      .name = "help",
      .summary = "Explain a command or a topic",
      .description = "Help for a command, or for a topic that belongs to no single command.",
      .positionals = {{"TOPIC", "A command, or one of: sources, servers, renames, exit-codes, environment.", false}},
      .options = {},
      .examples = {{"pgarchitect help sources", "Everything that can stand for a schema."},
                   {"pgarchitect help plan", "The same as pgarchitect plan --help."}},
      .exits = {},
      .run = run};
  return command;
}

}  // namespace pga::cli
