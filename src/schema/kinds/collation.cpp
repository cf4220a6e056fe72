// Collations. No property of one can be altered: it is replaced, and the columns that have it are moved over (their values stay
// as they are, their indexes are built anew). https://www.postgresql.org/docs/current/sql-createcollation.html
#include <algorithm>
#include <array>

#include "base/quote.h"
#include "base/text.h"
#include "schema/kind.h"
#include "schema/kinds/type_rebuild.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kCollationFields = {
    Field{"provider", FieldType::text, "libc, icu or builtin (17 and newer)."},
    Field{"deterministic", FieldType::boolean, "Strings that are equal have the same bytes."},
    Field{"locale", FieldType::text, "Locale of icu and builtin collations."},
    Field{"lc_collate", FieldType::text, "Locale of the order (libc)."},
    Field{"lc_ctype", FieldType::text, "Locale of character classes (libc)."},
    Field{"rules", FieldType::text, "Tailoring rules (icu, 16 and newer)."},
};

class CollationKind : public Kind {
 public:
  KindId id() const override { return KindId::collation; }
  std::string_view slug() const override { return "collation"; }
  std::string_view keyword() const override { return "COLLATION"; }
  std::string_view catalog() const override { return "pg_collation"; }
  std::string_view query() const override { return embedded::schema::kinds_collation; }
  std::span<const Field> fields() const override { return kCollationFields; }

  Statements create(const Object& object, const Database&) const override {
    std::vector<std::string> items = {"PROVIDER = " + object.text("provider")};
    if (!object.flag("deterministic")) items.emplace_back("DETERMINISTIC = false");
    if (object.value("locale")) items.push_back("LOCALE = " + literal(object.text("locale")));
    if (object.value("lc_collate")) {
      items.push_back("LC_COLLATE = " + literal(object.text("lc_collate")));
      items.push_back("LC_CTYPE = " + literal(object.text("lc_ctype")));
    }
    if (object.value("rules")) items.push_back("RULES = " + literal(object.text("rules")));
    return {{"CREATE COLLATION " + address(object) + " (" + join(items, ", ") + ")"}};
  }

  Alteration alter(const Object& from, const Object& to, const std::vector<std::string_view>&, const Database& from_db,
                   const Database& to_db) const override {
    return TypeUse(from, from_db).rebuild(to, to_db);
  }
};

}  // namespace

const Kind& make_collation() {
  static const CollationKind kind;
  return kind;
}

}  // namespace pga::schema
