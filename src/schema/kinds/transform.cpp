// Transforms: CREATE OR REPLACE changes both functions in place.
// https://www.postgresql.org/docs/current/sql-createtransform.html
#include <array>

#include "base/quote.h"
#include "base/text.h"
#include "schema/kind.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kTransformFields = {
    Field{"from_sql", FieldType::sql, "Function that makes a value of the language; NULL: the language's default."},
    Field{"to_sql", FieldType::sql, "Function that makes an SQL value; NULL: the language's default."},
};

class TransformKind : public Kind {
 public:
  KindId id() const override { return KindId::transform; }
  std::string_view slug() const override { return "transform"; }
  std::string_view keyword() const override { return "TRANSFORM"; }
  std::string_view catalog() const override { return "pg_transform"; }
  std::string_view query() const override { return embedded::schema::kinds_transform; }
  std::span<const Field> fields() const override { return kTransformFields; }

  Statements create(const Object& object, const Database&) const override { return {{creation(object)}}; }
  Alteration alter(const Object&, const Object& to, const std::vector<std::string_view>&, const Database&,
                   const Database&) const override {
    return Alteration::in_place({{creation(to)}});
  }
  std::optional<Statement> rename(const Object&, const Id&, const Database&) const override { return std::nullopt; }
  // The type is SQL already, as format_type prints it.
  std::string address(const Object& object) const override {
    return "FOR " + object.id.path[0] + " LANGUAGE " + ident(object.id.path[1]);
  }
  std::string owner_target(const Object&) const override { return {}; }

 private:
  std::string creation(const Object& object) const {
    std::vector<std::string> words;
    if (object.value("from_sql")) words.push_back("FROM SQL WITH FUNCTION " + object.text("from_sql"));
    if (object.value("to_sql")) words.push_back("TO SQL WITH FUNCTION " + object.text("to_sql"));
    return "CREATE OR REPLACE TRANSFORM " + address(object) + " (" + join(words, ", ") + ")";
  }
};

}  // namespace

const Kind& make_transform() {
  static const TransformKind kind;
  return kind;
}

}  // namespace pga::schema
