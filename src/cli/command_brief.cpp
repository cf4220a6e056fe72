#include "cli/app/brief.h"
#include "cli/command.h"
#include "cli/errors.h"

namespace pga::cli {
namespace {

Result<int> run(Context& context, const Arguments& arguments) {
  app::BriefOptions options;
  options.action = arguments.text("ACTION");
  options.file = arguments.text("FILE");
  options.write = arguments.has("write");
  return app::brief(context, options);
}

}  // namespace

const Command& brief_command() {
  static const Command command = {
      .name = "brief",
      .summary = "Lay out, check or explain a brief: the file that states a requirement",
      .description =
          "'fmt' prints the brief laid out (or writes it back with --write); 'check' names every line that is not understood, "
          "with line, column and a corrected example; 'explain' says in plain sentences what each statement means, what was "
          "assumed and what would be asked. 'check' and 'explain' read plain sentences and the brief's JSON form as well.",
      .positionals =
          {{.name = "ACTION", .meaning = "What to do with the file.", .required = true, .choices = "fmt|check|explain"},
           {.name = "FILE", .meaning = "The brief."}},
      .options = {{.name = "--write", .meaning = "With fmt: write the file instead of printing it."}},
      .examples = {{"pgarchitect brief check shop.brief", "Name every line that is not understood."},
                   {"pgarchitect brief fmt shop.brief --write", "Lay the file out."},
                   {"pgarchitect brief explain shop.brief", "Say what each statement means."}},
      .exits = {exit_difference, exit_source},
      .run = run};
  return command;
}

}  // namespace pga::cli
