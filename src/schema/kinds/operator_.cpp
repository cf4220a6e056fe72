// Operators. Commutators and negators that name each other are no cycle: PostgreSQL makes a shell of an operator that it does not
// know yet and fills it in when that one is created (pg_dump relies on the same), so there is no dependency between them.
// ALTER OPERATOR … SET changes the estimators; since 17 also commutator, negator, HASHES and MERGES, once.
// https://www.postgresql.org/docs/current/sql-alteroperator.html
#include <algorithm>
#include <array>

#include "base/quote.h"
#include "base/text.h"
#include "schema/kind.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kOperatorFields = {
    Field{"left", FieldType::sql, "Type of the left operand; NULL: a prefix operator.", Compare::no},
    Field{"right", FieldType::sql, "Type of the right operand; NULL: a postfix operator (13).", Compare::no},
    Field{"function", FieldType::sql, "The function behind it."},
    Field{"commutator", FieldType::sql, "Operator that gives the same with the operands exchanged."},
    Field{"negator", FieldType::sql, "Operator that gives the opposite."},
    Field{"restrict", FieldType::sql, "Selectivity estimator of a restriction."},
    Field{"join", FieldType::sql, "Selectivity estimator of a join."},
    Field{"hashes", FieldType::boolean, "Supports hash joins."},
    Field{"merges", FieldType::boolean, "Supports merge joins."},
    Field{"commutator_is_shell", FieldType::boolean, "The commutator was never defined.", Compare::no},
    Field{"negator_is_shell", FieldType::boolean, "The negator was never defined.", Compare::no},
};

// Operator names are made of operator characters alone: nothing to quote, nothing that could be quoted.
std::string operator_name(const Object& object) {
  return ident(object.id.path[0]) + "." + object.id.path[1];
}

std::string operands(const std::string& left, const std::string& right) {
  return " (" + (left.empty() ? "NONE" : left) + ", " + (right.empty() ? "NONE" : right) + ")";
}

// The operator that a link of `object` names; nullptr: not in this database, or a shell.
const Object* linked(const Object& object, bool commutator, const Database& in) {
  const std::string name = object.text(commutator ? "commutator" : "negator");
  for (auto it = in.objects.lower_bound({KindId::operator_, {}}); it != in.objects.end(); ++it) {
    const Object& other = it->second;
    if (other.id.kind != KindId::operator_) break;
    const bool operands_match = object.value("left") == other.value(commutator ? "right" : "left") &&
                                object.value("right") == other.value(commutator ? "left" : "right");
    if (operands_match && operator_name(other) == name) return &other;
  }
  return nullptr;
}

// How a changed link comes about. by_itself: a new partner's CREATE sets it here too, a partner's DROP resets it.
enum class LinkChange : uint8_t { by_itself, set, recreate };
LinkChange link_change(const Object& from, const Object& to, bool commutator, const Database& from_db, const Database& to_db) {
  const char* field = commutator ? "commutator" : "negator";
  if (from.value(field)) {
    const Object* before = linked(from, commutator, from_db);
    const bool dropped = before != nullptr && to_db.find(before->id) == nullptr;
    return dropped && !to.value(field) ? LinkChange::by_itself : LinkChange::recreate;
  }
  const Object* partner = linked(to, commutator, to_db);
  if (partner == nullptr) return LinkChange::recreate;  // only CREATE OPERATOR makes a shell
  const Object* before = from_db.find(partner->id);
  if (before == nullptr) return linked(*partner, commutator, to_db) == &to ? LinkChange::by_itself : LinkChange::recreate;
  const bool stays = to_db.major() >= 17 && before->value("function") == partner->value("function") && !before->value(field);
  return stays ? LinkChange::set : LinkChange::recreate;
}

std::string link(const char* word, const Object& object, const char* field) {
  return std::string(word) + " = OPERATOR(" + object.text(field) + ")";
}

