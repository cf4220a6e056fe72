#include "base/text.h"
#include "cli/app/app.h"
#include "cli/app/render.h"
#include "cli/app/session.h"
#include "plan/planner.h"
#include "schema/kind.h"

namespace pga::app {
namespace {

void print_text(Terminal& out, const std::vector<plan::Block>& blocks) {
  bool first = true;
  for (const auto& block : blocks) {
    if (!first) out.line();
    first = false;
    for (const auto& statement : block.statements) out.line(paint_sql(out, statement) + ";");
  }
}

void print_json(Terminal& out, const source::Loaded& loaded) {
  Json json;
  json.object()
      .field("version", loaded.model.version)
      .strings("roles", loaded.model.roles)
      .strings("unmodelled", loaded.model.unmodelled);
  json.strings("notes", loaded.notes).key("objects").array();
  for (const auto& [id, object] : loaded.model.objects) object_json(json, object);
  json.end().end();
  out.print(json.take());
}

}  // namespace

Result<int> inspect(cli::Context& context, const InspectOptions& options) {
  Session session(context);
  PGA_CHECK(session.add(options.source));
  source::LoadOptions load;
  load.without_extensions = options.without_extensions;
  PGA_TRY(const auto loaded, session.load_model(0, load));
  if (context.options.json) {
    print_json(context.out, loaded);
    return 0;
  }
  const auto empty = empty_database(loaded.model.version);
  PGA_TRY(const auto blocks, plan::describe_schema(empty, loaded.model));
  print_text(context.out, blocks);
  context.notes(loaded.notes);
  for (const auto& other : loaded.model.unmodelled) {
    context.err.paragraph(context.err.paint(Style::yellow, "warning: ") + "not understood, and not printed: " + other);
  }
  return 0;
}

}  // namespace pga::app
