// A command of the command line as data: what the parser, --help, "did you mean" and the reference page read.
// One file a command (command_<name>.cpp), one line in registry.def. A command is a door: it turns arguments into an
// options struct, calls one function of pga::app, and decides nothing.
#pragma once
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/context.h"

namespace pga::cli {

enum class Takes : uint8_t { flag, one, many };

struct Option {
  std::string name;  // "--name"
  Takes takes = Takes::flag;
  std::string value;         // "NAME", "URL"; empty for a flag
  std::string meaning;       // one sentence
  std::string choices = {};  // "flyway|sqitch": no other value is accepted
  std::string letter = {};   // "-o"
};

struct Positional {
  std::string name;  // "SOURCE"
  std::string meaning;
  bool required = true;
  std::string choices = {};
};

struct Example {
  std::string command;
  std::string does;
};

// What the user wrote, by option name without dashes or positional name.
class Arguments {
 public:
  bool has(std::string_view name) const { return values_.find(name) != values_.end(); }
  std::string text(std::string_view name) const;  // "" when absent; the last one counts
  std::vector<std::string> list(std::string_view name) const;
  void add(const std::string& name, std::string value) { values_[name].push_back(std::move(value)); }

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

struct Command {
  std::string name;
  std::string summary;      // one line, no full stop
  std::string description;  // a short paragraph or two
  std::vector<Positional> positionals;
  std::vector<Option> options;
  std::vector<Example> examples;
  std::vector<int> exits;                                                      // besides 0, 2 and 130, which every command has
  Result<int> (*run)(Context& context, const Arguments& arguments) = nullptr;  // the exit code
};

std::span<const Command* const> all_commands();      // in registry order
const Command* find_command(std::string_view name);  // nullptr: no such command
std::span<const Option> global_options();
// Shared by every command that loads a schema.
Option without_extension_option();

// The nearest of the candidates, or "" when none is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace pga::cli
