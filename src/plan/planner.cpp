#include "plan/planner.h"

#include <algorithm>

#include "base/quote.h"
#include "base/text.h"
#include "plan/emit.h"
#include "plan/graph.h"

namespace pga::plan {
namespace {

// What is known about the section that is being made.
struct Current {
  bool alone = true;  // its last draft stays alone
  bool open = false;  // something was dropped and is not made again yet
  bool strong = false;
  schema::Id top;
};

// Locks of two tables are not held together for nothing: who waits for one of them would keep the other's users waiting as well.
bool fits(const Section& section, const Emitted& next, const Current& current, bool online) {
  const Draft& draft = next.draft;
  if (section.transactional != draft.transactional || draft.alone || current.alone) return false;
  if (current.open && draft.transactional) return true;  // in whatever phase: it must become whole again
  if (section.phase != draft.phase) return false;
  return !(online && draft.transactional && current.strong && draft.step.strong_lock && current.top != next.top);
}

std::string section_reason(const Section& section, bool alone) {
  if (!section.transactional)
    return "these statements cannot run inside a transaction; each is done by itself and may be continued after a failure";
  if (alone) return "apart from the others, so that what it locks is locked for this statement only";
  return "all or nothing";
}

bool makes_function(const std::string& sql) {
  for (const std::string_view head :
       {"CREATE OR REPLACE FUNCTION ", "CREATE OR REPLACE PROCEDURE ", "CREATE FUNCTION ", "CREATE PROCEDURE "}) {
    if (sql.starts_with(head)) return true;
  }
  return false;
}

// Functions written as strings may name what comes later in the same plan; PostgreSQL checks such bodies when they are created.
void allow_forward_references(Section& section, std::vector<schema::Id>& ids) {
  if (!section.transactional) return;
  const bool any = std::ranges::any_of(section.steps, [](const Step& step) { return makes_function(step.sql); });
  if (!any) return;
  Step step;
  step.sql = "SET LOCAL check_function_bodies = off";
  step.why = "bodies of functions may name what this migration makes later";
  step.object = "session";
  section.steps.insert(section.steps.begin(), std::move(step));
  ids.insert(ids.begin(), ids.front());
}

void to_sections(std::vector<Emitted>& drafts, bool online, Direction& out) {
  // Phases never go back: what must come early because something later needs it away belongs to the earlier phase.
  for (size_t i = drafts.size(); i-- > 1;) {
    auto& before = drafts[i - 1].draft.phase;
    before = std::min(before, drafts[i].draft.phase);
  }
  Current current;
  for (auto& emitted : drafts) {
    auto& draft = emitted.draft;
    if (out.script.empty() || !fits(out.script.back(), emitted, current, online)) {
      Section section;
      section.transactional = draft.transactional;
      section.phase = draft.phase;
      section.why = section_reason(section, draft.alone);
      out.script.push_back(std::move(section));
      out.ids.emplace_back();
      current = {};
    }
    current.alone = draft.alone;
    current.open = emitted.open;
    if (draft.step.strong_lock || !current.strong) current.top = emitted.top;
    current.strong = current.strong || draft.step.strong_lock;
    out.script.back().steps.push_back(std::move(draft.step));
    out.ids.back().push_back(emitted.id);
  }
  for (size_t i = 0; i < out.script.size(); ++i) allow_forward_references(out.script[i], out.ids[i]);
}

}  // namespace

Result<Direction> plan_direction(const Situation& situation) {
  Changes changes = find_changes(situation);
  PGA_TRY(const Graph graph, order_changes(situation, changes));
  Direction out;
  Emitter emitter(situation, changes, graph);
  auto drafts = emitter.run();
  out.notes = emitter.notes();
  for (const auto& [id, fate] : changes.fates) {
    if (fate.leaving) {
      out.kept.insert(fate.leaving->kept.begin(), fate.leaving->kept.end());
      out.notes.insert(out.notes.end(), fate.leaving->notes.begin(), fate.leaving->notes.end());
    }
    if (!fate.expansion) continue;
    out.kept.insert(fate.expansion->kept.begin(), fate.expansion->kept.end());
    out.notes.insert(out.notes.end(), fate.expansion->notes.begin(), fate.expansion->notes.end());
  }
  to_sections(drafts, situation.options.online, out);
  return out;
}

Result<std::vector<Block>> describe_schema(const schema::Database& empty, const schema::Database& model) {
  Options options;
  options.online = false;
  options.discard = true;
  const Situation situation{empty, model, options};
  Changes changes = find_changes(situation);
  PGA_TRY(const Graph graph, order_changes(situation, changes));
  Emitter emitter(situation, changes, graph);
  std::vector<Block> out;
  bool functions = false;
  for (auto& [draft, id, object_top, open] : emitter.run()) {
    const schema::Object* object = model.find(id);
    const schema::Id top = object != nullptr ? top_of(*object, model) : id;
    if (out.empty() || out.back().top != top) out.push_back({top, {}});
    functions = functions || makes_function(draft.step.sql);
    out.back().statements.push_back(std::move(draft.step.sql));
  }
  // PostgreSQL would look at the bodies of functions, which may name what is made below.
  if (functions) out.insert(out.begin(), Block{out.front().top, {"SET check_function_bodies = off"}});
  return out;
}

std::vector<Hazard> hazards_of(const Script& script) {
  std::set<Hazard> all;
  for (const auto& section : script) {
    for (const auto& step : section.steps) all.insert(step.hazards.begin(), step.hazards.end());
  }
  return {all.begin(), all.end()};
}

}  // namespace pga::plan
