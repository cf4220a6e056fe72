#include <algorithm>
#include <set>

#include "diff/compare.h"
#include "proof/phases.h"

namespace pga::proof {
namespace {

using schema::Database;
using schema::Id;
using schema::KindId;
using schema::Object;

constexpr long long kBehindAll = 100000;  // new columns come last, whatever place the target gives them

class Adder {
 public:
  Adder(const Database& from, const Database& to, const std::vector<diff::Rename>& renames) : from_(from), to_(to) {
    for (const auto& rename : renames) renamed_.insert(rename.to);
    for (const auto& difference : diff::compare(from, to)) {
      if (difference.type == diff::Type::changed) changed_.insert(difference.id);
    }
  }

  Database run() {
    Database out = from_;
    for (const auto& [id, object] : to_.objects) {
      if (from_.find(id) != nullptr) {
        if (only_more_values(id)) out.objects[id] = object;
        continue;
      }
      if (!adds(id)) continue;
      auto& added = out.objects[id] = object;
      if (id.kind == KindId::column && from_.find(*object.parent) != nullptr)
        added.set("position", std::to_string(kBehindAll + object.integer("position")));
    }
    for (const auto& role : to_.roles) {
      if (std::ranges::find(out.roles, role) == out.roles.end()) out.roles.push_back(role);
    }
    std::ranges::sort(out.roles);
    out.index();
    return out;
  }

 private:
  // As it stands in the origin, or added.
  bool there(const Id& id) {
    if (renamed_.contains(id)) return false;
    if (from_.find(id) != nullptr) return !changed_.contains(id) || only_more_values(id);
    return to_.find(id) == nullptr || adds(id);  // of PostgreSQL's own or of an extension: not in the model
  }

  bool adds(const Id& id) {
    const auto known = adds_.find(id);
    if (known != adds_.end()) return known->second;
    adds_[id] = false;  // objects that need each other wait for the end
    return adds_[id] = find_out(*to_.find(id));
  }

  bool find_out(const Object& object) {
    if (renamed_.contains(object.id)) return false;
    for (const auto& need : object.needs) {
      if (!there(need)) return false;
    }
    const bool of_old_table = object.parent && from_.find(*object.parent) != nullptr;
    switch (object.id.kind) {
      case KindId::rule:
      case KindId::event_trigger:
      case KindId::cast:
        return false;  // they change what statements of old code mean
      case KindId::column:
        return !of_old_table || !object.flag("not_null") || fills_itself(object);
      case KindId::constraint:
        return !of_old_table || only_of_new_columns(object);
      case KindId::index:
        return !of_old_table || !object.flag("unique") || only_of_new_columns(object);
      default:
        return true;
    }
  }

  bool fills_itself(const Object& column) const {
    if (!column.text("identity").empty() || !column.text("generated").empty()) return true;
    return to_.find(KindId::column_default, column.id.path) != nullptr;
  }

  // A constraint that names a column that was there can refuse what old code writes.
  bool only_of_new_columns(const Object& object) const {
    size_t fresh = 0;
    for (const auto& need : object.needs) {
      if (need.kind != KindId::column) continue;
      const bool own = need.path[0] == object.parent->path[0] && need.path[1] == object.parent->path[1];
      if (own && from_.find(need) != nullptr) return false;
      if (own) ++fresh;
    }
    return fresh > 0;
  }

  // An enum that gets values at any place: old code does not notice, new code needs them.
  bool only_more_values(const Id& id) const {
    if (id.kind != KindId::enum_type || !changed_.contains(id)) return false;
    const auto* before = from_.find(id);
    const auto* after = to_.find(id);
    auto same_but = *before;
    same_but.set("values", after->value("values"));
    same_but.needs = after->needs;
    const auto old = before->list("values"), now = after->list("values");
    size_t at = 0;
    for (const auto& value : now) at += at < old.size() && old[at] == value ? 1 : 0;
    return at == old.size() && same_but.fields == after->fields && same_but.comment == after->comment &&
           same_but.owner == after->owner && same_but.privileges == after->privileges;
  }

  const Database& from_;
  const Database& to_;
  std::set<Id> renamed_, changed_;
  std::map<Id, bool> adds_;
};

}  // namespace

schema::Database additive(const schema::Database& from, const schema::Database& to, const std::vector<diff::Rename>& renames) {
  return Adder(from, to, renames).run();
}

}  // namespace pga::proof