class OperatorKind : public Kind {
 public:
  KindId id() const override { return KindId::operator_; }
  std::string_view slug() const override { return "operator_"; }
  std::string_view keyword() const override { return "OPERATOR"; }
  std::string_view catalog() const override { return "pg_operator"; }
  std::string_view query() const override { return embedded::schema::kinds_operator_; }
  std::span<const Field> fields() const override { return kOperatorFields; }

  Statements create(const Object& object, const Database&) const override {
    std::vector<std::string> words = {"FUNCTION = " + object.text("function")};
    if (object.value("left")) words.push_back("LEFTARG = " + object.text("left"));
    if (object.value("right")) words.push_back("RIGHTARG = " + object.text("right"));
    if (object.value("commutator")) words.push_back(link("COMMUTATOR", object, "commutator"));
    if (object.value("negator")) words.push_back(link("NEGATOR", object, "negator"));
    if (object.value("restrict")) words.push_back("RESTRICT = " + object.text("restrict"));
    if (object.value("join")) words.push_back("JOIN = " + object.text("join"));
    if (object.flag("hashes")) words.push_back("HASHES");
    if (object.flag("merges")) words.push_back("MERGES");
    return {{"CREATE OPERATOR " + operator_name(object) + " (\n  " + join(words, ",\n  ") + "\n)"}};
  }

  // A shell that only this operator made would stay behind, and keep its schema and its types from being dropped.
  Statements drop(const Object& object, const Database&) const override {
    const std::string left = object.text("left"), right = object.text("right");
    Statements out = {{"DROP OPERATOR " + address(object)}};
    if (object.flag("commutator_is_shell")) {
      out.push_back({"DROP OPERATOR IF EXISTS " + object.text("commutator") + operands(right, left)});
    }
    if (object.flag("negator_is_shell")) {
      out.push_back({"DROP OPERATOR IF EXISTS " + object.text("negator") + operands(left, right)});
    }
    return out;
  }

  Alteration alter(const Object& from, const Object& to, const std::vector<std::string_view>& changed, const Database& from_db,
                   const Database& to_db) const override {
    const auto has = [&](std::string_view field) { return std::ranges::find(changed, field) != changed.end(); };
    if (has("function")) return Alteration::recreate();
    const auto link_of = [&](bool commutator) {
      if (!has(commutator ? "commutator" : "negator")) return LinkChange::by_itself;
      return link_change(from, to, commutator, from_db, to_db);
    };
    const LinkChange commutator = link_of(true), negator = link_of(false);
    if (commutator == LinkChange::recreate || negator == LinkChange::recreate) return Alteration::recreate();
    for (const auto* field : {"hashes", "merges"}) {
      if (has(field) && (to_db.major() < 17 || from.flag(field))) return Alteration::recreate();
    }
    std::vector<std::string> words;
    const auto estimator = [&](const char* word, const char* field) {
      if (has(field)) words.push_back(std::string(word) + " = " + to.value(field).value_or("NONE"));
    };
    estimator("RESTRICT", "restrict");
    estimator("JOIN", "join");
    if (commutator == LinkChange::set) words.push_back(link("COMMUTATOR", to, "commutator"));
    if (negator == LinkChange::set) words.push_back(link("NEGATOR", to, "negator"));
    if (has("hashes")) words.emplace_back("HASHES");
    if (has("merges")) words.emplace_back("MERGES");
    if (words.empty()) return Alteration::in_place({});
    return Alteration::in_place({{"ALTER OPERATOR " + address(to) + " SET (" + join(words, ", ") + ")"}});
  }
  std::optional<Statement> rename(const Object&, const Id&, const Database&) const override { return std::nullopt; }
  std::string address(const Object& object) const override {
    return operator_name(object) + operands(object.text("left"), object.text("right"));
  }
};

}  // namespace

const Kind& make_operator_() {
  static const OperatorKind kind;
  return kind;
}

}  // namespace pga::schema
