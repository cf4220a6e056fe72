#include "postgres/catalog_reader.h"

#include <algorithm>

#include "base/quote.h"
#include "base/text.h"

namespace pga::postgres {

using schema::Id;
using schema::Kind;
using schema::Object;

namespace {

std::vector<schema::Privilege> parse_privileges(const std::vector<std::string>& items) {
  std::vector<schema::Privilege> out;
  for (const auto& item : items) {  // sign|privilege|grantable|kind|role; a role name may hold '|', so it is last
    const auto parts = split(item, '|');
    PGA_ASSERT(parts.size() >= 5);
    schema::Privilege p;
    p.granted = parts[0] == "+";
    p.privilege = parts[1];
    p.grantable = parts[2] == "true";
    p.order = static_cast<int>(out.size());
    if (parts[3] == "p") p.grantee = "";
    if (parts[3] == "r") p.grantee = item.substr(parts[0].size() + parts[1].size() + parts[2].size() + parts[3].size() + 4);
    out.push_back(std::move(p));
  }
  std::ranges::sort(out);
  return out;
}

}  // namespace

Status Reader::add_rows(const Kind& kind, const Rows& rows, const std::map<std::string, long long, std::less<>>& catalogs) {
  const int oid = rows.column("oid"), path = rows.column("path"), subid = rows.column("subid");
  const int parent = rows.column("parent"), parent_class = rows.column("parent_class");
  const int owner = rows.column("owner"), acl = rows.column("acl");
  PGA_ASSERT(oid >= 0 && path >= 0);
  std::vector<int> columns;
  for (const auto& field : kind.fields()) {
    columns.push_back(rows.column(field.name));
    if (columns.back() < 0) {
      return fail("internal", "the query of kind " + std::string(kind.slug()) + " lacks " + std::string(field.name));
    }
  }
  const int reserved = 2 + (subid >= 0) + (parent >= 0) + (parent_class >= 0) + (owner >= 0) + (acl >= 0);
  if (rows.columns() != reserved + static_cast<int>(columns.size())) {
    return fail("internal", "the query of kind " + std::string(kind.slug()) + " reads a column that is not described");
  }
  const long long class_id = catalogs.find(kind.catalog())->second;
  for (int r = 0; r < rows.size(); ++r) {
    Object object;
    object.id = {kind.id(), parse_pg_array(rows.text(r, path))};
    object.fields.reserve(columns.size());
    for (const int column : columns) {
      object.fields.push_back(rows.is_null(r, column) ? schema::Value() : schema::Value(rows.text(r, column)));
    }
    if (owner >= 0 && !rows.is_null(r, owner)) object.owner = rows.text(r, owner);
    if (acl >= 0) object.privileges = parse_privileges(parse_pg_array(rows.text(r, acl)));
    const Id id = object.id;
    Object* const kept = &database_.objects.emplace(id, std::move(object)).first->second;
    if (parent >= 0 && !rows.is_null(r, parent)) {
      const long long of = parent_class >= 0 ? rows.integer(r, parent_class) : catalogs.find("pg_class")->second;
      parents_.push_back({kept, {of, rows.integer(r, parent), 0}});
    }
    by_address_[{class_id, rows.integer(r, oid), subid >= 0 ? rows.integer(r, subid) : 0}] = kept;
  }
  return {};
}

void Reader::add_defaults(const Rows& defaults) {
  // A default that is an object of its own (column_default) is found by address; a generation expression is its column's.
  for (int r = 0; r < defaults.size(); ++r) {
    const Address part{defaults.integer(r, 0), defaults.integer(r, 1), 0};
    if (!by_address_.contains(part)) internal_[part] = {defaults.integer(r, 2), defaults.integer(r, 3), defaults.integer(r, 4)};
  }
}

void Reader::add_dependencies(const Rows& depend) {
  edges_.reserve(static_cast<size_t>(depend.size()));
  for (int r = 0; r < depend.size(); ++r) {
    const Address from{depend.integer(r, 0), depend.integer(r, 1), depend.integer(r, 2)};
    const Address to{depend.integer(r, 3), depend.integer(r, 4), depend.integer(r, 5)};
    const char type = depend.text(r, 6)[0];
    if (type == 'i' && !by_address_.contains(from)) internal_.emplace(from, to);
    if (type == 'P' && !by_address_.contains(from)) clone_of_.emplace(from, to);
    edges_.push_back({from, to, type});
  }
}

Object* Reader::at(const Address& address) const {
  const auto it = by_address_.find(address);
  return it == by_address_.end() ? nullptr : it->second;
}

Object* Reader::resolve(Address address) const {
  for (int depth = 0; depth < 8; ++depth) {
    if (Object* const found = at(address)) return found;
    if (const auto it = internal_.find(address); it != internal_.end()) {
      address = it->second;
      continue;
    }
    if (address.objsubid == 0) return nullptr;
    address.objsubid = 0;  // a column that is no object of its own (of a view or an index): its relation
  }
  return nullptr;
}

// What needs a clone in the middle of a partition tree needs what the clone was made from: it comes and goes with that.
Object* Reader::resolve_needed(Address address) const {
  for (auto it = clone_of_.find(address); it != clone_of_.end(); it = clone_of_.find(address)) address = it->second;
  return resolve(address);
}

void Reader::add_comments(const Rows& rows) {
  for (int r = 0; r < rows.size(); ++r) {
    if (Object* const object = at({rows.integer(r, 0), rows.integer(r, 1), rows.integer(r, 2)}))
      object->comment = rows.text(r, 3);
  }
}

void Reader::add_labels(const Rows& rows) {
  for (int r = 0; r < rows.size(); ++r) {
    Object* const object = at({rows.integer(r, 0), rows.integer(r, 1), rows.integer(r, 2)});
    if (object == nullptr) continue;
    object->labels.push_back({std::string(rows.text(r, 3)), std::string(rows.text(r, 4))});
    std::ranges::sort(object->labels);
  }
}

void Reader::find_members() {
  for (const auto& edge : edges_) {
    if (edge.type != 'e') continue;
    const Object* const member = at(edge.from);
    const Object* const extension = resolve(edge.to);
    if (member != nullptr) members_.insert(member);
    if (extension != nullptr && member != nullptr) extension_of_[member] = extension;
    if (extension != nullptr && member == nullptr) internal_[edge.from] = edge.to;  // a kind that is not described
  }
  if (members_.empty()) return;
  // Children of members are members: walk until nothing changes (two levels at most: table, column, default).
  for (bool moved = true; moved;) {
    moved = false;
    for (const auto& [id, object] : database_.objects) {
      if (object.parent && members_.contains(database_.find(*object.parent)) && members_.insert(&object).second) moved = true;
    }
  }
}

const Object* Reader::outside(const Object* target) const {
  while (members_.contains(target)) {
    if (const auto it = extension_of_.find(target); it != extension_of_.end()) return it->second;
    const Object* const up = target->parent ? database_.find(*target->parent) : nullptr;
    if (up == nullptr) return target;
    target = up;
  }
  return target;
}

void Reader::finish() {
  for (const auto& [object, where] : parents_) {
    const Object* const parent = resolve(where);
    if (parent == nullptr) continue;
    object->parent = parent->id;
    object->needs.push_back(parent->id);
  }
  find_members();
  std::unordered_map<const Object*, std::vector<const Object*>> needs;
  needs.reserve(database_.objects.size());
  for (const auto& edge : edges_) {
    Object* const from = resolve(edge.from);
    const Object* const to = resolve_needed(edge.to);
    if (from == nullptr || to == nullptr || from == to || members_.contains(from)) continue;
    const Object* const target = outside(to);
    if (members_.contains(target) || target == from) continue;
    // A whole never needs its own part (a table and the sequence of its identity column).
    if (target->parent == from->id) continue;
    auto& those = needs[from];
    if (std::ranges::find(those, target) == those.end()) those.push_back(target);
  }
  for (auto& [id, object] : database_.objects) {
    if (const auto it = needs.find(&object); it != needs.end()) {
      for (const Object* const need : it->second) object.needs.push_back(need->id);
    }
    std::ranges::sort(object.needs);
    const auto tail = std::ranges::unique(object.needs);
    object.needs.erase(tail.begin(), tail.end());
  }
  for (const Object* const member : members_) gone_.insert(database_.objects.extract(member->id));
}

}  // namespace pga::postgres
