// Enumerated types. New values come in place, each a step of its own, because PostgreSQL does not let the transaction that added
// a value use it; when a value goes or the order changes the type is replaced and the columns that hold it are moved.
// https://www.postgresql.org/docs/current/sql-altertype.html
#include <algorithm>
#include <array>

#include "base/quote.h"
#include "base/text.h"
#include "schema/kind.h"
#include "schema/kinds/type_rebuild.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kEnumTypeFields = {
    Field{"values", FieldType::list, "The values in their order."},
};

// Whether `before` is what is left of `after` when some values are taken out.
bool only_adds(const std::vector<std::string>& before, const std::vector<std::string>& after) {
  size_t next = 0;
  for (const auto& label : after) {
    if (next < before.size() && before[next] == label) ++next;
  }
  return next == before.size();
}

class EnumTypeKind : public Kind {
 public:
  KindId id() const override { return KindId::enum_type; }
  std::string_view slug() const override { return "enum_type"; }
  std::string_view keyword() const override { return "TYPE"; }
  std::string_view catalog() const override { return "pg_type"; }
  std::string_view query() const override { return embedded::schema::kinds_enum_type; }
  std::span<const Field> fields() const override { return kEnumTypeFields; }

  Statements create(const Object& object, const Database&) const override {
    std::vector<std::string> labels;
    for (const auto& label : object.list("values")) labels.push_back(literal(label));
    return {{"CREATE TYPE " + address(object) + " AS ENUM (" + join(labels, ", ") + ")"}};
  }

  Alteration alter(const Object& from, const Object& to, const std::vector<std::string_view>&, const Database& from_db,
                   const Database& to_db) const override {
    const auto before = from.list("values"), after = to.list("values");
    if (!only_adds(before, after)) return TypeUse(from, from_db).rebuild(to, to_db);
    Statements out;
    for (size_t i = 0, next = 0; i < after.size(); ++i) {
      if (next < before.size() && before[next] == after[i]) {
        ++next;
        continue;
      }
      std::string place;  // none: the last
      if (next < before.size()) place = i == 0 ? " BEFORE " + literal(before[next]) : " AFTER " + literal(after[i - 1]);
      out.push_back({"ALTER TYPE " + address(to) + " ADD VALUE " + literal(after[i]) + place, false});
    }
    return Alteration::in_place(std::move(out));
  }

  std::string grant_target(const Object& object) const override { return "TYPE " + address(object); }
};

}  // namespace

const Kind& make_enum_type() {
  static const EnumTypeKind kind;
  return kind;
}

}  // namespace pga::schema
