#include "base/text.h"
#include "cli/app/app.h"
#include "cli/app/render.h"
#include "cli/app/session.h"
#include "cli/errors.h"
#include "diff/compare.h"
#include "proof/pipeline.h"
#include "schema/kind.h"

namespace pga::app {
namespace {

std::string shown(const schema::Value& value) {
  if (!value) return "nothing";
  std::string text = *value;
  if (text == "t") return "yes";
  if (text == "f") return "no";
  return text;
}

void print_text(Terminal& out, const std::vector<diff::Difference>& differences) {
  for (const auto& one : differences) {
    const std::string name = schema::to_text(one.id);
    if (one.type == diff::Type::added) {
      out.line(out.paint(Style::green, "+ " + name) +
               (one.parts > 0 ? out.paint(Style::dim, "  with " + std::to_string(one.parts) + " parts") : ""));
    } else if (one.type == diff::Type::removed) {
      out.line(out.paint(Style::red, "- " + name) +
               (one.parts > 0 ? out.paint(Style::dim, "  with " + std::to_string(one.parts) + " parts") : ""));
    } else {
      out.line(out.paint(Style::yellow, "~ " + name));
      for (const auto& field : one.fields) {
        const std::string from = shown(field.from), to = shown(field.to);
        if (from.find('\n') == std::string::npos && to.find('\n') == std::string::npos && from.size() + to.size() < 100) {
          out.line("    " + field.field + ": " + out.paint(Style::red, from) + " -> " + out.paint(Style::green, to));
          continue;
        }
        out.line("    " + field.field + ":");
        for (const auto& line : split(from, '\n')) out.line("      " + out.paint(Style::red, "- " + line));
        for (const auto& line : split(to, '\n')) out.line("      " + out.paint(Style::green, "+ " + line));
      }
    }
  }
}

void value_json(Json& json, std::string_view key, const schema::Value& value) {
  json.key(key);
  if (value) {
    json.value(*value);
  } else {
    json.null();
  }
}

void print_json(Terminal& out, const std::vector<diff::Difference>& differences, const proof::MadePlan& made) {
  Json json;
  json.object().key("renames").array();
  for (const auto& rename : made.renames) json.value(diff::to_text(rename));
  for (const auto& rename : made.own_renames) json.value(diff::to_text(rename));
  json.end().key("rename_candidates").array();
  for (const auto& candidate : made.candidates) {
    json.object()
        .field("rename", diff::to_text(candidate.rename))
        .field("likeness", candidate.likeness)
        .strings("evidence", candidate.evidence)
        .end();
  }
  json.end().key("differences").array();
  for (const auto& one : differences) {
    json.object().field("type", diff::to_text(one.type));
    id_json(json, one.id);
    if (one.type == diff::Type::changed) {
      json.key("fields").array();
      for (const auto& field : one.fields) {
        json.object().field("field", field.field);
        value_json(json, "from", field.from);
        value_json(json, "to", field.to);
        json.end();
      }
      json.end();
    } else {
      json.field("parts", one.parts);
    }
    json.end();
  }
  json.end().end();
  out.print(json.take());
}

}  // namespace

Result<int> diff(cli::Context& context, const DiffOptions& options) {
  Session session(context);
  PGA_CHECK(session.add(options.from));
  PGA_CHECK(session.add(options.to));
  source::LoadOptions load;
  load.without_extensions = options.without_extensions;
  PGA_TRY(const auto from, session.load(0, load));
  PGA_TRY(const auto to, session.load(1, load));
  PGA_TRY(auto* server, session.server());
  proof::PlanRequest request;
  request.renames = options.renames;
  PGA_TRY(const auto made, proof::find_renames(*server, from, to, request));
  const auto differences = diff::compare(made.origin, to.model);
  const bool none = differences.empty() && made.renames.empty() && made.own_renames.empty();
  if (context.options.json) {
    print_json(context.out, differences, made);
    return none ? cli::exit_ok : cli::exit_difference;
  }
  for (const auto& rename : made.renames) context.out.line(context.out.paint(Style::cyan, "> " + diff::to_text(rename)));
  for (const auto& rename : made.own_renames) context.out.line(context.out.paint(Style::cyan, "> " + diff::to_text(rename)));
  print_text(context.out, differences);
  if (none) context.out.line("no difference");
  if (!made.candidates.empty()) {
    context.err.line("\nThese may be renames; say so with --rename OLD=NEW, or they are a drop and a creation:");
    candidates_text(context.err, made.candidates);
  }
  context.notes(from.notes);
  context.notes(to.notes);
  return none ? cli::exit_ok : cli::exit_difference;
}

}  // namespace pga::app
