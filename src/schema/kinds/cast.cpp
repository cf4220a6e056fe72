// Casts. There is no ALTER CAST: every change creates the cast anew.
// https://www.postgresql.org/docs/current/sql-createcast.html
#include <array>

#include "schema/kind.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kCastFields = {
    Field{"method", FieldType::text, "function, binary (no conversion at all) or inout (through the text form)."},
    Field{"function", FieldType::sql, "The function that converts, with the types of its arguments."},
    Field{"context", FieldType::text, "When it is used unasked: explicit (never), assignment or implicit."},
};

class CastKind : public Kind {
 public:
  KindId id() const override { return KindId::cast; }
  std::string_view slug() const override { return "cast"; }
  std::string_view keyword() const override { return "CAST"; }
  std::string_view catalog() const override { return "pg_cast"; }
  std::string_view query() const override { return embedded::schema::kinds_cast; }
  std::span<const Field> fields() const override { return kCastFields; }

  Statements create(const Object& object, const Database&) const override {
    std::string sql = "CREATE CAST " + address(object);
    const std::string method = object.text("method"), context = object.text("context");
    sql += method == "function" ? " WITH FUNCTION " + object.text("function")
                                : (method == "inout" ? " WITH INOUT" : " WITHOUT FUNCTION");
    if (context == "assignment") sql += " AS ASSIGNMENT";
    if (context == "implicit") sql += " AS IMPLICIT";
    return {{sql}};
  }
  std::optional<Statement> rename(const Object&, const Id&, const Database&) const override { return std::nullopt; }
  // The types are SQL already, as format_type prints them.
  std::string address(const Object& object) const override { return "(" + object.id.path[0] + " AS " + object.id.path[1] + ")"; }
  std::string owner_target(const Object&) const override { return {}; }
};

}  // namespace

const Kind& make_cast() {
  static const CastKind kind;
  return kind;
}

}  // namespace pga::schema
