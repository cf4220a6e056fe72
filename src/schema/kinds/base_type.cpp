// Base types, made of functions in C that take and return the type itself: so it is first a shell. And shells that never became
// more. Some properties change by ALTER TYPE … SET; the rest makes the type anew.
// https://www.postgresql.org/docs/current/sql-createtype.html
#include <algorithm>
#include <array>

#include "base/quote.h"
#include "base/text.h"
#include "schema/kind.h"
#include "schema/table_ddl.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kBaseTypeFields = {
    Field{"shell", FieldType::boolean, "Only a name (CREATE TYPE name), to be defined later."},
    Field{"input", FieldType::text, "Function that reads the text form."},
    Field{"output", FieldType::text, "Function that writes the text form."},
    Field{"receive", FieldType::text, "Function that reads the binary form."},
    Field{"send", FieldType::text, "Function that writes the binary form."},
    Field{"typmod_in", FieldType::text, "Function that reads type modifiers."},
    Field{"typmod_out", FieldType::text, "Function that writes type modifiers."},
    Field{"analyze_function", FieldType::text, "Function of ANALYZE."},
    Field{"subscript", FieldType::text, "Function of subscripting (14 and newer)."},
    Field{"internal_length", FieldType::integer, "Length in bytes; -1: variable, -2: ends with a zero byte."},
    Field{"by_value", FieldType::boolean, "Passed by value."},
    Field{"alignment", FieldType::text, "char, int2, int4 or double."},
    Field{"storage", FieldType::text, "plain, external, extended or main."},
    Field{"category", FieldType::text, "Category letter for implicit casts."},
    Field{"preferred", FieldType::boolean, "Preferred within its category."},
    Field{"default_value", FieldType::text, "Text form of the default."},
    Field{"element", FieldType::text, "Element type of a type that can be subscripted."},
    Field{"delimiter", FieldType::text, "Between the elements of arrays of this type."},
    Field{"collatable", FieldType::boolean, "Takes collations."},
};

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kFunctions = {{
    {"receive", "RECEIVE"},
    {"send", "SEND"},
    {"typmod_in", "TYPMOD_IN"},
    {"typmod_out", "TYPMOD_OUT"},
    {"analyze_function", "ANALYZE"},
    {"subscript", "SUBSCRIPT"},
}};

class BaseTypeKind : public Kind {
 public:
  KindId id() const override { return KindId::base_type; }
  std::string_view slug() const override { return "base_type"; }
  std::string_view keyword() const override { return "TYPE"; }
  std::string_view catalog() const override { return "pg_type"; }
  std::string_view query() const override { return embedded::schema::kinds_base_type; }
  std::span<const Field> fields() const override { return kBaseTypeFields; }

  Statements create(const Object& object, const Database&) const override {
    if (object.flag("shell")) return shell(object);
    std::vector<std::string> items = {"INPUT = " + object.text("input"), "OUTPUT = " + object.text("output")};
    for (const auto& [field, option] : kFunctions) {
      if (object.value(field)) items.push_back(std::string(option) + " = " + object.text(field));
    }
    const std::string length = object.text("internal_length");
    // Of a length below zero only -1 can be said; -2 is cstring's own.
    items.push_back("INTERNALLENGTH = " + (length == "-1" ? "VARIABLE" : length));
    if (object.flag("by_value")) items.emplace_back("PASSEDBYVALUE");
    items.push_back("ALIGNMENT = " + object.text("alignment"));
    items.push_back("STORAGE = " + object.text("storage"));
    if (object.text("category") != "U") items.push_back("CATEGORY = " + literal(object.text("category")));
    if (object.flag("preferred")) items.emplace_back("PREFERRED = true");
    if (object.value("default_value")) items.push_back("DEFAULT = " + literal(object.text("default_value")));
    if (object.value("element")) items.push_back("ELEMENT = " + object.text("element"));
    if (object.text("delimiter") != ",") items.push_back("DELIMITER = " + literal(object.text("delimiter")));
    if (object.flag("collatable")) items.emplace_back("COLLATABLE = true");
    return {{"CREATE TYPE " + address(object) + " (\n    " + join(items, ",\n    ") + "\n)"}};
  }

  Statements shell(const Object& object) const override { return {{"CREATE TYPE " + address(object)}}; }

  // The type and its functions need each other; the functions are then gone with it (Function::drop says IF EXISTS).
  Statements drop(const Object& object, const Database&) const override {
    return {{"DROP TYPE " + address(object) + (object.flag("shell") ? "" : " CASCADE")}};
  }

  Alteration alter(const Object& from, const Object& to, const std::vector<std::string_view>& changed, const Database& from_db,
                   const Database& to_db) const override {
    if (from.flag("shell")) return Alteration::recreate();
    std::vector<std::string> items;
    for (const auto field : changed) {
      const auto known = std::ranges::find(kFunctions, field, &std::pair<std::string_view, std::string_view>::first);
      if (known != kFunctions.end()) {
        items.push_back(std::string(known->second) + " = " + to.value(field).value_or("NONE"));
      } else if (field == "storage" && from.text("storage") != "plain" && to.text("storage") != "plain") {
        items.push_back("STORAGE = " + to.text("storage"));
      } else {
        return Alteration::recreate();
      }
    }
    Statements out = {{"ALTER TYPE " + address(to) + " SET (" + join(items, ", ") + ")"}};
    // Columns that are there keep the storage that the type had.
    for (const Object* column : from_db.dependents(from.id)) {
      const Object* later = to_db.find(column->id);
      if (later == nullptr || column->id.kind != KindId::column || from.value("storage") == to.value("storage")) continue;
      if (column->value("storage") || later->value("storage") || column->text("type").ends_with("[]")) continue;
      out.push_back({"ALTER TABLE ONLY " + table_name(*column) + " ALTER COLUMN " + ident(column->id.name()) + " SET STORAGE " +
                     to.text("storage")});
    }
    return Alteration::in_place(std::move(out));
  }

  std::optional<Statement> rename(const Object& from, const Id& to, const Database& in) const override {
    if (from.flag("shell")) return std::nullopt;
    return Kind::rename(from, to, in);
  }

  // PostgreSQL alters nothing of a shell.
  std::string owner_target(const Object& object) const override {
    return object.flag("shell") ? std::string() : Kind::owner_target(object);
  }
  std::string grant_target(const Object& object) const override { return "TYPE " + address(object); }
};

}  // namespace

const Kind& make_base_type() {
  static const BaseTypeKind kind;
  return kind;
}

}  // namespace pga::schema
