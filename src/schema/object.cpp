#include "schema/object.h"

#include <algorithm>
#include <charconv>

#include "base/quote.h"
#include "base/text.h"
#include "schema/kind.h"

namespace pga::schema {
namespace {

size_t field_index(KindId id, std::string_view field) {
  const auto fields = kind_of(id).fields();
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name == field) return i;
  }
  std::fprintf(stderr, "kind %s does not describe field %.*s\n", std::string(kind_of(id).slug()).c_str(),
               static_cast<int>(field.size()), field.data());
  assert_failed("a field that the kind does not describe", __FILE__, __LINE__);
}

// Equal lists have equal hashes; nothing else is promised.
size_t hash_of(const std::vector<std::string>& parts) {
  size_t out = parts.size();
  for (const auto& part : parts) out = out * 1099511628211U ^ std::hash<std::string>()(part);
  return out;
}

}  // namespace

Path::Path(std::vector<std::string> parts) {
  const size_t hash = hash_of(parts);
  shared_ = std::make_shared<const Shared>(Shared{std::move(parts), hash});
}

void Path::push_back(std::string part) {
  auto parts = this->parts();
  parts.push_back(std::move(part));
  *this = Path(std::move(parts));
}

void Path::set(size_t i, std::string part) {
  auto parts = this->parts();
  parts[i] = std::move(part);
  *this = Path(std::move(parts));
}

const std::vector<std::string>& Path::none() {
  static const std::vector<std::string> nothing;
  return nothing;
}

const Value& Object::value(std::string_view field) const {
  return fields[field_index(id.kind, field)];
}
std::string Object::text(std::string_view field) const {
  return value(field).value_or("");
}
bool Object::flag(std::string_view field) const {
  return value(field) == "t";
}
long long Object::integer(std::string_view field) const {
  long long out = 0;
  const Value& digits = value(field);
  if (digits) std::from_chars(digits->data(), digits->data() + digits->size(), out);
  return out;
}
std::vector<std::string> Object::list(std::string_view field) const {
  return parse_pg_array(text(field));
}
void Object::set(std::string_view field, Value new_value) {
  fields[field_index(id.kind, field)] = std::move(new_value);
}

const Object* Database::find(const Id& id) const {
  const auto it = objects.find(id);
  return it == objects.end() ? nullptr : &it->second;
}

const Object* Database::find(KindId kind, std::vector<std::string> path) const {
  return find(Id{kind, std::move(path)});
}

std::vector<const Object*> Database::children(const Id& id) const {
  const auto it = children_.find(id);
  return it == children_.end() ? std::vector<const Object*>{} : it->second;
}

std::vector<const Object*> Database::children(const Id& id, KindId kind) const {
  auto all = children(id);
  std::erase_if(all, [&](const Object* o) { return o->id.kind != kind; });
  return all;
}

std::vector<const Object*> Database::dependents(const Id& id) const {
  const auto it = dependents_.find(id);
  return it == dependents_.end() ? std::vector<const Object*>{} : it->second;
}

void Database::index() {
  children_.clear();
  dependents_.clear();
  for (const auto& [id, object] : objects) {
    if (object.parent) children_[*object.parent].push_back(&object);
    for (const auto& need : object.needs) dependents_[need].push_back(&object);
  }
  const auto position = [](const Object* o) {
    for (size_t i = 0; const auto& field : kind_of(o->id.kind).fields()) {
      if (field.compare == Compare::position) return std::atoll(o->fields[i].value_or("0").c_str());
      ++i;
    }
    return 0LL;
  };
  for (auto& [id, list] : children_) {
    std::ranges::stable_sort(list, {}, [&](const Object* o) { return std::pair(o->id.kind, position(o)); });
  }
}

std::string to_text(const Id& id) {
  const Kind& kind = kind_of(id.kind);
  std::string out(kind.slug());
  out = replace_all(std::move(out), "_", " ");
  out = std::string(trim(out)) + " ";
  for (size_t i = 0; i < id.path.size(); ++i) {
    const bool last = i + 1 == id.path.size();
    const bool arguments = last && (kind.slug() == "function" || kind.slug() == "aggregate" || kind.slug() == "operator_");
    if (arguments) return out + "(" + comment_safe(id.path[i]) + ")";
    if (last && kind.keyword().starts_with("OPERATOR ")) return out + " using " + ident(comment_safe(id.path[i]));
    if (kind.slug() == "cast") return out + comment_safe(id.path[0]) + " as " + comment_safe(id.path[1]);
    if (kind.slug() == "operator_" && i == 1) {
      out += "." + id.path[i];  // operator characters alone
      continue;
    }
    out += (i > 0 ? "." : "") + ident(comment_safe(id.path[i]));
  }
  return out;
}

}  // namespace pga::schema
