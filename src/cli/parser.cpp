#include "cli/parser.h"

#include <CLI/CLI.hpp>
#include <deque>

#include "base/text.h"
#include "cli/errors.h"

namespace pga::cli {
namespace {

// What CLI11 writes into while it parses; addresses must stay, hence deque.
struct Slot {
  std::string name;
  bool flag = false;
  std::vector<std::string> values;
  std::string choices;
  std::string positional = {};  // a positional takes one word: CLI11 would give a vector all of them
};
using Slots = std::deque<Slot>;

std::string bare(const std::string& option) {
  return option.substr(option.find_first_not_of('-'));
}

void add_option(CLI::App& app, Slots& slots, const Option& option) {
  Slot& slot = slots.emplace_back(Slot{bare(option.name), false, {}, option.choices});
  const std::string names = option.letter.empty() ? option.name : option.letter + "," + option.name;
  if (option.takes == Takes::flag)
    app.add_flag(names, slot.flag);
  else
    app.add_option(names, slot.values)
        ->type_size(1)
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->allow_extra_args(false);
}

void add_positionals(CLI::App& app, Slots& slots, const Command& command) {
  for (const Positional& positional : command.positionals) {
    Slot& slot = slots.emplace_back(Slot{positional.name, false, {}, positional.choices});
    app.add_option(positional.name, slot.positional);
  }
}

Result<Arguments> collect(const Slots& slots) {
  Arguments arguments;
  for (const Slot& slot : slots) {
    if (slot.flag) arguments.add(slot.name, "true");
    auto values = slot.values;
    if (!slot.positional.empty()) values.push_back(slot.positional);
    for (const auto& value : values) {
      const auto choices = split(slot.choices, '|');
      if (!slot.choices.empty() && std::find(choices.begin(), choices.end(), value) == choices.end()) {
        const std::string near = did_you_mean(value, choices);
        return fail("usage", slot.name + " cannot be '" + value + "'; possible: " + join(choices, ", "),
                    near.empty() ? "" : "did you mean '" + near + "'?");
      }
      arguments.add(slot.name, value);
    }
  }
  return arguments;
}

std::vector<std::string> option_names(const Command* command) {
  std::vector<std::string> names;
  for (const auto& option : global_options()) names.push_back(option.name);
  if (command != nullptr) {
    for (const auto& option : command->options) names.push_back(option.name);
  }
  return names;
}

tl::unexpected<Error> unexpected_word(const std::string& word, const Command* command) {
  const std::string help = "pgarchitect " + (command == nullptr ? "" : command->name + " ") + "--help";
  if (word.starts_with("-")) {
    const std::string near = did_you_mean(word.substr(0, word.find('=')), option_names(command));
    return fail("usage", "there is no option " + word,
                near.empty() ? "see " + help : "did you mean " + near + "? (" + help + ")");
  }
  if (command != nullptr) return fail("usage", "'" + word + "' is one argument too many", "see " + help);
  std::vector<std::string> names;
  for (const Command* each : all_commands()) names.push_back(each->name);
  const std::string near = did_you_mean(word, names);
  return fail("unknown-command", "there is no command '" + word + "'",
              near.empty() ? "see pgarchitect --help" : "did you mean 'pgarchitect " + near + "'?");
}

Status check_required(const Command& command, const Arguments& arguments) {
  for (const Positional& positional : command.positionals) {
    if (positional.required && !arguments.has(positional.name)) {
      const std::string example = command.examples.empty() ? "" : "for example: " + command.examples.front().command;
      return fail("usage", "pgarchitect " + command.name + " needs " + positional.name + ": " + positional.meaning, example);
    }
  }
  return {};
}

GlobalOptions globals_of(const Arguments& arguments) {
  GlobalOptions globals;
  globals.json = arguments.has("json");
  globals.no_input = arguments.has("no-input");
  globals.pg_bin = arguments.text("pg-bin");
  globals.server = arguments.text("server");
  if (arguments.has("color")) parse_color(arguments.text("color"), globals.color);
  return globals;
}

}  // namespace

GlobalOptions peek_globals(const std::vector<std::string>& words) {
  GlobalOptions globals;
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--json") globals.json = true;
    if (words[i].starts_with("--color=")) parse_color(words[i].substr(8), globals.color);
    if (words[i] == "--color" && i + 1 < words.size()) parse_color(words[i + 1], globals.color);
  }
  return globals;
}

Result<Invocation> parse_command_line(const std::vector<std::string>& words) {
  CLI::App app;
  app.set_help_flag("");
  app.allow_extras();
  app.require_subcommand(0, 1);
  Slots global_slots;
  for (const auto& option : global_options()) add_option(app, global_slots, option);
  std::map<const CLI::App*, std::pair<const Command*, Slots>> subcommands;
  for (const Command* command : all_commands()) {
    CLI::App* sub = app.add_subcommand(command->name);
    sub->set_help_flag("");
    sub->fallthrough();
    auto& [meaning, slots] = subcommands[sub];
    meaning = command;
    add_positionals(*sub, slots, *command);
    for (const auto& option : command->options) add_option(*sub, slots, option);
  }
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));  // CLI11 wants them in reverse
  } catch (const CLI::ParseError& problem) {
    return fail("usage", problem.what(), "see pgarchitect --help");
  }

  Invocation invocation;
  PGA_TRY(const Arguments globals, collect(global_slots));
  invocation.globals = globals_of(globals);
  const auto chosen = app.get_subcommands();
  if (!chosen.empty()) invocation.command = subcommands.at(chosen.front()).first;
  if (globals.has("version")) {
    invocation.what = Invocation::What::version;
    return invocation;
  }
  if (globals.has("help")) {
    invocation.what = Invocation::What::help;
    return invocation;
  }
  const auto extras = app.remaining(true);
  if (!extras.empty()) return unexpected_word(extras.front(), invocation.command);
  if (invocation.command == nullptr) {
    invocation.what = Invocation::What::help;
    return invocation;
  }
  PGA_TRY(invocation.arguments, collect(subcommands.at(chosen.front()).second));
  PGA_CHECK(check_required(*invocation.command, invocation.arguments));
  return invocation;
}

}  // namespace pga::cli
