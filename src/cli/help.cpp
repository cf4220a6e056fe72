#include "cli/help.h"

#include "base/text.h"
#include "cli/errors.h"

namespace pga::cli {
namespace {

std::string meaning_with_choices(const std::string& meaning, const std::string& choices) {
  return choices.empty() ? meaning : meaning + " One of: " + join(split(choices, '|'), ", ") + ".";
}

Table option_table(std::span<const Option> options) {
  Table table;
  for (const auto& option : options) {
    const std::string many = option.takes == Takes::many ? " May be given several times." : "";
    table.rows.push_back({option_label(option), meaning_with_choices(option.meaning, option.choices) + many});
  }
  return table;
}

}  // namespace

std::string usage_line(const Command& command) {
  std::string line = "pgarchitect " + command.name;
  for (const auto& positional : command.positionals)
    line += positional.required ? " " + positional.name : " [" + positional.name + "]";
  return command.options.empty() ? line : line + " [options]";
}

std::string option_label(const Option& option) {
  std::string label = option.letter.empty() ? option.name : option.letter + ", " + option.name;
  return option.value.empty() ? label : label + " " + option.value;
}

void print_overview(Terminal& out) {
  out.paragraph("pgarchitect " PGA_VERSION
                ": a PostgreSQL schema architect. Compares any two schemas and writes the migration that leads from "
                "one to the other without stopping production, proven on a private server before you see it.");
  out.heading("Commands");
  Table commands;
  for (const Command* command : all_commands()) commands.rows.push_back({command->name, command->summary});
  out.table(commands, 2);
  out.heading("First steps");
  out.table({{},
             {{"pgarchitect diff old.sql new.sql", "what differs"},
              {"pgarchitect plan old.sql new.sql --name next -o migrations", "the migration, up and down, with its proof"},
              {"pgarchitect migrate up --dir migrations --db postgres://…", "run it"}}},
            2);
  out.heading("Options of every command");
  out.table(option_table(global_options()), 2);
  out.line();
  out.paragraph("'pgarchitect help COMMAND' and 'pgarchitect COMMAND --help' say more. Topics of 'pgarchitect help':");
  Table topics;
  for (const auto& topic : all_topics()) topics.rows.push_back({std::string(topic.name), std::string(topic.summary)});
  out.table(topics, 2);
}

void print_command_help(Terminal& out, const Command& command) {
  out.line(out.paint(Style::bold, usage_line(command)));
  out.line();
  out.paragraph(command.description);
  if (!command.positionals.empty()) {
    out.heading("Arguments");
    Table table;
    for (const auto& p : command.positionals) table.rows.push_back({p.name, meaning_with_choices(p.meaning, p.choices)});
    out.table(table, 2);
  }
  out.heading("Examples");
  for (const auto& example : command.examples) {
    out.line("  " + out.paint(Style::green, example.command));
    out.paragraph(example.does, 6);
  }
  if (!command.options.empty()) {
    out.heading("Options");
    out.table(option_table(command.options), 2);
  }
  out.heading("Options of every command");
  out.table(option_table(global_options()), 2);
  out.heading("Exit codes");
  Table exits{{}, {{"0", std::string(exit_meaning(0))}}, {}};
  for (const int code : command.exits) exits.rows.push_back({std::to_string(code), std::string(exit_meaning(code))});
  exits.rows.push_back({"2", std::string(exit_meaning(2))});
  out.table(exits, 2);
}

}  // namespace pga::cli
