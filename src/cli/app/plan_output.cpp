#include "cli/app/plan_output.h"

#include <algorithm>

#include "base/text.h"
#include "cli/app/render.h"
#include "plan/planner.h"
#include "proof/report.h"

namespace pga::app {
namespace {

std::string hazard_words(const Terminal& out, const std::vector<plan::Hazard>& hazards) {
  std::vector<std::string> words;
  for (const auto hazard : hazards) {
    const bool grave = hazard == plan::Hazard::data_loss || hazard == plan::Hazard::not_reversible;
    words.push_back(out.paint(grave ? Style::red : Style::yellow, plan::to_text(hazard)));
  }
  return join(words, ", ");
}

void script_text(Terminal& out, const plan::Script& script) {
  for (size_t s = 0; s < script.size(); ++s) {
    const auto& section = script[s];
    out.line(out.paint(Style::cyan, "-- section " + std::to_string(s + 1) + ": " +
                                        (section.transactional ? "one transaction" : "no transaction") +
                                        ", phase: " + std::string(plan::to_text(section.phase))));
    if (section.transactional) out.line(paint_sql(out, "BEGIN;"));
    for (const auto& step : section.steps) {
      std::string remark = "-- " + step.why;
      if (!step.hazards.empty()) remark += out.colors() ? "" : "  [";
      out.line(
          out.paint(Style::dim, remark) +
          (step.hazards.empty() ? "" : (out.colors() ? "  " : "") + hazard_words(out, step.hazards) + (out.colors() ? "" : "]")));
      out.line(paint_sql(out, step.sql) + ";");
    }
    if (section.transactional) out.line(paint_sql(out, "COMMIT;"));
    out.line();
  }
}

void parts_text(Terminal& out, const std::vector<proof::PhasePart>& parts) {
  for (size_t i = 0; i < parts.size(); ++i) {
    const std::string title = "Migration " + std::to_string(i + 1) + " of " + std::to_string(parts.size()) + ", " +
                              std::string(plan::to_text(parts[i].phase));
    out.heading(title + ": up");
    script_text(out, parts[i].up);
    out.heading(title + ": down");
    script_text(out, parts[i].down);
  }
}

size_t steps_of(const plan::Script& script) {
  size_t out = 0;
  for (const auto& section : script) out += section.steps.size();
  return out;
}

}  // namespace

void plan_text(Terminal& out, const PlanResult& result) {
  const auto& plan = result.made.plan;
  if (plan.empty()) {
    out.line("nothing to do: the two schemas are the same");
    return;
  }
  if (result.files.empty() && !result.split.parts.empty()) {
    parts_text(out, result.split.parts);
  } else if (result.files.empty()) {  // else the SQL is in the files
    out.heading("Up");
    script_text(out, plan.up);
    out.heading("Down");
    script_text(out, plan.down);
  }
  out.heading("Plan");
  std::vector<std::vector<std::string>> rows = {
      {"up", std::to_string(steps_of(plan.up)) + " steps in " + std::to_string(plan.up.size()) + " sections",
       hazard_words(out, plan::hazards_of(plan.up))},
      {"down", std::to_string(steps_of(plan.down)) + " steps in " + std::to_string(plan.down.size()) + " sections",
       hazard_words(out, plan::hazards_of(plan.down))}};
  out.table({{"direction", "steps", "hazards"}, rows});
  if (result.report) proof::report_text(*result.report, out);
  if (!result.split.proof.items.empty()) proof::history_text(result.split.proof, out);
}

void plan_json(Terminal& out, const PlanResult& result) {
  Json json;
  json.object().field("empty", result.made.plan.empty()).key("renames").array();
  for (const auto& rename : result.made.renames) json.value(diff::to_text(rename));
  for (const auto& rename : result.made.own_renames) json.value(diff::to_text(rename));
  json.end().key("rename_candidates").array();
  for (const auto& candidate : result.made.candidates) {
    json.object()
        .field("rename", diff::to_text(candidate.rename))
        .field("likeness", candidate.likeness)
        .strings("evidence", candidate.evidence)
        .end();
  }
  json.end();
  std::vector<std::string> hazards;
  for (const auto hazard : plan::hazards_of(result.made.plan.up)) hazards.emplace_back(plan::to_text(hazard));
  json.strings("hazards", hazards).strings("notes", result.notes).strings("files", result.files).key("up");
  script_json(json, result.made.plan.up);
  json.key("down");
  script_json(json, result.made.plan.down);
  json.key("parts").array();
  for (const auto& part : result.split.parts) {
    json.object().field("phase", plan::to_text(part.phase)).key("up");
    script_json(json, part.up);
    json.key("down");
    script_json(json, part.down);
    json.end();
  }
  json.end().key("proof");
  if (result.report) {
    proof::report_json(*result.report, json);
  } else {
    json.null();
  }
  json.end();
  out.print(json.take());
}

std::vector<std::string> not_permitted(const plan::Script& script, const std::vector<plan::Hazard>& allowed) {
  std::vector<std::string> out;
  for (size_t s = 0; s < script.size(); ++s) {
    for (size_t i = 0; i < script[s].steps.size(); ++i) {
      for (const auto hazard : script[s].steps[i].hazards) {
        if (std::ranges::find(allowed, hazard) != allowed.end()) continue;
        out.push_back(std::string(plan::to_text(hazard)) + ": " + script[s].steps[i].object + " (section " +
                      std::to_string(s + 1) + ", step " + std::to_string(i + 1) + ")");
      }
    }
  }
  return out;
}

}  // namespace pga::app
