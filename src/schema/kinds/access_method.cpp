// Access methods of tables and indexes. They have no owner and cannot be renamed or altered.
// https://www.postgresql.org/docs/current/sql-create-access-method.html
#include <algorithm>
#include <array>

#include "base/quote.h"
#include "base/text.h"
#include "schema/kind.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kAccessMethodFields = {
    Field{"type", FieldType::text, "TABLE or INDEX."},
    Field{"handler", FieldType::text, "Function that tells what the method can do."},
};

class AccessMethodKind : public Kind {
 public:
  KindId id() const override { return KindId::access_method; }
  std::string_view slug() const override { return "access_method"; }
  std::string_view keyword() const override { return "ACCESS METHOD"; }
  std::string_view catalog() const override { return "pg_am"; }
  std::string_view query() const override { return embedded::schema::kinds_access_method; }
  std::span<const Field> fields() const override { return kAccessMethodFields; }

  Statements create(const Object& object, const Database&) const override {
    return {{"CREATE ACCESS METHOD " + address(object) + " TYPE " + object.text("type") + " HANDLER " + object.text("handler")}};
  }

  std::optional<Statement> rename(const Object&, const Id&, const Database&) const override { return std::nullopt; }
  std::string owner_target(const Object&) const override { return {}; }
};

}  // namespace

const Kind& make_access_method() {
  static const AccessMethodKind kind;
  return kind;
}

}  // namespace pga::schema
