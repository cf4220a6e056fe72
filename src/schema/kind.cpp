#include "schema/kind.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/quote.h"
#include "base/text.h"

namespace pga::schema {

#define PGA_KIND(slug) const Kind& make_##slug();
#include "schema/kinds/registry.def"
#undef PGA_KIND

std::span<const Kind* const> all_kinds() {
  static const std::array kinds = {
#define PGA_KIND(slug) &make_##slug(),
#include "schema/kinds/registry.def"
#undef PGA_KIND
  };
  return kinds;
}

const Kind& kind_of(KindId id) {
  return *all_kinds()[static_cast<size_t>(id)];
}

const Kind* find_kind(std::string_view slug) {
  const auto kinds = all_kinds();
  const auto it = std::ranges::find(kinds, slug, [](const Kind* kind) { return kind->slug(); });
  return it == kinds.end() ? nullptr : *it;
}

Statements Kind::drop(const Object& object, const Database&) const {
  return {{"DROP " + std::string(keyword()) + " " + address(object)}};
}

Alteration Kind::alter(const Object&, const Object&, const std::vector<std::string_view>&, const Database&,
                       const Database&) const {
  return Alteration::recreate();
}

std::optional<Statement> Kind::rename(const Object& from, const Id& to, const Database&) const {
  return Statement{"ALTER " + std::string(keyword()) + " " + address(from) + " RENAME TO " + ident(to.name())};
}

std::string Kind::address(const Object& object) const {
  std::string out;
  for (const auto& part : object.id.path) {
    if (!out.empty()) out += '.';
    out += ident(part);
  }
  return out;
}

std::string Kind::comment_target(const Object& object) const {
  return std::string(keyword()) + " " + address(object);
}
std::string Kind::owner_target(const Object& object) const {
  return std::string(keyword()) + " " + address(object);
}
std::string Kind::grant_target(const Object&) const {
  return {};
}

Statements comment_sql(const Object& object) {
  const std::string text = object.comment ? literal(*object.comment) : "NULL";
  return {{"COMMENT ON " + kind_of(object.id.kind).comment_target(object) + " IS " + text}};
}

Statements owner_sql(const Object& object) {
  const std::string target = kind_of(object.id.kind).owner_target(object);
  if (target.empty() || !object.owner) return {};
  return {{"ALTER " + target + " OWNER TO " + ident(*object.owner)}};
}

Statements label_sql(const Object& object, const std::vector<Label>& from, const std::vector<Label>& to) {
  Statements out;
  const std::string target = kind_of(object.id.kind).comment_target(object);
  const auto say = [&](const std::string& provider, const std::string& text) {
    out.push_back({"SECURITY LABEL FOR " + ident(provider) + " ON " + target + " IS " + text});
  };
  for (const auto& old : from) {
    if (std::ranges::none_of(to, [&](const Label& l) { return l.provider == old.provider; })) say(old.provider, "NULL");
  }
  for (const auto& label : to) {
    if (std::ranges::find(from, label) == from.end()) say(label.provider, literal(label.label));
  }
  return out;
}

namespace {

std::string grantee_sql(const Value& owner, const Privilege& privilege) {
  if (!privilege.grantee) return owner ? ident(*owner) : "CURRENT_USER";
  return privilege.grantee->empty() ? "PUBLIC" : ident(*privilege.grantee);
}

// "SELECT (email)" for a column: the kind says the target as "(email) ON TABLE …" would be split, so a column's grant_target
// is "TABLE public.users" and its name goes behind the privilege.
std::string privilege_words(const Object& object, const std::vector<std::string>& privileges) {
  if (kind_of(object.id.kind).slug() != "column") return join(privileges, ", ");
  std::vector<std::string> out;
  for (const auto& p : privileges) out.push_back(p + " (" + ident(object.id.name()) + ")");
  return join(out, ", ");
}

}  // namespace

std::vector<Privilege> with_owner(std::vector<Privilege> privileges, const Value& owner, bool of_column) {
  if (!owner) return privileges;
  std::vector<Privilege> out;
  if (of_column) {
    for (auto& one : privileges) {
      if (one.grantee == owner) one.grantee.reset();
      const auto same = std::ranges::find_if(
          out, [&](const Privilege& other) { return other.grantee == one.grantee && other.privilege == one.privilege; });
      if (same == out.end()) {
        out.push_back(one);
      } else {
        same->grantable = same->grantable || one.grantable;
      }
    }
    std::ranges::sort(out);
    return out;
  }
  for (const auto& one : privileges) {
    if (one.granted && one.grantee == owner) continue;
    const bool regained = !one.granted && !one.grantee && std::ranges::any_of(privileges, [&](const Privilege& other) {
      return other.granted && other.grantee == owner && other.privilege == one.privilege && !other.grantable;
    });
    if (!regained) out.push_back(one);
  }
  for (auto& one : privileges) {
    if (!one.granted || one.grantee != owner || !one.grantable) continue;
    one.grantee.reset();  // more than an owner has by itself
    if (std::ranges::find(out, one) == out.end()) out.push_back(one);
    const Privilege less{false, std::nullopt, one.privilege, false, 0};
    if (std::ranges::find(out, less) == out.end()) out.push_back(less);
  }
  std::ranges::sort(out);
  return out;
}

Statements privilege_sql(const Object& object, const std::vector<Privilege>& from, const std::vector<Privilege>& to,
                         const Value& owner) {
  const Value& owned_by = owner ? owner : object.owner;
  const std::string target = kind_of(object.id.kind).grant_target(object);
  if (target.empty()) return {};
  // What must be said: undo what only `from` has, do what only `to` has. Grouped by (grant or revoke, grantee, option).
  struct Group {
    bool grant, option_only, grantable;
    std::string grantee;
    auto operator<=>(const Group&) const = default;
  };
  std::map<Group, std::vector<std::string>> groups;
  std::map<Group, int> first;
  const auto same = [](const Privilege& a, const Privilege& b) {
    return a.granted == b.granted && a.grantee == b.grantee && a.privilege == b.privilege;
  };
  for (const auto& old : from) {
    const auto kept = std::ranges::find_if(to, [&](const Privilege& p) { return same(p, old); });
    if (kept == to.end()) {
      groups[{!old.granted, false, false, grantee_sql(owned_by, old)}].push_back(old.privilege);
    } else if (old.grantable && !kept->grantable) {
      groups[{false, true, false, grantee_sql(owned_by, old)}].push_back(old.privilege);
    }
  }
  for (const auto& now : to) {
    const auto before = std::ranges::find_if(from, [&](const Privilege& p) { return same(p, now); });
    if (before == from.end() || (now.grantable && !before->grantable)) {
      const Group group{now.granted, false, now.grantable, grantee_sql(owned_by, now)};
      groups[group].push_back(now.privilege);
      const int order = now.order + 1;
      first[group] = first.contains(group) ? std::min(first[group], order) : order;
    }
  }
  std::vector<std::pair<Group, std::vector<std::string>>> ordered(groups.begin(), groups.end());
  std::ranges::stable_sort(ordered, {}, [&](const auto& one) { return std::pair(one.first.grant, first[one.first]); });
  Statements out;
  for (const auto& [group, privileges] : ordered) {
    const std::string words = privilege_words(object, privileges);
    if (group.grant) {
      out.push_back(
          {"GRANT " + words + " ON " + target + " TO " + group.grantee + (group.grantable ? " WITH GRANT OPTION" : "")});
    } else {
      out.push_back({std::string("REVOKE ") + (group.option_only ? "GRANT OPTION FOR " : "") + words + " ON " + target +
                     " FROM " + group.grantee});
    }
  }
  return out;
}

std::vector<std::string_view> changed_fields(const Object& from, const Object& to) {
  std::vector<std::string_view> out;
  const auto fields = kind_of(from.id.kind).fields();
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].compare == Compare::yes && from.fields[i] != to.fields[i]) out.push_back(fields[i].name);
  }
  return out;
}

}  // namespace pga::schema
