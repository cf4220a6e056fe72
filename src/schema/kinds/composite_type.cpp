// Composite types with their attributes. PostgreSQL adds and drops attributes in place, and changes their types while no column
// of a table holds the type (observed on 13 to 18); other changes replace the type and move the columns.
// https://www.postgresql.org/docs/current/sql-altertype.html
#include <algorithm>
#include <array>
#include <map>

#include "base/quote.h"
#include "base/text.h"
#include "schema/kind.h"
#include "schema/kinds/parts.h"
#include "schema/kinds/type_rebuild.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kCompositeTypeFields = {
    Field{"attributes", FieldType::list, "Names of the attributes in their order."},
    Field{"types", FieldType::list, "Types of the attributes with their modifiers."},
    Field{"collations", FieldType::list, "Collations of the attributes, empty where it is the type's own."},
    Field{"comment_attributes", FieldType::list, "Attributes with a comment."},
    Field{"comments", FieldType::list, "The comments of comment_attributes."},
};

struct Attribute {
  std::string name, type, collation;
  bool operator==(const Attribute&) const = default;
  std::string type_sql() const { return type + (collation.empty() ? "" : " COLLATE " + collation); }
};

std::vector<Attribute> attributes(const Object& object) {
  const auto names = object.list("attributes"), types = object.list("types"), collations = object.list("collations");
  PGA_ASSERT(names.size() == types.size() && names.size() == collations.size());
  std::vector<Attribute> out;
  for (size_t i = 0; i < names.size(); ++i) out.push_back({names[i], types[i], collations[i]});
  return out;
}

const Attribute* find(const std::vector<Attribute>& in, const std::string& name) {
  const auto it = std::ranges::find(in, name, &Attribute::name);
  return it == in.end() ? nullptr : &*it;
}

// Whether ALTER TYPE leads from one to the other: what stays keeps its order, what is new comes last, and types only change where
// no column holds the type.
bool follows(const std::vector<Attribute>& before, const std::vector<Attribute>& after, bool stored) {
  std::vector<Attribute> kept;
  for (const auto& attribute : before) {
    if (find(after, attribute.name) != nullptr) kept.push_back(attribute);
  }
  if (kept.size() > after.size()) return false;
  for (size_t i = 0; i < kept.size(); ++i) {
    if (kept[i].name != after[i].name || (stored && !(kept[i] == after[i]))) return false;
  }
  return true;
}

class CompositeTypeKind : public Kind {
 public:
  KindId id() const override { return KindId::composite_type; }
  std::string_view slug() const override { return "composite_type"; }
  std::string_view keyword() const override { return "TYPE"; }
  std::string_view catalog() const override { return "pg_type"; }
  std::string_view query() const override { return embedded::schema::kinds_composite_type; }
  std::span<const Field> fields() const override { return kCompositeTypeFields; }

  Statements create(const Object& object, const Database&) const override {
    std::vector<std::string> items;
    for (const auto& attribute : attributes(object)) {
      items.push_back("\n    " + ident(attribute.name) + " " + attribute.type_sql());
    }
    Statements out = {{"CREATE TYPE " + address(object) + " AS (" + join(items, ",") + (items.empty() ? ")" : "\n)")}};
    comment_changes(nullptr, object, out);
    return out;
  }

  Alteration alter(const Object& from, const Object& to, const std::vector<std::string_view>& changed, const Database& from_db,
                   const Database& to_db) const override {
    const bool comments_only = std::ranges::all_of(changed, [](std::string_view field) { return field.starts_with("comment"); });
    const TypeUse use(from, from_db);
    if (!comments_only && !follows(attributes(from), attributes(to), use.stored())) return use.rebuild(to, to_db);
    Alteration out = Alteration::in_place({});
    const bool refused = attribute_changes(from, to, out.statements);
    comment_changes(&from, to, out.statements);
    if (refused) out.rebuild = use.refused();
    return out;
  }

  std::string grant_target(const Object& object) const override { return "TYPE " + address(object); }

 private:
  // CASCADE: typed tables follow. True when something that PostgreSQL may refuse is among the statements.
  bool attribute_changes(const Object& from, const Object& to, Statements& out) const {
    bool refused = false;
    const auto before = attributes(from), after = attributes(to);
    const std::string alter = "ALTER TYPE " + address(to) + " ";
    for (const auto& attribute : before) {
      if (find(after, attribute.name) != nullptr) continue;
      out.push_back({alter + "DROP ATTRIBUTE " + ident(attribute.name) + " CASCADE"});
      refused = true;
    }
    for (const auto& attribute : after) {
      const Attribute* old = find(before, attribute.name);
      if (old == nullptr) {
        out.push_back({alter + "ADD ATTRIBUTE " + ident(attribute.name) + " " + attribute.type_sql() + " CASCADE"});
      } else if (!(*old == attribute)) {
        out.push_back({alter + "ALTER ATTRIBUTE " + ident(attribute.name) + " TYPE " + attribute.type_sql() + " CASCADE"});
        refused = true;
      }
    }
    return refused;
  }

  void comment_changes(const Object* from, const Object& to, Statements& out) const {
    std::map<std::string, std::string> before, after;
    if (from != nullptr) {
      for (auto& [attribute, text] : pairs(*from, "comment_attributes", "comments")) before[attribute] = text;
    }
    for (auto& [attribute, text] : pairs(to, "comment_attributes", "comments")) after[attribute] = text;
    const auto left = to.list("attributes");
    const std::string head = "COMMENT ON COLUMN " + address(to) + ".";
    for (const auto& [attribute, text] : before) {
      const bool there = std::ranges::find(left, attribute) != left.end();
      if (!after.contains(attribute) && there) out.push_back({head + ident(attribute) + " IS NULL"});
    }
    for (const auto& [attribute, text] : after) {
      if (const auto it = before.find(attribute); it != before.end() && it->second == text) continue;
      out.push_back({head + ident(attribute) + " IS " + literal(text)});
    }
  }
};

}  // namespace

const Kind& make_composite_type() {
  static const CompositeTypeKind kind;
  return kind;
}

}  // namespace pga::schema
