// Row security policies. ALTER POLICY changes roles and expressions; it can neither change the command nor PERMISSIVE, nor take
// an expression away: then the policy is created anew. https://www.postgresql.org/docs/current/sql-alterpolicy.html
#include <algorithm>
#include <array>

#include "base/quote.h"
#include "base/text.h"
#include "schema/kind.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kPolicyFields = {
    Field{"permissive", FieldType::boolean, "Rows that any permissive policy allows are seen; restrictive ones must all allow."},
    Field{"command", FieldType::text, "all, select, insert, update or delete."},
    Field{"roles", FieldType::list, "Roles that it is for; the empty name is PUBLIC."},
    Field{"using", FieldType::sql, "Which existing rows are seen; NULL: no such condition."},
    Field{"with_check", FieldType::sql, "Which new rows are allowed; NULL: as using."},
};

std::string roles_sql(const Object& policy) {
  std::vector<std::string> out;
  for (const auto& role : policy.list("roles")) out.push_back(role.empty() ? "PUBLIC" : ident(role));
  return " TO " + join(out, ", ");
}

std::string expressions_sql(const Object& policy, bool with_using, bool with_check) {
  std::string out;
  if (with_using && policy.value("using")) out += "\n  USING (" + policy.text("using") + ")";
  if (with_check && policy.value("with_check")) out += "\n  WITH CHECK (" + policy.text("with_check") + ")";
  return out;
}

class PolicyKind : public Kind {
 public:
  KindId id() const override { return KindId::policy; }
  std::string_view slug() const override { return "policy"; }
  std::string_view keyword() const override { return "POLICY"; }
  std::string_view catalog() const override { return "pg_policy"; }
  std::string_view query() const override { return embedded::schema::kinds_policy; }
  std::span<const Field> fields() const override { return kPolicyFields; }

  Statements create(const Object& object, const Database&) const override {
    std::string sql = "CREATE POLICY " + address(object);
    if (!object.flag("permissive")) sql += " AS RESTRICTIVE";
    if (object.text("command") != "all") sql += " FOR " + command_word(object);
    return {{sql + roles_sql(object) + expressions_sql(object, true, true)}};
  }
  Alteration alter(const Object& from, const Object& to, const std::vector<std::string_view>& changed, const Database&,
                   const Database&) const override {
    const auto has = [&](std::string_view field) { return std::ranges::find(changed, field) != changed.end(); };
    const bool lost = (from.value("using") && !to.value("using")) || (from.value("with_check") && !to.value("with_check"));
    if (has("permissive") || has("command") || lost) return Alteration::recreate();
    return Alteration::in_place({{"ALTER POLICY " + address(to) + (has("roles") ? roles_sql(to) : "") +
                                  expressions_sql(to, has("using"), has("with_check"))}});
  }
  std::optional<Statement> rename(const Object& from, const Id& to, const Database&) const override {
    return Statement{"ALTER POLICY " + address(from) + " RENAME TO " + ident(to.name())};
  }
  std::string address(const Object& object) const override {
    return ident(object.id.name()) + " ON " + ident({object.id.path[0], object.id.path[1]});
  }
  std::string owner_target(const Object&) const override { return {}; }
  std::vector<std::string> roles(const Object& object) const override {
    auto out = object.list("roles");
    std::erase(out, "");
    return out;
  }

 private:
  static std::string command_word(const Object& object) {
    const std::string command = object.text("command");
    return command == "select" ? "SELECT" : command == "insert" ? "INSERT" : command == "update" ? "UPDATE" : "DELETE";
  }
};

}  // namespace

const Kind& make_policy() {
  static const PolicyKind kind;
  return kind;
}

}  // namespace pga::schema
