#include "plan/hazards.h"

#include <algorithm>

namespace pga::plan {
namespace {

using schema::KindId;

bool is_strong(const std::string& lock) {
  return lock == "AccessExclusiveLock" || lock == "ExclusiveLock" || lock == "ShareRowExclusiveLock" || lock == "ShareLock";
}

// What application code names: when it goes or gets another name, old code fails.
bool is_named_by_code(KindId kind) {
  const auto slug = schema::kind_of(kind).slug();
  return slug == "table" || slug == "column" || slug == "view" || slug == "materialized_view" || slug == "function" ||
         slug == "aggregate" || slug == "enum_type" || slug == "composite_type" || slug == "domain" || slug == "schema" ||
         slug == "sequence";
}

bool is_access(KindId kind) {
  const auto slug = schema::kind_of(kind).slug();
  return slug == "policy" || slug == "default_privileges";
}

void judge_drop(Step& step, const schema::Id& id, const Fate& fate) {
  const auto& kind = schema::kind_of(id.kind);
  const bool generated = id.kind == KindId::column && fate.from != nullptr && fate.from->value("generated");
  const bool view_rows = kind.slug() == "materialized_view";
  if (kind.holds_data() && !generated && !view_rows && !fate.sheltered) {
    add_hazard(step, Hazard::data_loss);
    add_hazard(step, Hazard::not_reversible);
  }
  if (fate.verb == Verb::drop && is_named_by_code(id.kind)) add_hazard(step, Hazard::breaks_dependents);
  if (is_access(id.kind) && fate.verb == Verb::drop) add_hazard(step, Hazard::privileges);
}

}  // namespace

void add_hazard(Step& step, Hazard hazard) {
  if (std::ranges::find(step.hazards, hazard) == step.hazards.end()) {
    step.hazards.push_back(hazard);
    std::ranges::sort(step.hazards);
  }
}

void judge_hazards(Step& step, Part part, const schema::Id& id, const Fate& fate, const Changes& changes,
                   const Situation& situation) {
  if (part == Part::drop) judge_drop(step, id, fate);
  const bool access_statement = step.sql.starts_with("GRANT ") || step.sql.starts_with("REVOKE ") ||
                                step.sql.find(" OWNER TO ") != std::string::npos || step.sql.ends_with(" ROW LEVEL SECURITY");
  const schema::Object* object = fate.to != nullptr ? fate.to : fate.from;
  const auto table = object != nullptr ? table_of(*object) : std::nullopt;
  const bool fresh = table && is_fresh_table(*table, changes);
  if (access_statement && !fresh && fate.from != nullptr) add_hazard(step, Hazard::privileges);
  if (is_access(id.kind) && part == Part::make && !fresh) add_hazard(step, Hazard::privileges);
  if (fresh && part != Part::drop && part != Part::attach) return;
  const Facts* facts = situation.facts_of(id);
  if (facts == nullptr || part == Part::describe || part == Part::own) return;
  if (is_strong(facts->strongest_lock)) step.strong_lock = true;
  if (part == Part::drop || part == Part::attach_index) return;  // what was read or built belongs to another part
  if (facts->rewrites) {
    add_hazard(step, Hazard::table_rewrite);
    add_hazard(step, Hazard::strong_lock);
  }
  if (facts->rebuilds_indexes) {
    add_hazard(step, Hazard::index_build);
    add_hazard(step, Hazard::strong_lock);
  }
  if (facts->scans && is_strong(facts->strongest_lock)) {
    add_hazard(step, Hazard::long_scan);
    add_hazard(step, Hazard::strong_lock);
  }
  const bool index = id.kind == KindId::index ||
                     (id.kind == KindId::constraint && object->text("type") != "FOREIGN KEY" && object->text("type") != "CHECK");
  if (index && part == Part::make && changes.created(id)) {
    add_hazard(step, Hazard::index_build);
    add_hazard(step, Hazard::strong_lock);
  }
}

}  // namespace pga::plan
