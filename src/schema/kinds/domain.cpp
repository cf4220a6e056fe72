// Domains. Default and NOT NULL change in place; another base type or collation replaces the domain and moves the columns.
// https://www.postgresql.org/docs/current/sql-alterdomain.html
#include <algorithm>
#include <array>

#include "base/quote.h"
#include "base/text.h"
#include "schema/kind.h"
#include "schema/kinds/type_rebuild.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kDomainFields = {
    Field{"type", FieldType::text, "Base type with its modifiers."},
    Field{"collation", FieldType::text, "Collation, where it is not the type's own."},
    Field{"default_value", FieldType::sql, "Default, where one is set."},
    Field{"not_null", FieldType::boolean, "NOT NULL."},
    Field{"not_null_name", FieldType::text, "Name of the NOT NULL constraint (17 and newer)."},
    Field{"not_null_comment", FieldType::text, "Comment on the NOT NULL constraint (17 and newer)."},
};

class DomainKind : public Kind {
 public:
  KindId id() const override { return KindId::domain; }
  std::string_view slug() const override { return "domain"; }
  std::string_view keyword() const override { return "DOMAIN"; }
  std::string_view catalog() const override { return "pg_type"; }
  std::string_view query() const override { return embedded::schema::kinds_domain; }
  std::span<const Field> fields() const override { return kDomainFields; }

  Statements create(const Object& object, const Database&) const override {
    std::string sql = "CREATE DOMAIN " + address(object) + " AS " + object.text("type");
    if (object.value("collation")) sql += " COLLATE " + object.text("collation");
    if (object.value("default_value")) sql += " DEFAULT " + object.text("default_value");
    if (object.flag("not_null")) {
      if (object.value("not_null_name")) sql += " CONSTRAINT " + ident(object.text("not_null_name"));
      sql += " NOT NULL";
    }
    Statements out = {{sql}};
    if (object.value("not_null_comment")) out.push_back(not_null_comment(object));
    return out;
  }

  Alteration alter(const Object& from, const Object& to, const std::vector<std::string_view>& changed, const Database& from_db,
                   const Database& to_db) const override {
    const auto has = [&](std::string_view field) { return std::ranges::find(changed, field) != changed.end(); };
    if (has("type") || has("collation")) return TypeUse(from, from_db).rebuild(to, to_db);
    Statements out;
    const std::string alter = "ALTER DOMAIN " + address(to) + " ";
    if (has("not_null") && !to.flag("not_null")) out.push_back({alter + "DROP NOT NULL"});
    if (has("not_null") && to.flag("not_null")) {
      // PostgreSQL cannot look for NULLs inside of arrays and composite values.
      if (const TypeUse use(from, from_db); use.contained()) return use.rebuild(to, to_db);
      const bool named = to.value("not_null_name").has_value();
      out.push_back(
          {alter + (named ? "ADD CONSTRAINT " + ident(to.text("not_null_name")) + " NOT NULL" : std::string("SET NOT NULL"))});
    }
    if (!has("not_null") && has("not_null_name") && from.value("not_null_name") && to.value("not_null_name")) {
      out.push_back(
          {alter + "RENAME CONSTRAINT " + ident(from.text("not_null_name")) + " TO " + ident(to.text("not_null_name"))});
    }
    if (has("not_null_comment") && to.value("not_null_name")) out.push_back(not_null_comment(to));
    if (has("default_value")) {
      out.push_back(
          {alter + (to.value("default_value") ? "SET DEFAULT " + to.text("default_value") : std::string("DROP DEFAULT"))});
    }
    return Alteration::in_place(std::move(out));
  }

  std::string grant_target(const Object& object) const override { return "DOMAIN " + address(object); }

 private:
  Statement not_null_comment(const Object& object) const {
    return {"COMMENT ON CONSTRAINT " + ident(object.text("not_null_name")) + " ON DOMAIN " + address(object) + " IS " +
            (object.value("not_null_comment") ? literal(object.text("not_null_comment")) : "NULL")};
  }
};

}  // namespace

const Kind& make_domain() {
  static const DomainKind kind;
  return kind;
}

}  // namespace pga::schema
