// Rewrite rules. CREATE OR REPLACE RULE changes everything but the state, which it keeps.
// https://www.postgresql.org/docs/current/sql-createrule.html
#include <algorithm>
#include <array>

#include "base/quote.h"
#include "schema/kind.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kRuleFields = {
    Field{"definition", FieldType::sql, "CREATE RULE as pg_get_ruledef prints it."},
    Field{"enabled", FieldType::text, "origin (the default), disabled, replica or always."},
};

class RuleKind : public Kind {
 public:
  KindId id() const override { return KindId::rule; }
  std::string_view slug() const override { return "rule"; }
  std::string_view keyword() const override { return "RULE"; }
  std::string_view catalog() const override { return "pg_rewrite"; }
  std::string_view query() const override { return embedded::schema::kinds_rule; }
  std::span<const Field> fields() const override { return kRuleFields; }

  Statements create(const Object& object, const Database&) const override {
    Statements out = {{object.text("definition")}};
    if (object.text("enabled") != "origin") out.push_back(enable(object));
    return out;
  }
  Alteration alter(const Object&, const Object& to, const std::vector<std::string_view>& changed, const Database&,
                   const Database&) const override {
    const auto has = [&](std::string_view field) { return std::ranges::find(changed, field) != changed.end(); };
    const std::string sql = to.text("definition");
    if (has("definition") && !sql.starts_with("CREATE RULE ")) return Alteration::recreate();
    Statements out;
    if (has("definition")) out.push_back({"CREATE OR REPLACE " + sql.substr(7)});
    if (has("enabled")) out.push_back(enable(to));
    return Alteration::in_place(std::move(out));
  }
  std::optional<Statement> rename(const Object& from, const Id& to, const Database&) const override {
    return Statement{"ALTER RULE " + address(from) + " RENAME TO " + ident(to.name())};
  }
  std::string address(const Object& object) const override { return ident(object.id.name()) + " ON " + relation(object); }
  std::string owner_target(const Object&) const override { return {}; }

 private:
  static std::string relation(const Object& object) { return ident({object.id.path[0], object.id.path[1]}); }
  static Statement enable(const Object& object) {
    const std::string state = object.text("enabled");
    const std::string words = state == "disabled"  ? "DISABLE RULE "
                              : state == "replica" ? "ENABLE REPLICA RULE "
                              : state == "always"  ? "ENABLE ALWAYS RULE "
                                                   : "ENABLE RULE ";
    return {"ALTER TABLE " + relation(object) + " " + words + ident(object.id.name())};
  }
};

}  // namespace

const Kind& make_rule() {
  static const RuleKind kind;
  return kind;
}

}  // namespace pga::schema
