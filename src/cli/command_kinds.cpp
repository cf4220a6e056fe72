#include "base/json.h"
#include "cli/command.h"
#include "cli/errors.h"
#include "cli/reference.h"
#include "schema/kind.h"

namespace pga::cli {
namespace {

void print_kind(Terminal& out, const schema::Kind& kind) {
  out.line(out.paint(Style::bold, std::string(kind.slug())) + "  " + std::string(kind.keyword()) + ", read from " +
           std::string(kind.catalog()));
  Table table{{"field", "type", "meaning"}, {}, {}};
  for (const auto& field : kind.fields()) {
    table.rows.push_back({std::string(field.name), std::string(type_name(field.type)), std::string(field.meaning)});
  }
  if (!table.rows.empty()) out.table(table, 2);
}

void print_json(Terminal& out, const std::vector<const schema::Kind*>& kinds) {
  Json json;
  json.object().key("kinds").array();
  for (const auto* kind : kinds) {
    json.object().field("kind", kind->slug()).field("keyword", kind->keyword()).field("catalog", kind->catalog());
    json.field("holds_data", kind->holds_data()).key("fields").array();
    for (const auto& field : kind->fields()) {
      json.object().field("name", field.name).field("type", type_name(field.type));
      json.field("compared", field.compare == schema::Compare::yes).field("meaning", field.meaning).end();
    }
    json.end().end();
  }
  json.end().end();
  out.print(json.take());
}

Result<int> run(Context& context, const Arguments& arguments) {
  std::vector<const schema::Kind*> kinds;
  std::vector<std::string> slugs;
  for (const auto* kind : schema::all_kinds()) {
    slugs.emplace_back(kind->slug());
    if (!arguments.has("KIND") || kind->slug() == arguments.text("KIND")) kinds.push_back(kind);
  }
  if (kinds.empty()) {
    const std::string near = did_you_mean(arguments.text("KIND"), slugs);
    return fail("usage", "there is no kind of object '" + arguments.text("KIND") + "'",
                near.empty() ? "pgarchitect kinds lists them" : "did you mean '" + near + "'?");
  }
  if (context.options.json) {
    print_json(context.out, kinds);
  } else if (arguments.has("KIND")) {
    print_kind(context.out, *kinds.front());
  } else {
    Table table{{"kind", "DDL", "fields"}, {}, {2}};
    for (const auto* kind : kinds) {
      table.rows.push_back({std::string(kind->slug()), std::string(kind->keyword()), std::to_string(kind->fields().size())});
    }
    context.out.table(table);
  }
  return exit_ok;
}

}  // namespace

const Command& kinds_command() {
  static const Command command = {
      .name = "kinds",
      .summary = "List the kinds of object that are understood, and their fields",
      .description =
          "Every kind of object is described once: the fields that are read from the catalogs, compared, printed and "
          "written. A user "
          "object of a kind that is not in this list is reported and stops a plan.",
      .positionals = {{"KIND", "One kind, with all its fields.", false}},
      .options = {},
      .examples = {{"pgarchitect kinds", "The list."}, {"pgarchitect kinds column", "What is known about a column."}},
      .exits = {},
      .run = run};
  return command;
}

}  // namespace pga::cli
