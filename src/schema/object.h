// The model of a schema: objects as plain comparable values (design.md, "How a kind of object lives here").
//
// Every object of every kind is one Object: an Id, the values of the fields that its kind describes, and what all kinds share
// (comment, owner, privileges, security labels, dependencies). What a kind means, reads and writes is in kinds/<kind>.cpp.
// A value never refers to an OID: everything is by name, so two databases can be compared.
#pragma once
#include <compare>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"

namespace pga::schema {

// One enumerator a kind, from the one visible list (kinds/registry.def).
enum class KindId : uint8_t {
#define PGA_KIND(slug) slug,
#include "schema/kinds/registry.def"
#undef PGA_KIND
};

class Kind;

// The parts of a name, outermost first. Names are copied far more often than made: the parts are shared and do not change; what
// looks like a change makes a new list.
class Path {
 public:
  Path() = default;
  Path(std::vector<std::string> parts);  // NOLINT(google-explicit-constructor): a path is its parts
  Path(std::initializer_list<std::string> parts) : Path(std::vector<std::string>(parts)) {}
  operator const std::vector<std::string>&() const { return parts(); }  // NOLINT(google-explicit-constructor)

  const std::vector<std::string>& parts() const { return shared_ ? shared_->parts : none(); }
  size_t hash() const { return shared_ ? shared_->hash : 0; }
  auto begin() const { return parts().begin(); }
  auto end() const { return parts().end(); }
  size_t size() const { return parts().size(); }
  bool empty() const { return parts().empty(); }
  const std::string& operator[](size_t i) const { return parts()[i]; }
  const std::string& front() const { return parts().front(); }
  const std::string& back() const { return parts().back(); }
  void push_back(std::string part);
  void set(size_t i, std::string part);
  void set_back(std::string part) { set(size() - 1, std::move(part)); }

  bool operator==(const Path& other) const {
    return shared_ == other.shared_ || (hash() == other.hash() && parts() == other.parts());
  }
  std::strong_ordering operator<=>(const Path& other) const {
    return shared_ == other.shared_ ? std::strong_ordering::equal : parts() <=> other.parts();
  }

 private:
  struct Shared {
    std::vector<std::string> parts;
    size_t hash;
  };
  static const std::vector<std::string>& none();
  std::shared_ptr<const Shared> shared_;
};

// The name of an object: its kind and its path: table {public, users}, column {public, users, email}, function
// {public, f, "integer, text"}.
struct Id {
  KindId kind{};
  Path path;
  auto operator<=>(const Id&) const = default;
  bool operator==(const Id&) const = default;
  const std::string& name() const { return path.back(); }
};

struct IdHash {
  size_t operator()(const Id& id) const { return id.path.hash() * 31 + static_cast<size_t>(id.kind); }
};

using Value = std::optional<std::string>;  // nullopt: NULL. Lists are PostgreSQL array text, booleans 't' and 'f'

enum class FieldType : uint8_t { text, boolean, integer, list, sql };

enum class Compare : uint8_t {
  yes,       // a difference is a change
  no,        // information for printing or planning only
  position,  // order within the parent: a difference is reported, never a change of its own
};

struct Field {
  std::string_view name;  // also the name of the column in the kind's query
  FieldType type;
  std::string_view meaning;  // one sentence, printed in the reference page
  Compare compare = Compare::yes;
};

// One difference from the privileges that PostgreSQL gives a fresh object of this kind.
struct Privilege {
  bool granted = true;    // false: a default privilege that was revoked
  Value grantee;          // nullopt: the owner; "": PUBLIC
  std::string privilege;  // SELECT, USAGE, …
  bool grantable = false;
  int order = 0;  // among those of the object as the server keeps them: grants are said in it, it means nothing
  auto key() const { return std::tie(granted, grantee, privilege, grantable); }
  bool operator==(const Privilege& other) const { return key() == other.key(); }
  auto operator<=>(const Privilege& other) const { return key() <=> other.key(); }
};

struct Label {
  std::string provider;
  std::string label;
  auto operator<=>(const Label&) const = default;
};

struct Object {
  Id id;
  std::vector<Value> fields;  // as many as the kind describes, in its order
  std::optional<Id> parent;   // the table of a column, index, constraint, trigger, policy, rule, …
  Value comment;
  Value owner;                        // nullopt: the role that creates it
  std::vector<Privilege> privileges;  // sorted
  std::vector<Label> labels;          // sorted
  std::vector<Id> needs;              // sorted: what must exist before this one (pg_depend, parent, schema)

  // Values by field name; a name that the kind does not describe is an internal error.
  const Value& value(std::string_view field) const;
  std::string text(std::string_view field) const;  // "" for NULL
  bool flag(std::string_view field) const;         // 't'
  long long integer(std::string_view field) const;
  std::vector<std::string> list(std::string_view field) const;
  void set(std::string_view field, Value value);
};

struct Database {
  std::map<Id, Object> objects;
  int version = 0;                      // server_version_num of the server that was read
  std::vector<std::string> roles;       // roles that are named anywhere in it, sorted
  std::vector<std::string> unmodelled;  // user objects of kinds that are not described, in words

  const Object* find(const Id& id) const;
  const Object* find(KindId kind, std::vector<std::string> path) const;
  int major() const { return version / 10000; }
  // Objects whose parent is `id`, of one kind, in their order (columns by position, others by name).
  std::vector<const Object*> children(const Id& id, KindId kind) const;
  std::vector<const Object*> children(const Id& id) const;
  // Objects that need `id` directly.
  std::vector<const Object*> dependents(const Id& id) const;
  // Must be called after objects were added, removed or changed, before children() and dependents().
  void index();

 private:
  std::unordered_map<Id, std::vector<const Object*>, IdHash> children_;
  std::unordered_map<Id, std::vector<const Object*>, IdHash> dependents_;
};

// "table public.users", "function public.f(integer)": for people and for messages.
std::string to_text(const Id& id);

}  // namespace pga::schema
