// Operator classes. There is no ALTER for what is in one: every change creates it anew, with the indexes that use it.
// https://www.postgresql.org/docs/current/sql-createopclass.html
#include <array>

#include "base/quote.h"
#include "base/text.h"
#include "schema/kind.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kOperatorClassFields = {
    Field{"is_default", FieldType::boolean, "Used for the type when an index names no class."},
    Field{"type", FieldType::sql, "Type that it is for."},
    Field{"family", FieldType::sql, "Operator family that it is in."},
    Field{"storage", FieldType::sql, "Type that is stored, where it is another one."},
    Field{"operators", FieldType::list, "Its operators: OPERATOR, strategy, operator, and the order that it sorts by."},
    Field{"functions", FieldType::list, "Its support functions: FUNCTION, number, types, function."},
};

class OperatorClassKind : public Kind {
 public:
  KindId id() const override { return KindId::operator_class; }
  std::string_view slug() const override { return "operator_class"; }
  std::string_view keyword() const override { return "OPERATOR CLASS"; }
  std::string_view catalog() const override { return "pg_opclass"; }
  std::string_view query() const override { return embedded::schema::kinds_operator_class; }
  std::span<const Field> fields() const override { return kOperatorClassFields; }

  Statements create(const Object& object, const Database&) const override {
    auto members = object.list("operators");
    for (auto& function : object.list("functions")) members.push_back(std::move(function));
    if (object.value("storage")) members.push_back("STORAGE " + object.text("storage"));
    // The grammar wants at least one item; this one says nothing.
    if (members.empty()) members.push_back("STORAGE " + object.text("type"));
    return {{"CREATE OPERATOR CLASS " + ident({object.id.path[0], object.id.path[1]}) +
             (object.flag("is_default") ? " DEFAULT" : "") + " FOR TYPE " + object.text("type") + " USING " +
             ident(object.id.path[2]) + " FAMILY " + object.text("family") + " AS\n  " + join(members, ",\n  ")}};
  }
  std::optional<Statement> rename(const Object& from, const Id& to, const Database&) const override {
    return Statement{"ALTER OPERATOR CLASS " + address(from) + " RENAME TO " + ident(to.path[1])};
  }
  std::string address(const Object& object) const override {
    return ident({object.id.path[0], object.id.path[1]}) + " USING " + ident(object.id.path[2]);
  }
};

}  // namespace

const Kind& make_operator_class() {
  static const OperatorClassKind kind;
  return kind;
}

}  // namespace pga::schema
