#include "diff/compare.h"

#include <algorithm>

#include "schema/kind.h"

namespace pga::diff {
namespace {

using schema::Database;
using schema::Object;

std::string labels_text(const std::vector<schema::Label>& labels) {
  std::string out;
  for (const auto& label : labels) out += (out.empty() ? "" : ", ") + label.provider + ": " + label.label;
  return out;
}

schema::Value some(std::string text) {
  return text.empty() ? schema::Value() : schema::Value(std::move(text));
}

std::vector<FieldDifference> fields_of(const Object& from, const Object& to, const CompareOptions& options) {
  std::vector<FieldDifference> out;
  const auto fields = schema::kind_of(to.id.kind).fields();
  for (size_t i = 0; i < fields.size(); ++i) {
    const bool told =
        fields[i].compare == schema::Compare::yes || (options.positions && fields[i].compare == schema::Compare::position);
    if (told && from.fields[i] != to.fields[i]) out.push_back({std::string(fields[i].name), from.fields[i], to.fields[i]});
  }
  if (from.owner != to.owner) out.push_back({"owner", from.owner, to.owner});
  if (from.privileges != to.privileges) {
    out.push_back({"privileges", some(privileges_text(from.privileges)), some(privileges_text(to.privileges))});
  }
  if (from.comment != to.comment) out.push_back({"comment", from.comment, to.comment});
  if (from.labels != to.labels) out.push_back({"labels", some(labels_text(from.labels)), some(labels_text(to.labels))});
  return out;
}

// The object whose coming or going takes this one along, or nullptr.
bool comes_with_parent(const Object& object, const Database& other) {
  return object.parent.has_value() && other.find(*object.parent) == nullptr;
}

void one_sided(const Database& in, const Database& other, Type type, std::vector<Difference>& out) {
  for (const auto& [id, object] : in.objects) {
    if (other.find(id) != nullptr || comes_with_parent(object, other)) continue;
    out.push_back({type, id, {}, in.children(id).size()});
  }
}

}  // namespace

std::vector<Difference> compare(const Database& from, const Database& to, const CompareOptions& options) {
  std::vector<Difference> out;
  one_sided(from, to, Type::removed, out);
  one_sided(to, from, Type::added, out);
  for (const auto& [id, object] : to.objects) {
    const Object* before = from.find(id);
    if (before == nullptr) continue;
    if (auto fields = fields_of(*before, object, options); !fields.empty())
      out.push_back({Type::changed, id, std::move(fields), 0});
  }
  std::ranges::stable_sort(out, {}, [](const Difference& d) { return std::pair(d.id, d.type); });
  return out;
}

std::string_view to_text(Type type) {
  switch (type) {
    case Type::added:
      return "added";
    case Type::removed:
      return "removed";
    case Type::changed:
      return "changed";
  }
  return "";
}

std::string privileges_text(const std::vector<schema::Privilege>& privileges) {
  std::string out;
  for (const auto& p : privileges) {
    const std::string who = !p.grantee ? "the owner" : p.grantee->empty() ? "PUBLIC" : *p.grantee;
    out += (out.empty() ? "" : ", ") + std::string(p.granted ? "GRANT " : "REVOKE ") + p.privilege +
           (p.granted ? " TO " : " FROM ") + who + (p.grantable ? " WITH GRANT OPTION" : "");
  }
  return out;
}

}  // namespace pga::diff
