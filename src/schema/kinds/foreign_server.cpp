// Foreign servers: version and options are altered in place; wrapper and type need another server, with its foreign tables and
// user mappings. https://www.postgresql.org/docs/current/sql-alterserver.html
#include <algorithm>
#include <array>

#include "schema/kinds/foreign_options.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kForeignServerFields = {
    Field{"wrapper", FieldType::text, "Foreign-data wrapper that reaches it."},
    Field{"type", FieldType::text, "Type of the server, in words of the wrapper."},
    Field{"version", FieldType::text, "Version of the server, in words of the wrapper."},
    kOptionsField,
    kLeftOutField,
};

class ForeignServerKind : public Kind {
 public:
  KindId id() const override { return KindId::foreign_server; }
  std::string_view slug() const override { return "foreign_server"; }
  std::string_view keyword() const override { return "SERVER"; }
  std::string_view catalog() const override { return "pg_foreign_server"; }
  std::string_view query() const override { return embedded::schema::kinds_foreign_server; }
  std::span<const Field> fields() const override { return kForeignServerFields; }

  Statements create(const Object& object, const Database&) const override {
    std::string sql = "CREATE SERVER " + address(object);
    if (object.value("type")) sql += " TYPE " + literal(object.text("type"));
    if (object.value("version")) sql += " VERSION " + literal(object.text("version"));
    sql += " FOREIGN DATA WRAPPER " + ident(object.text("wrapper"));
    return {{left_out_comment(object, "ALTER SERVER " + address(object)) + sql + new_options(object)}};
  }
  Alteration alter(const Object& from, const Object& to, const std::vector<std::string_view>& changed, const Database&,
                   const Database&) const override {
    const auto has = [&](std::string_view field) { return std::ranges::find(changed, field) != changed.end(); };
    if (has("wrapper") || has("type")) return Alteration::recreate();
    std::string sql = "ALTER SERVER " + address(to);
    if (has("version")) sql += " VERSION " + (to.value("version") ? literal(to.text("version")) : "NULL");
    return Alteration::in_place({{sql + changed_options(from, to)}});
  }
  std::string grant_target(const Object& object) const override { return "FOREIGN SERVER " + address(object); }
};

}  // namespace

const Kind& make_foreign_server() {
  static const ForeignServerKind kind;
  return kind;
}

}  // namespace pga::schema
