// DROP INDEX takes ACCESS EXCLUSIVE on the table and waits for every query with all others queued behind it; CONCURRENTLY waits
// without blocking. Not possible for the index of a partitioned table or one that is attached to it.
#include <algorithm>

#include "plan/online/parts.h"

namespace pga::plan {
namespace {

class DropIndexConcurrently : public Form {
 public:
  std::string_view slug() const override { return "drop-index-concurrently"; }
  std::string_view meaning() const override {
    return "An index that is dropped while its table stays goes with DROP INDEX CONCURRENTLY, after everything else.";
  }

  std::optional<Expansion> expand(const Action& action, const Situation& situation) const override {
    if (action.verb != Verb::drop || action.id.kind != schema::KindId::index) return std::nullopt;
    const schema::Object& index = *action.from;
    const schema::Object* table = index.parent ? situation.to.find(*index.parent) : nullptr;
    if (table == nullptr || index.flag("partitioned") || index.value("attached_to")) return std::nullopt;
    Expansion out;
    Draft drop = drop_index_concurrently(action.id, action.id.path);
    const bool gone_early = !needs_stay(index, situation, true) || !situation.from.dependents(action.id).empty() ||
                            relation_exists(situation.to, action.id.path[0], action.id.name());
    if (gone_early) {
      drop.phase = Phase::expand;  // something of this plan waits for it
      out.main.push_back(std::move(drop));
    } else {
      out.finish.push_back(std::move(drop));
    }
    return out;
  }
};

}  // namespace

const Form& form_drop_index_concurrently() {
  static const DropIndexConcurrently form;
  return form;
}

}  // namespace pga::plan
