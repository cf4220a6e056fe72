#include "design/design.h"

#include "base/text.h"
#include "design/build.h"

namespace pga::design {

Result<Designed> design(const request::Understood& understood, const schema::Database& database, const Options& options) {
  if (understood.blocked()) {
    std::string words;
    for (const auto& one : understood.not_understood) {
      if (one.blocks && words.empty()) words = one.quoted + (one.nearest.empty() ? "" : " (nearest: " + one.nearest + ")");
    }
    return fail("not-understood", "a negation or a number is not understood, and may turn the meaning round: " + words,
                "say it in a sentence of its own");
  }
  if (understood.statements.empty())
    return fail("nothing-to-design", "nothing in the request says what to design",
                "try a sentence like: add a comments table that links to users and events");
  const Current current(database);
  Draft draft(current, options);
  for (const auto& note : current.habits().notes) draft.assume("R-habit", note, "");
  Build build{draft, understood};
  build_structure(build);
  build_subtypes(build);
  build_patterns(build);
  build_relations(build);
  build_rules(build);
  build_life(build);
  build_policies(build);
  build_use(build);
  build_changes(build);
  build_rest(build);
  for (const auto& decision : understood.decisions) (void)draft.decide(decision);
  return draft.write(understood);
}

}  // namespace pga::design
