// How a type (or a collation) is replaced where columns hold values of it and ALTER cannot do it: the old one is renamed away,
// the new one made, every column moved over in one ALTER TABLE a table, the old one dropped. Rows stay.
//
//   const TypeUse use(from, from_db);
//   if (use.stored() && !alterable) return use.rebuild(to, to_db);
//
// Domains, composite types and ranges that contain the type and that a column holds are made anew together with it, as they
// were (they are changed by their own alteration). What PostgreSQL refuses to keep (views, rules, policies, triggers, functions,
// defaults; checks and indexes that name the type, …) is `Alteration::rebuild`, with everything that needs it.
//
// What the plan drops is expected to be gone when the statements run.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "schema/kind.h"

namespace pga::schema {

class TypeUse {
 public:
  TypeUse(const Object& type, const Database& in);

  // A column of a table holds values of it, directly or within another type or an array.
  bool stored() const { return !columns_.empty(); }
  // … of another type or an array: ALTER DOMAIN cannot check those.
  bool contained() const { return contained_; }
  // Not possible: a typed table, a partition key.
  bool blocked() const { return blocked_; }
  // recreate() when blocked.
  Alteration rebuild(const Object& to, const Database& to_db) const;
  // Whether PostgreSQL refuses an ALTER TYPE … ALTER or DROP ATTRIBUTE while this is there.
  std::function<bool(const Object& dependent)> refused() const;

 private:
  friend class TypeReplacement;
  bool rebuilt(const Id& id) const { return rebuilt_.contains(id); }
  void collect();
  void find_types();
  void find_columns();
  void find_rebuilt();
  void close_rebuilt();
  bool refused_by(const Object& dependent) const;
  bool in_partition_key(const Object& column) const;

  const Object& type_;
  const Database& in_;
  std::set<Id> types_;                  // the type and what contains it
  std::vector<const Object*> renewed_;  // those of types_ that columns hold, in the order of needs
  std::vector<const Object*> columns_;  // that hold values and are not generated
  std::set<Id> rebuilt_;
  bool contained_ = false;
  bool blocked_ = false;
};

}  // namespace pga::schema
