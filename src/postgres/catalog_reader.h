// Rows of the catalogs into the model: what each kind's query and the shared ones answer. Internal to read_catalog.
#pragma once
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "postgres/connection.h"
#include "schema/kind.h"
#include "schema/object.h"

namespace pga::postgres {

struct Address {
  long long classid = 0, objid = 0, objsubid = 0;
  bool operator==(const Address&) const = default;
};

struct AddressHash {  // OIDs are small and dense: an odd multiplier spreads them
  size_t operator()(const Address& a) const {
    const auto mixed = static_cast<uint64_t>(a.objid) * 0x9E3779B97F4A7C15U +
                       static_cast<uint64_t>(a.classid) * 0xC2B2AE3D27D4EB4FU +
                       static_cast<uint64_t>(a.objsubid) * 0x165667B19E3779F9U;
    return static_cast<size_t>(mixed ^ (mixed >> 29));
  }
};

// Collects objects and their addresses while the kinds are read, then resolves dependencies. Objects are pointed at: nodes of a
// std::map stay where they are.
class Reader {
 public:
  explicit Reader(schema::Database& database) : database_(database) {}

  Status add_rows(const schema::Kind& kind, const Rows& rows, const std::map<std::string, long long, std::less<>>& catalogs);
  void add_defaults(const Rows& rows);  // before the dependencies, after all kinds
  void add_dependencies(const Rows& rows);
  void add_comments(const Rows& rows);
  void add_labels(const Rows& rows);
  void finish();
  // An object of the model, a part of one, or a member of an extension. Members are gone from the model after finish().
  bool knows(const Address& address) const { return resolve(address) != nullptr; }

 private:
  schema::Object* resolve(Address address) const;
  schema::Object* resolve_needed(Address address) const;
  schema::Object* at(const Address& address) const;
  void find_members();
  // Where a need of a member of an extension leads: the extension, or the nearest parent that is no member.
  const schema::Object* outside(const schema::Object* target) const;

  schema::Database& database_;
  std::unordered_map<Address, schema::Object*, AddressHash> by_address_;
  std::unordered_map<Address, Address, AddressHash> internal_;  // part -> whole
  std::unordered_map<Address, Address, AddressHash>
      clone_of_;  // a clone that is no object -> what it was made from, one level up
  std::vector<std::pair<schema::Object*, Address>> parents_;
  std::unordered_set<const schema::Object*> members_;
  std::unordered_map<const schema::Object*, const schema::Object*> extension_of_;
  std::map<schema::Id, schema::Object> gone_;  // members, so that their addresses still lead somewhere
  struct Edge {
    Address from, to;
    char type;
  };
  std::vector<Edge> edges_;
};

}  // namespace pga::postgres
