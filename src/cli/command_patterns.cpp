#include "base/json.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/errors.h"
#include "design/pattern.h"
#include "request/words.h"

namespace pga::cli {
namespace {

void print_json(Terminal& out, const std::vector<const design::Pattern*>& patterns) {
  Json json;
  json.object().key("patterns").array();
  for (const auto* pattern : patterns) {
    json.object().field("pattern", pattern->slug).field("summary", pattern->summary).key("names").array();
    for (const auto& name : request::Words::get().pattern_names(pattern->slug)) json.value(name);
    json.end().end();
  }
  json.end().end();
  out.print(json.take());
}

Result<int> run(Context& context, const Arguments& arguments) {
  std::vector<const design::Pattern*> patterns;
  std::vector<std::string> slugs;
  for (const auto* pattern : design::all_patterns()) {
    slugs.emplace_back(pattern->slug);
    if (!arguments.has("PATTERN") || pattern->slug == arguments.text("PATTERN")) patterns.push_back(pattern);
  }
  if (patterns.empty()) {
    const std::string near = did_you_mean(arguments.text("PATTERN"), slugs);
    return fail("usage", "there is no pattern '" + arguments.text("PATTERN") + "'",
                near.empty() ? "pgarchitect patterns lists them" : "did you mean '" + near + "'?");
  }
  if (context.options.json) {
    print_json(context.out, patterns);
  } else if (arguments.has("PATTERN")) {
    const auto& pattern = *patterns.front();
    context.out.line(context.out.paint(Style::bold, std::string(pattern.slug)) + "  " + std::string(pattern.summary));
    context.out.paragraph("Asked for as: " + join(request::Words::get().pattern_names(pattern.slug), ", ") + ".", 2);
  } else {
    Table table{{"pattern", "what it designs"}, {}, {}};
    for (const auto* pattern : patterns) table.rows.push_back({std::string(pattern->slug), std::string(pattern->summary)});
    context.out.table(table);
  }
  return exit_ok;
}

}  // namespace

const Command& patterns_command() {
  static const Command command = {
      .name = "patterns",
      .summary = "List the patterns that design knows, and the names that ask for them",
      .description =
          "A pattern is what is known of a thing that many applications need: its tables, rules, indexes, questions and "
          "warnings. `pgarchitect design \"add NAME to TABLE\"` applies one.",
      .positionals = {{"PATTERN", "One pattern, with the names that ask for it.", false}},
      .options = {},
      .examples = {{"pgarchitect patterns", "The list."}, {"pgarchitect patterns job-queue", "One of them."}},
      .exits = {},
      .run = run};
  return command;
}

}  // namespace pga::cli
