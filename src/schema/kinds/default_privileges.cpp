// Default privileges: one object a role, schema and type of object. They decide about objects that are made later, so a plan must
// set them after it made its objects (or state those objects' privileges in full).
// https://www.postgresql.org/docs/current/sql-alterdefaultprivileges.html
#include <algorithm>
#include <array>
#include <map>

#include "base/quote.h"
#include "base/text.h"
#include "schema/fresh_privileges.h"
#include "schema/kind.h"
#include "schema/kinds/parts.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kDefaultPrivilegesFields = {
    Field{"grants", FieldType::list,
          "Differences from the built-in ones: sign|privilege|grantable|o (owner), p (PUBLIC) or r|role."},
};

struct DefaultGrant {
  bool granted = false, grantable = false;
  std::string privilege, grantee;  // grantee as SQL
  std::string role;                // as a name; empty: PUBLIC or the owner
};

DefaultGrant parse_default_grant(const Object& object, const std::string& item) {
  const auto parts = split(item, '|');  // a role name may hold '|', so it is last
  PGA_ASSERT(parts.size() >= 5);
  DefaultGrant out{parts[0] == "+", parts[2] == "true", parts[1], "PUBLIC", {}};
  if (parts[3] == "o") out.grantee = object.id.path[0].empty() ? "CURRENT_USER" : ident(object.id.path[0]);
  if (parts[3] == "r") {
    out.role = item.substr(parts[0].size() + parts[1].size() + parts[2].size() + parts[3].size() + 4);
    out.grantee = ident(out.role);
  }
  return out;
}

class DefaultPrivilegesKind : public Kind {
 public:
  KindId id() const override { return KindId::default_privileges; }
  std::string_view slug() const override { return "default_privileges"; }
  std::string_view keyword() const override { return "DEFAULT PRIVILEGES"; }
  std::string_view catalog() const override { return "pg_default_acl"; }
  std::string_view query() const override { return embedded::schema::kinds_default_privileges; }
  std::span<const Field> fields() const override { return kDefaultPrivilegesFields; }

  Statements create(const Object& object, const Database&) const override { return change(object, {}, object.list("grants")); }
  Statements drop(const Object& object, const Database&) const override { return change(object, object.list("grants"), {}); }
  Alteration alter(const Object& from, const Object& to, const std::vector<std::string_view>&, const Database&,
                   const Database&) const override {
    return Alteration::in_place(change(to, from.list("grants"), to.list("grants")));
  }
  std::optional<Statement> rename(const Object&, const Id&, const Database&) const override { return std::nullopt; }
  std::string address(const Object& object) const override {
    const auto& path = object.id.path;
    return (path[0].empty() ? "" : "FOR ROLE " + ident(path[0]) + " ") +
           (path[1].empty() ? "" : "IN SCHEMA " + ident(path[1]) + " ") + "ON " + words(object);
  }
  std::string owner_target(const Object&) const override { return {}; }
  std::vector<std::string> roles(const Object& object) const override {
    std::vector<std::string> out;
    if (!object.id.path[0].empty()) out.push_back(object.id.path[0]);
    for (const auto& item : object.list("grants")) {
      if (auto role = parse_default_grant(object, item).role; !role.empty()) out.push_back(std::move(role));
    }
    return out;
  }

 private:
  static std::string words(const Object& object) {
    std::string out = object.id.path[2];
    std::ranges::transform(out, out.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    return out;
  }

  // First what is taken back, then what is said newly; privileges of one grantee together.
  static Statements change(const Object& object, const std::vector<std::string>& from, const std::vector<std::string>& to) {
    struct Group {
      bool second, grant;
      std::string grantee;
      bool grantable;
      auto operator<=>(const Group&) const = default;
    };
    std::map<Group, std::vector<std::string>> groups;
    for (const auto& [added, item] : list_changes(from, to)) {
      const DefaultGrant one = parse_default_grant(object, item);
      const bool grant = one.granted == added;
      groups[{added, grant, one.grantee, grant && one.grantable}].push_back(one.privilege);
    }
    const auto& path = object.id.path;
    std::string head = "ALTER DEFAULT PRIVILEGES";
    if (!path[0].empty()) head += " FOR ROLE " + ident(path[0]);
    if (!path[1].empty()) head += " IN SCHEMA " + ident(path[1]);
    Statements out;
    for (const auto& [group, privileges] : groups) {
      out.push_back({head + (group.grant ? " GRANT " : " REVOKE ") + join(privileges, ", ") + " ON " + words(object) +
                     (group.grant ? " TO " : " FROM ") + group.grantee + (group.grantable ? " WITH GRANT OPTION" : "")});
    }
    return out;
  }
};

// The word of ALTER DEFAULT PRIVILEGES for objects of this kind, "" when there is none.
std::string default_privileges_type(std::string_view slug) {
  if (slug == "table" || slug == "view" || slug == "materialized_view") return "tables";
  if (slug == "sequence") return "sequences";
  if (slug == "function" || slug == "aggregate") return "functions";
  if (slug == "schema") return "schemas";
  if (slug.ends_with("_type") || slug == "domain") return "types";
  return {};
}

// What PostgreSQL grants on a fresh object anyway, so that granting it again changes nothing.
bool built_in(const Privilege& privilege, const std::string& type) {
  if (!privilege.grantee) return !privilege.grantable;
  return privilege.grantee->empty() && !privilege.grantable && (type == "functions" || type == "types");
}

}  // namespace

std::vector<Privilege> fresh_privileges(const Object& object, const Database& in) {
  const std::string type = default_privileges_type(kind_of(object.id.kind).slug());
  if (type.empty()) return {};
  const auto read = [&](const std::string& schema) {
    std::vector<Privilege> out;
    const Object* entry = in.find(KindId::default_privileges, {"", schema, type});
    if (entry == nullptr) return out;
    for (const auto& item : entry->list("grants")) {
      const DefaultGrant one = parse_default_grant(*entry, item);
      Privilege privilege{one.granted, std::nullopt, one.privilege, one.grantable};
      if (one.grantee == "PUBLIC" || !one.role.empty()) privilege.grantee = one.role;
      out.push_back(std::move(privilege));
    }
    return out;
  };
  std::vector<Privilege> out = read("");
  if (object.id.path.size() < 2) return out;
  for (const auto& added : read(object.id.path.front())) {  // a schema's entry only ever adds
    const auto revoked = std::ranges::find_if(
        out, [&](const Privilege& p) { return !p.granted && p.grantee == added.grantee && p.privilege == added.privilege; });
    const auto granted = std::ranges::find_if(
        out, [&](const Privilege& p) { return p.granted && p.grantee == added.grantee && p.privilege == added.privilege; });
    if (revoked != out.end() && !added.grantable) {
      out.erase(revoked);
    } else if (granted != out.end()) {
      granted->grantable = granted->grantable || added.grantable;
    } else if (!built_in(added, type)) {
      out.push_back(added);
    }
  }
  std::ranges::sort(out);
  return out;
}

const Kind& make_default_privileges() {
  static const DefaultPrivilegesKind kind;
  return kind;
}

}  // namespace pga::schema
