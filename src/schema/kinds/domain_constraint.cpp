// CHECK constraints of domains.
// https://www.postgresql.org/docs/current/sql-alterdomain.html
#include <algorithm>
#include <array>

#include "base/quote.h"
#include "base/text.h"
#include "schema/kind.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kDomainConstraintFields = {
    Field{"definition", FieldType::sql, "The constraint as pg_get_constraintdef prints it, without NOT VALID."},
    Field{"validated", FieldType::boolean, "Every existing value was checked."},
};

class DomainConstraintKind : public Kind {
 public:
  KindId id() const override { return KindId::domain_constraint; }
  std::string_view slug() const override { return "domain_constraint"; }
  std::string_view keyword() const override { return "CONSTRAINT"; }
  std::string_view catalog() const override { return "pg_constraint"; }
  std::string_view query() const override { return embedded::schema::kinds_domain_constraint; }
  std::span<const Field> fields() const override { return kDomainConstraintFields; }

  Statements create(const Object& object, const Database&) const override {
    return {{"ALTER DOMAIN " + domain(object) + " ADD CONSTRAINT " + ident(object.id.name()) + " " + object.text("definition") +
             (object.flag("validated") ? "" : " NOT VALID")}};
  }
  Statements drop(const Object& object, const Database&) const override {
    return {{"ALTER DOMAIN " + domain(object) + " DROP CONSTRAINT " + ident(object.id.name())}};
  }
  Alteration alter(const Object&, const Object& to, const std::vector<std::string_view>& changed, const Database&,
                   const Database&) const override {
    if (changed.size() > 1 || changed.front() != "validated" || !to.flag("validated")) return Alteration::recreate();
    return Alteration::in_place({{"ALTER DOMAIN " + domain(to) + " VALIDATE CONSTRAINT " + ident(to.id.name())}});
  }
  std::optional<Statement> rename(const Object& from, const Id& to, const Database&) const override {
    return Statement{"ALTER DOMAIN " + domain(from) + " RENAME CONSTRAINT " + ident(from.id.name()) + " TO " + ident(to.name())};
  }
  std::string address(const Object& object) const override { return ident(object.id.name()) + " ON DOMAIN " + domain(object); }
  std::string owner_target(const Object&) const override { return {}; }

 private:
  static std::string domain(const Object& object) { return ident({object.id.path[0], object.id.path[1]}); }
};

}  // namespace

const Kind& make_domain_constraint() {
  static const DomainConstraintKind kind;
  return kind;
}

}  // namespace pga::schema
