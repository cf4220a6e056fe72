#include "diff/rename.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/quote.h"
#include "base/text.h"
#include "diff/likeness.h"
#include "schema/kind.h"

namespace pga::diff {
namespace {

using schema::Database;
using schema::Id;
using schema::KindId;
using schema::Object;

bool same_fields(const Object& from, const Object& to, std::string_view but = {}) {
  const auto fields = schema::kind_of(from.id.kind).fields();
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].compare == schema::Compare::yes && fields[i].name != but && from.fields[i] != to.fields[i]) return false;
  }
  return true;
}

// What a definition says apart from the object's own name, which stands in it once behind its keyword.
std::string without_name(const Object& object) {
  std::string text = object.text("definition");
  const std::string word = object.id.kind == KindId::index ? " INDEX " : " TRIGGER ";
  const std::string name = word + ident(object.id.name()) + " ";
  const size_t at = text.find(name);
  return at == std::string::npos ? text : text.erase(at, name.size());
}

bool same_but_for_name(const Object& from, const Object& to) {
  if (from.id.kind == KindId::index || from.id.kind == KindId::trigger) {
    return without_name(from) == without_name(to) && same_fields(from, to, "definition");
  }
  return same_fields(from, to);
}

std::string group_of(const Object& object) {  // only objects of one group can be one and the same
  switch (object.id.kind) {
    case KindId::index:
      return "i" + object.text("table");
    case KindId::sequence:
      return object.value("owned_by") ? "s" + object.text("owned_by") : std::string();
    case KindId::constraint:
    case KindId::policy:
    case KindId::trigger:
      return std::string(1, static_cast<char>('A' + static_cast<int>(object.id.kind))) + object.id.path[0] + "\x1f" +
             object.id.path[1];
    default:
      return {};
  }
}

void generic_candidates(const std::vector<const Object*>& gone, const std::vector<const Object*>& come,
                        std::vector<Candidate>& out) {
  for (const Object* from : gone) {
    for (const Object* to : come) {
      if (from->id.kind != to->id.kind) continue;
      if (auto candidate = likeness(*from, *to)) out.push_back(std::move(*candidate));
    }
  }
}

void value_candidates(const Database& from, const Database& to, std::vector<Candidate>& out) {
  const schema::Kind* kind = schema::find_kind("enum_type");
  if (kind == nullptr) return;
  for (const auto& [id, before] : from.objects) {
    const Object* after = id.kind == kind->id() ? to.find(id) : nullptr;
    if (after == nullptr) continue;
    const auto old_values = before.list("values"), new_values = after->list("values");
    if (old_values.size() != new_values.size()) continue;
    for (size_t i = 0; i < old_values.size(); ++i) {
      const bool gone = std::ranges::find(new_values, old_values[i]) == new_values.end();
      const bool come = std::ranges::find(old_values, new_values[i]) == old_values.end();
      if (!gone || !come) continue;
      out.push_back(
          {{id, id, old_values[i], new_values[i]}, 70, {"the same place among the values", "as many values as before"}});
    }
  }
}

}  // namespace

std::vector<Rename> lossless_renames(const Database& from, const Database& to) {
  std::map<std::string, std::pair<std::vector<const Object*>, std::vector<const Object*>>> groups;
  for (const auto& [id, object] : from.objects) {
    if (to.find(id) != nullptr) continue;
    if (const auto group = group_of(object); !group.empty()) groups[group].first.push_back(&object);
  }
  for (const auto& [id, object] : to.objects) {
    if (from.find(id) != nullptr) continue;
    if (const auto group = group_of(object); !group.empty()) groups[group].second.push_back(&object);
  }
  std::vector<Rename> out;
  for (const auto& [group, both] : groups) {
    const auto& [gone, come] = both;
    for (const Object* old : gone) {
      std::vector<const Object*> like;
      for (const Object* fresh : come) {
        if (same_but_for_name(*old, *fresh)) like.push_back(fresh);
      }
      const auto rivals = std::ranges::count_if(gone, [&](const Object* o) { return same_but_for_name(*o, *old); });
      const bool schema_kept = like.size() == 1 && like[0]->id.path[0] == old->id.path[0];
      if (like.size() == 1 && rivals == 1 && schema_kept) out.push_back({old->id, like[0]->id, {}, {}});
    }
  }
  return out;
}

std::vector<Candidate> rename_candidates(const Database& from, const Database& to) {
  std::vector<const Object*> gone, come;
  for (const auto& [id, object] : from.objects) {
    const bool with_parent = object.parent && to.find(*object.parent) == nullptr;
    if (to.find(id) == nullptr && !with_parent) gone.push_back(&object);
  }
  for (const auto& [id, object] : to.objects) {
    const bool with_parent = object.parent && from.find(*object.parent) == nullptr;
    if (from.find(id) == nullptr && !with_parent) come.push_back(&object);
  }
  std::vector<Candidate> out;
  table_candidates(from, to, gone, come, out);
  generic_candidates(gone, come, out);
  value_candidates(from, to, out);
  std::ranges::stable_sort(out, [](const Candidate& a, const Candidate& b) {
    return a.likeness != b.likeness ? a.likeness > b.likeness : a.rename < b.rename;
  });
  // Each side once, the likeliest pair first.
  std::set<std::pair<Id, std::string>> used_from, used_to;
  std::erase_if(out, [&](const Candidate& c) {
    const std::pair a{c.rename.from, c.rename.old_value}, b{c.rename.to, c.rename.new_value};
    if (used_from.contains(a) || used_to.contains(b)) return true;
    used_from.insert(a);
    used_to.insert(b);
    return false;
  });
  return out;
}

std::string to_text(const Rename& rename) {
  if (!rename.old_value.empty()) {
    return "value " + literal(rename.old_value) + " of " + schema::to_text(rename.from) + " to " + literal(rename.new_value);
  }
  return schema::to_text(rename.from) + " to " +
         ident(rename.to.kind == KindId::function && rename.to.path.size() > 1 ? rename.to.path[1] : rename.to.name());
}

}  // namespace pga::diff
