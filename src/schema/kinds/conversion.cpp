// Conversions between encodings.
// https://www.postgresql.org/docs/current/sql-createconversion.html
#include <algorithm>
#include <array>

#include "base/quote.h"
#include "base/text.h"
#include "schema/kind.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kConversionFields = {
    Field{"source", FieldType::text, "Encoding that is converted from."},
    Field{"destination", FieldType::text, "Encoding that is converted to."},
    Field{"function", FieldType::text, "Function that converts."},
    Field{"is_default", FieldType::boolean, "Used for this pair of encodings."},
};

class ConversionKind : public Kind {
 public:
  KindId id() const override { return KindId::conversion; }
  std::string_view slug() const override { return "conversion"; }
  std::string_view keyword() const override { return "CONVERSION"; }
  std::string_view catalog() const override { return "pg_conversion"; }
  std::string_view query() const override { return embedded::schema::kinds_conversion; }
  std::span<const Field> fields() const override { return kConversionFields; }

  Statements create(const Object& object, const Database&) const override {
    return {{std::string(object.flag("is_default") ? "CREATE DEFAULT CONVERSION " : "CREATE CONVERSION ") + address(object) +
             " FOR " + literal(object.text("source")) + " TO " + literal(object.text("destination")) + " FROM " +
             object.text("function")}};
  }
};

}  // namespace

const Kind& make_conversion() {
  static const ConversionKind kind;
  return kind;
}

}  // namespace pga::schema
