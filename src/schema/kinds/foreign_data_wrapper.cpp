// Foreign-data wrappers: all that they have is altered in place.
// https://www.postgresql.org/docs/current/sql-alterforeigndatawrapper.html
#include <algorithm>
#include <array>

#include "schema/kinds/foreign_options.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kForeignDataWrapperFields = {
    Field{"handler", FieldType::sql, "Function that gives the routines; NULL: its foreign tables cannot be read."},
    Field{"validator", FieldType::sql, "Function that checks options; NULL: they are not checked."},
    kOptionsField,
    kLeftOutField,
};

class ForeignDataWrapperKind : public Kind {
 public:
  KindId id() const override { return KindId::foreign_data_wrapper; }
  std::string_view slug() const override { return "foreign_data_wrapper"; }
  std::string_view keyword() const override { return "FOREIGN DATA WRAPPER"; }
  std::string_view catalog() const override { return "pg_foreign_data_wrapper"; }
  std::string_view query() const override { return embedded::schema::kinds_foreign_data_wrapper; }
  std::span<const Field> fields() const override { return kForeignDataWrapperFields; }

  Statements create(const Object& object, const Database&) const override {
    std::string sql = "CREATE FOREIGN DATA WRAPPER " + address(object);
    if (object.value("handler")) sql += " HANDLER " + object.text("handler");
    if (object.value("validator")) sql += " VALIDATOR " + object.text("validator");
    return {{left_out_comment(object, "ALTER FOREIGN DATA WRAPPER " + address(object)) + sql + new_options(object)}};
  }
  Alteration alter(const Object& from, const Object& to, const std::vector<std::string_view>& changed, const Database&,
                   const Database&) const override {
    const auto has = [&](std::string_view field) { return std::ranges::find(changed, field) != changed.end(); };
    std::string sql = "ALTER FOREIGN DATA WRAPPER " + address(to);
    if (has("handler")) sql += to.value("handler") ? " HANDLER " + to.text("handler") : " NO HANDLER";
    if (has("validator")) sql += to.value("validator") ? " VALIDATOR " + to.text("validator") : " NO VALIDATOR";
    return Alteration::in_place({{sql + changed_options(from, to)}});
  }
  std::string grant_target(const Object& object) const override { return "FOREIGN DATA WRAPPER " + address(object); }
};

}  // namespace

const Kind& make_foreign_data_wrapper() {
  static const ForeignDataWrapperKind kind;
  return kind;
}

}  // namespace pga::schema
