#include "cli/app/brief.h"

#include <fmt/format.h>

#include <fstream>

#include "base/json.h"
#include "cli/errors.h"
#include "request/brief.h"
#include "source/files.h"

namespace pga::app {

namespace {

struct At {
  size_t line = 1, column = 1;
};

At place_of(std::string_view text, size_t offset) {
  At at;
  for (size_t i = 0; i < offset && i < text.size(); ++i) {
    if (text[i] == '\n') {
      ++at.line, at.column = 1;
    } else if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) {
      ++at.column;
    }
  }
  return at;
}

// Only the brief form says its place in the problem itself.
std::string problem_of(const request::NotUnderstood& item) {
  const auto colon = item.nearest.find(": ");
  return item.nearest.starts_with("line ") && colon != std::string::npos ? item.nearest.substr(colon + 2) : item.nearest;
}

std::string one_line(std::string text) {
  for (auto& c : text) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return text;
}

void json_of(Json& json, std::string_view text, const request::Understood& read) {
  json.key("statements").array();
  for (const auto& one : read.statements) {
    const auto at = place_of(text, one.span.begin);
    json.object()
        .field("line", at.line)
        .field("column", at.column)
        .field("meaning", request::slug(one.meaning))
        .field("shape", one.shape);
    json.field("paraphrase", one.paraphrase).end();
  }
  json.end().key("assumed").array();
  for (const auto& one : read.assumptions)
    json.object().field("rule", one.rule).field("text", one.text).field("override", one.override).end();
  json.end().key("questions").array();
  for (const auto& one : read.decisions) {
    json.object().field("id", one.id).field("question", one.question).key("options").array();
    for (const auto& option : one.options)
      json.object().field("id", option.id).field("text", option.text).field("consequence", option.consequence).end();
    json.end().field("recommended", one.options[one.recommended].id).field("reason", one.reason).end();
  }
  json.end().key("not_understood").array();
  for (const auto& one : read.not_understood) {
    const auto at = place_of(text, one.span.begin);
    json.object().field("line", at.line).field("column", at.column).field("quoted", one.quoted).field("nearest", problem_of(one));
    json.field("example", one.example).field("blocks", one.blocks).end();
  }
  json.end();
}

void mistakes(cli::Context& context, const std::string& file, std::string_view text, const request::Understood& read) {
  for (const auto& one : read.not_understood) {
    const auto at = place_of(text, one.span.begin);
    context.out.line(
        fmt::format("{}:{}:{}: “{}” is not understood: {}", file, at.line, at.column, one_line(one.quoted), problem_of(one)));
    context.out.line("  for example: " + one.example);
  }
}

void explain(cli::Context& context, std::string_view text, const request::Understood& read) {
  context.out.line("Understood:");
  for (const auto& one : read.statements)
    context.out.line(fmt::format("  line {}: {}", place_of(text, one.span.begin).line, one.paraphrase));
  if (!read.assumptions.empty()) context.out.line("Assumed:");
  for (const auto& one : read.assumptions) context.out.line(fmt::format("  {} (otherwise write: {})", one.text, one.override));
  if (!read.decisions.empty()) context.out.line("Asked:");
  for (const auto& one : read.decisions) {
    context.out.line(fmt::format("  {} [{}]", one.question, one.id));
    for (size_t i = 0; i < one.options.size(); ++i) {
      context.out.line(fmt::format("    {}: {}{}. {}", one.options[i].id, one.options[i].text,
                                   i == one.recommended ? " (recommended)" : "", one.options[i].consequence));
    }
  }
}

Result<int> layout(cli::Context& context, const BriefOptions& options, const std::string& text) {
  if (!request::looks_like_brief(text))
    return fail("brief-syntax", "the file does not begin with a line “brief NAME”: only briefs are laid out",
                "write, for example: brief shop", Place{options.file, 1, 1});
  const auto laid_out = request::format_brief(text);
  if (options.write && laid_out != text) {
    std::ofstream out(options.file, std::ios::binary);
    out << laid_out;
    if (!out.flush()) return fail("cannot-write", options.file + " cannot be written");
  }
  if (context.options.json) {
    Json json;
    json.object().field("file", options.file).field("changed", laid_out != text).field("text", laid_out).end();
    context.out.print(json.take());
  } else if (!options.write) {
    context.out.print(laid_out);
  }
  return cli::exit_ok;
}

}  // namespace

Result<int> brief(cli::Context& context, const BriefOptions& options) {
  PGA_TRY(const std::string text, source::read_text(options.file));
  if (options.action == "fmt") return layout(context, options, text);
  const auto read = request::understand(text, {});
  const int exit = read.not_understood.empty() ? cli::exit_ok : cli::exit_difference;
  if (context.options.json) {
    Json json;
    json.object().field("file", options.file);
    json_of(json, text, read);
    json.end();
    context.out.print(json.take());
    return exit;
  }
  if (options.action == "explain") explain(context, text, read);
  mistakes(context, options.file, text, read);
  if (options.action == "check")
    context.out.line(
        fmt::format("{}: {} statements, {} not understood", options.file, read.statements.size(), read.not_understood.size()));
  return exit;
}

}  // namespace pga::app
