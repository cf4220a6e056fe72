// Range types with their multirange types (14 and newer). Nothing but the multirange's name changes in place; otherwise the type
// is replaced and the columns are moved. A canonical function takes the range itself: then the type is first a shell.
// https://www.postgresql.org/docs/current/rangetypes.html#RANGETYPES-DEFINING
#include <algorithm>
#include <array>

#include "base/quote.h"
#include "base/text.h"
#include "schema/kind.h"
#include "schema/kinds/range_constructors.h"
#include "schema/kinds/type_rebuild.h"
#include "schema/table_ddl.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kRangeTypeFields = {
    Field{"subtype", FieldType::text, "Type of the bounds."},
    Field{"subtype_opclass", FieldType::text, "Operator class of the bounds, where it is not the default."},
    Field{"collation", FieldType::text, "Collation of the bounds, where it is not the type's own."},
    Field{"canonical", FieldType::text, "Function that brings a range into canonical form."},
    Field{"subtype_diff", FieldType::text, "Function that tells how far two bounds are from each other."},
    Field{"multirange", FieldType::list, "Schema and name of the multirange type (14 and newer)."},
    Field{"constructor", FieldType::list, "Schema and name of the functions that make a range; a renamed type keeps them."},
    Field{"multirange_constructor", FieldType::list, "Schema and name of the functions that make a multirange."},
};

class RangeTypeKind : public Kind {
 public:
  KindId id() const override { return KindId::range_type; }
  std::string_view slug() const override { return "range_type"; }
  std::string_view keyword() const override { return "TYPE"; }
  std::string_view catalog() const override { return "pg_type"; }
  std::string_view query() const override { return embedded::schema::kinds_range_type; }
  std::span<const Field> fields() const override { return kRangeTypeFields; }

  Statements create(const Object& object, const Database& in) const override {
    std::vector<std::string> items = {"SUBTYPE = " + object.text("subtype")};
    if (object.value("subtype_opclass")) items.push_back("SUBTYPE_OPCLASS = " + object.text("subtype_opclass"));
    if (object.value("collation")) items.push_back("COLLATION = " + object.text("collation"));
    if (object.value("canonical")) items.push_back("CANONICAL = " + object.text("canonical"));
    if (object.value("subtype_diff")) items.push_back("SUBTYPE_DIFF = " + object.text("subtype_diff"));
    if (object.value("multirange") && (in.version == 0 || in.major() >= 14)) {
      items.push_back("MULTIRANGE_TYPE_NAME = " + qualified(object.list("multirange")));
    }
    return {{"CREATE TYPE " + address(object) + " AS RANGE (" + join(items, ", ") + ")"}};
  }

  Statements shell(const Object& object) const override {
    if (!object.value("canonical")) return {};
    return {{"CREATE TYPE " + address(object)}};
  }

  // The canonical function and the type need each other.
  Statements drop(const Object& object, const Database&) const override {
    return {{"DROP TYPE " + address(object) + (object.value("canonical") ? " CASCADE" : "")}};
  }

  Alteration alter(const Object& from, const Object& to, const std::vector<std::string_view>& changed, const Database& from_db,
                   const Database& to_db) const override {
    const bool names_only = std::ranges::all_of(changed, [](std::string_view field) {
      return field == "multirange" || field == "constructor" || field == "multirange_constructor";
    });
    if (names_only) {
      Statements out;
      move(from.list("multirange"), to.list("multirange"), "ALTER TYPE ", "", out);
      for (const auto& arguments : range_constructor_arguments(to)) {
        move(from.list("constructor"), to.list("constructor"), "ALTER FUNCTION ", arguments, out);
      }
      for (const auto& arguments : multirange_constructor_arguments(to)) {
        move(from.list("multirange_constructor"), to.list("multirange_constructor"), "ALTER FUNCTION ", arguments, out);
      }
      return Alteration::in_place(std::move(out));
    }
    if (from.value("canonical") || to.value("canonical")) return Alteration::recreate();
    return TypeUse(from, from_db).rebuild(to, to_db);
  }

  std::string grant_target(const Object& object) const override { return "TYPE " + address(object); }

 private:
  // Empty lists: read from a server before 14.
  static void move(const std::vector<std::string>& before, const std::vector<std::string>& after, const std::string& alter,
                   const std::string& arguments, Statements& out) {
    if (before.empty() || after.empty()) return;
    if (before[1] != after[1]) out.push_back({alter + qualified(before) + arguments + " RENAME TO " + ident(after[1])});
    if (before[0] != after[0]) {
      out.push_back({alter + ident({before[0], after[1]}) + arguments + " SET SCHEMA " + ident(after[0])});
    }
  }
};

}  // namespace

std::vector<std::string> range_constructor_arguments(const Object& range) {
  const std::string bounds = range.text("subtype") + ", " + range.text("subtype");
  return {"(" + bounds + ")", "(" + bounds + ", text)"};
}

std::vector<std::string> multirange_constructor_arguments(const Object& range) {
  const std::string type = ident({range.id.path[0], range.id.path[1]});
  return {"()", "(" + type + ")", "(" + type + "[])"};
}

const Kind& make_range_type() {
  static const RangeTypeKind kind;
  return kind;
}

}  // namespace pga::schema
