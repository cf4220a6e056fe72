// Operator families with their loose members, which ALTER OPERATOR FAMILY adds and drops in place. Members that belong to an
// operator class come and go with it (kinds/operator_class.cpp).
// https://www.postgresql.org/docs/current/sql-alteropfamily.html
#include <algorithm>
#include <array>

#include "base/quote.h"
#include "base/text.h"
#include "schema/kind.h"
#include "schema/kinds/parts.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kOperatorFamilyFields = {
    Field{"operators", FieldType::list, "Loose operators: OPERATOR, strategy, operator, and the order that it sorts by."},
    Field{"operator_slots", FieldType::list, "Strategy and types of each of them.", Compare::no},
    Field{"functions", FieldType::list, "Loose support functions: FUNCTION, number, types, function."},
    Field{"function_slots", FieldType::list, "Number and types of each of them.", Compare::no},
    Field{"required_slots", FieldType::list, "Slots that the access method requires, which cannot be dropped alone.",
          Compare::no},
};

class OperatorFamilyKind : public Kind {
 public:
  KindId id() const override { return KindId::operator_family; }
  std::string_view slug() const override { return "operator_family"; }
  std::string_view keyword() const override { return "OPERATOR FAMILY"; }
  std::string_view catalog() const override { return "pg_opfamily"; }
  std::string_view query() const override { return embedded::schema::kinds_operator_family; }
  std::span<const Field> fields() const override { return kOperatorFamilyFields; }

  Statements create(const Object& object, const Database&) const override {
    Statements out = {{"CREATE OPERATOR FAMILY " + address(object)}};
    auto members = object.list("operators");
    for (auto& function : object.list("functions")) members.push_back(std::move(function));
    change(object, "ADD", members, out);
    return out;
  }
  Alteration alter(const Object& from, const Object& to, const std::vector<std::string_view>&, const Database&,
                   const Database&) const override {
    std::vector<std::string> dropped, added;
    for (const auto& [members, slots] : {std::pair("operators", "operator_slots"), std::pair("functions", "function_slots")}) {
      const auto after = to.list(members), before = from.list(members);
      for (const auto& [member, slot] : pairs(from, members, slots)) {
        if (std::ranges::find(after, member) == after.end()) dropped.push_back(slot);
      }
      for (const auto& member : after) {
        if (std::ranges::find(before, member) == before.end()) added.push_back(member);
      }
    }
    const auto required = from.list("required_slots");
    const auto fixed = [&](const std::string& slot) { return std::ranges::find(required, slot) != required.end(); };
    if (std::ranges::any_of(dropped, fixed)) return Alteration::recreate();
    Statements out;
    change(to, "DROP", dropped, out);
    change(to, "ADD", added, out);
    return Alteration::in_place(std::move(out));
  }
  std::optional<Statement> rename(const Object& from, const Id& to, const Database&) const override {
    return Statement{"ALTER OPERATOR FAMILY " + address(from) + " RENAME TO " + ident(to.path[1])};
  }
  std::string address(const Object& object) const override {
    return ident({object.id.path[0], object.id.path[1]}) + " USING " + ident(object.id.path[2]);
  }

 private:
  void change(const Object& object, const std::string& verb, const std::vector<std::string>& members, Statements& out) const {
    if (members.empty()) return;
    out.push_back({"ALTER OPERATOR FAMILY " + address(object) + " " + verb + "\n  " + join(members, ",\n  ")});
  }
};

}  // namespace

const Kind& make_operator_family() {
  static const OperatorFamilyKind kind;
  return kind;
}

}  // namespace pga::schema
