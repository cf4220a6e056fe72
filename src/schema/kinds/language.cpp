// Procedural languages that are no part of an extension. CREATE OR REPLACE keeps the functions written in one.
// https://www.postgresql.org/docs/current/sql-createlanguage.html
#include <algorithm>
#include <array>

#include "base/quote.h"
#include "base/text.h"
#include "schema/kind.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kLanguageFields = {
    Field{"trusted", FieldType::boolean, "May be used by everybody who has USAGE."},
    Field{"handler", FieldType::text, "Function that calls functions of the language."},
    Field{"inline_handler", FieldType::text, "Function that runs DO blocks."},
    Field{"validator", FieldType::text, "Function that checks new functions."},
};

class LanguageKind : public Kind {
 public:
  KindId id() const override { return KindId::language; }
  std::string_view slug() const override { return "language"; }
  std::string_view keyword() const override { return "LANGUAGE"; }
  std::string_view catalog() const override { return "pg_language"; }
  std::string_view query() const override { return embedded::schema::kinds_language; }
  std::span<const Field> fields() const override { return kLanguageFields; }

  Statements create(const Object& object, const Database&) const override {
    std::string sql = std::string("CREATE OR REPLACE ") + (object.flag("trusted") ? "TRUSTED " : "") + "LANGUAGE " +
                      address(object) + " HANDLER " + object.text("handler");
    if (object.value("inline_handler")) sql += " INLINE " + object.text("inline_handler");
    if (object.value("validator")) sql += " VALIDATOR " + object.text("validator");
    return {{sql}};
  }

  Alteration alter(const Object& from, const Object& to, const std::vector<std::string_view>&, const Database&,
                   const Database& to_db) const override {
    // Its privileges would come back to life when it is trusted again.
    if (from.flag("trusted") && !to.flag("trusted") && !from.privileges.empty()) return Alteration::recreate();
    return Alteration::in_place(create(to, to_db));
  }

  std::string grant_target(const Object& object) const override {
    return object.flag("trusted") ? "LANGUAGE " + address(object) : std::string();
  }
};

}  // namespace

const Kind& make_language() {
  static const LanguageKind kind;
  return kind;
}

}  // namespace pga::schema
