#include "cli/cli.h"

#include "cli/errors.h"
#include "cli/help.h"
#include "cli/parser.h"
#include "cli/version.h"

namespace pga::cli {

int run(const std::vector<std::string>& words, Terminal& out, Terminal& err) {
  Context context{peek_globals(words), out, err};
  auto invocation = parse_command_line(words);
  if (!invocation) return report(context, invocation.error());
  context.options = invocation->globals;
  switch (invocation->what) {
    case Invocation::What::version:
      print_version(context);
      return exit_ok;
    case Invocation::What::help:
      if (invocation->command != nullptr)
        print_command_help(out, *invocation->command);
      else
        print_overview(out);
      return words.empty() ? exit_usage : exit_ok;
    case Invocation::What::run:
      break;
  }
  const auto code = invocation->command->run(context, invocation->arguments);
  return code ? *code : report(context, code.error());
}

int run(const std::vector<std::string>& words) {
  const GlobalOptions globals = peek_globals(words);
  Terminal out(stdout, globals.color);
  Terminal err(stderr, globals.color);
  const int code = run(words, out, err);
  out.flush();
  return code;
}

}  // namespace pga::cli
