// Defaults of columns. In a new table they stand inside CREATE TABLE unless a cycle forbids it.
#include <array>

#include "base/quote.h"
#include "schema/kind.h"
#include "schema/table_ddl.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kFields = {Field{"expression", FieldType::sql, "Default expression."}};

class ColumnDefaultKind : public Kind {
 public:
  KindId id() const override { return KindId::column_default; }
  std::string_view slug() const override { return "column_default"; }
  std::string_view keyword() const override { return "DEFAULT"; }
  std::string_view catalog() const override { return "pg_attrdef"; }
  std::string_view query() const override { return embedded::schema::kinds_column_default; }
  std::span<const Field> fields() const override { return kFields; }

  static std::string alter_column(const Object& object) {
    return "ALTER TABLE ONLY " + table_name(object) + " ALTER COLUMN " + ident(object.id.name());
  }
  Statements create(const Object& object, const Database&) const override {
    return {{alter_column(object) + " SET DEFAULT " + object.text("expression")}};
  }
  Statements drop(const Object& object, const Database&) const override { return {{alter_column(object) + " DROP DEFAULT"}}; }
  Alteration alter(const Object&, const Object& to, const std::vector<std::string_view>&, const Database&,
                   const Database& to_db) const override {
    return Alteration::in_place(create(to, to_db));
  }
  std::optional<Statement> rename(const Object&, const Id&, const Database&) const override { return std::nullopt; }
  std::string owner_target(const Object&) const override { return {}; }
};

}  // namespace

const Kind& make_column_default() {
  static const ColumnDefaultKind kind;
  return kind;
}

}  // namespace pga::schema
