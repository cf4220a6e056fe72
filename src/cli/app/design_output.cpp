#include "cli/app/design_output.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "proof/report.h"

namespace pga::app {
namespace {

constexpr size_t kAsked = 5;

const request::Option* option_of(const request::Decision& decision) {
  const auto found = std::ranges::find(decision.options, decision.decided, &request::Option::id);
  return found == decision.options.end() ? nullptr : &*found;
}

void questions(Terminal& out, const design::Designed& designed) {
  out.heading("Questions");
  size_t shown = 0;
  for (const auto& decision : designed.decisions) {
    if (++shown > kAsked) break;
    out.paragraph(decision.question + "  [" + decision.id + "]", 2);
    for (size_t i = 0; i < decision.options.size(); ++i) {
      const auto& option = decision.options[i];
      std::string mark;
      if (option.id == decision.decided)
        mark = decision.by == "recommended" ? " (recommended, taken)" : " (taken: " + decision.by + ")";
      if (i == decision.recommended && option.id != decision.decided) mark = " (recommended)";
      out.paragraph(out.paint(Style::bold, option.id) + ": " + option.text + mark + ". " + option.consequence, 4);
    }
    out.paragraph("Why: " + decision.reason, 4);
  }
  if (designed.decisions.size() > kAsked)
    out.paragraph(
        fmt::format("{} more were decided as recommended; they are in the decision log.", designed.decisions.size() - kAsked), 2);
  if (!designed.decisions.empty()) out.paragraph("Answer with --answer ID=OPTION.", 2);
}

void proof_of(Terminal& out, const PlanResult& migration) {
  out.heading("Migration");
  if (!migration.report) {
    out.paragraph("not proven", 2);
    return;
  }
  for (const auto& line : split(proof::report_header(*migration.report), '\n')) {
    if (!line.empty()) out.line("  " + line);
  }
}

}  // namespace

void design_text(Terminal& out, const DesignResult& result) {
  const auto& designed = result.designed;
  out.heading("Understood");
  for (const auto& one : result.understood.statements) out.paragraph("- " + one.paraphrase, 2);
  if (!result.understood.not_understood.empty()) {
    out.heading("Not understood");
    for (const auto& one : result.understood.not_understood) {
      out.paragraph(
          "- " + out.paint(Style::yellow, "“" + one.quoted + "”") + (one.nearest.empty() ? "" : ", nearest: " + one.nearest), 2);
      if (!one.example.empty()) out.paragraph("for example: " + one.example, 4);
    }
  }
  if (!designed.assumptions.empty()) {
    out.heading("Assumed");
    for (const auto& one : designed.assumptions)
      out.paragraph("- " + one.text + " [" + one.rule + "]" + (one.override.empty() ? "" : "; else: " + one.override), 2);
  }
  if (!designed.decisions.empty()) questions(out, designed);
  if (!designed.warnings.empty()) {
    out.heading("Warnings");
    for (const auto& one : designed.warnings)
      out.paragraph("- " + out.paint(Style::yellow, one.text) + (one.todo.empty() ? "" : " To do: " + one.todo + "."), 2);
  }
  if (!designed.elsewhere.empty()) {
    out.heading("Belongs elsewhere");
    for (const auto& one : designed.elsewhere) out.paragraph("- " + one, 2);
  }
  if (!designed.tables.empty()) {
    out.heading("Tables");
    for (const auto& table : designed.tables) {
      out.line("  " + out.paint(Style::bold, table.name) + (table.existing ? " (changed)" : " (new)"));
      for (const auto& one : table.relationships) out.paragraph(one, 4);
    }
  }
  out.heading("DDL");
  out.print(designed.sql);
  if (!designed.data.empty()) out.line();
  for (const auto& change : designed.data) {
    out.line("-- " + change.why);
    out.line(change.sql + ";");
  }
  if (!designed.queries.empty()) {
    out.heading("Example queries");
    for (const auto& one : designed.queries) {
      out.paragraph(one.title + " (" + one.served_by + ")", 2);
      out.line("    " + one.sql + ";");
    }
  }
  proof_of(out, result.migration);
}

void design_json(Terminal& out, const DesignResult& result) {
  const auto& designed = result.designed;
  Json json;
  json.object().field("request", result.request).key("understood").array();
  for (const auto& one : result.understood.statements)
    json.object()
        .field("meaning", request::slug(one.meaning))
        .field("shape", one.shape)
        .field("paraphrase", one.paraphrase)
        .end();
  json.end().key("not_understood").array();
  for (const auto& one : result.understood.not_understood)
    json.object().field("quoted", one.quoted).field("nearest", one.nearest).field("example", one.example).end();
  json.end().key("assumed").array();
  for (const auto& one : designed.assumptions)
    json.object().field("rule", one.rule).field("text", one.text).field("override", one.override).end();
  json.end().key("decisions").array();
  for (const auto& one : designed.decisions) {
    json.object().field("id", one.id).field("question", one.question).key("options").array();
    for (const auto& option : one.options)
      json.object().field("id", option.id).field("text", option.text).field("consequence", option.consequence).end();
    json.end()
        .field("recommended", one.options.empty() ? std::string() : one.options[one.recommended].id)
        .field("reason", one.reason)
        .field("decided", one.decided)
        .field("by", one.by)
        .end();
  }
  json.end().key("warnings").array();
  for (const auto& one : designed.warnings)
    json.object().field("id", one.id).field("text", one.text).field("todo", one.todo).end();
  json.end().strings("elsewhere", designed.elsewhere).key("tables").array();
  for (const auto& one : designed.tables) {
    json.object().field("name", one.name).field("existing", one.existing).field("sql", one.sql);
    json.strings("relationships", one.relationships).end();
  }
  json.end().field("sql", designed.sql).key("data").array();
  for (const auto& one : designed.data) json.object().field("why", one.why).field("sql", one.sql).end();
  json.end().key("queries").array();
  for (const auto& one : designed.queries)
    json.object().field("title", one.title).field("sql", one.sql).field("served_by", one.served_by).end();
  json.end().key("causes").array();
  for (const auto& one : designed.causes)
    json.object().field("object", one.object).field("what", one.what).field("id", one.id).field("reason", one.reason).end();
  json.end();
  json.field("proven", result.migration.report && result.migration.report->proven());
  json.strings("files", result.files).end();
  out.print(json.take());
}

std::string decision_log(const DesignResult& result) {
  const auto& designed = result.designed;
  std::string out = "# Decisions\n\nRequest:\n\n";
  for (const auto& line : split(result.request, '\n')) out += "> " + line + "\n";
  out += "\n## Understood\n\n";
  for (const auto& one : result.understood.statements) out += "- " + one.paraphrase + "\n";
  if (!designed.decisions.empty()) out += "\n## Decided\n";
  for (const auto& one : designed.decisions) {
    out += "\n### " + one.question + "\n\n";
    const auto* taken = option_of(one);
    out += "**" + (taken == nullptr ? one.decided : taken->text) + "** (`" + one.id + "=" + one.decided + "`, by: " + one.by +
           "). " + one.reason + "\n\n| option | what it means |\n|---|---|\n";
    for (const auto& option : one.options) out += "| " + option.text + " | " + option.consequence + " |\n";
  }
  if (!designed.assumptions.empty()) out += "\n## Assumed\n\n";
  for (const auto& one : designed.assumptions)
    out += "- " + one.text + " (" + one.rule + ")" + (one.override.empty() ? "" : "; else: " + one.override) + "\n";
  if (!designed.warnings.empty()) out += "\n## Warnings\n\n";
  for (const auto& one : designed.warnings) out += "- " + one.text + (one.todo.empty() ? "" : " To do: " + one.todo + ".") + "\n";
  if (!designed.elsewhere.empty()) out += "\n## Belongs elsewhere\n\n";
  for (const auto& one : designed.elsewhere) out += "- " + one + "\n";
  if (!designed.tables.empty()) out += "\n## Relationships\n\n";
  for (const auto& table : designed.tables) {
    for (const auto& one : table.relationships) out += "- " + one + "\n";
  }
  if (!designed.queries.empty()) out += "\n## Queries\n\n";
  for (const auto& one : designed.queries)
    out += one.title + " (served by " + one.served_by + "):\n\n```sql\n" + one.sql + ";\n```\n\n";
  return out;
}

bool why_text(Terminal& out, const DesignResult& result, const std::string& object) {
  bool found = false;
  for (const auto& cause : result.designed.causes) {
    if (cause.object != object && !cause.object.ends_with("." + object)) continue;
    found = true;
    out.paragraph(out.paint(Style::bold, cause.object) + ": " + cause.reason + " (" + cause.what + " " + cause.id + ")");
  }
  return found;
}

}  // namespace pga::app
