// Two models in, their differences out: generic over kinds, no I/O.
//
//   for (const auto& difference : diff::compare(from, to)) use(difference);
//
// A difference is of one object: it is only in one of the two, or some of its described fields (or its owner, comment,
// privileges, labels) differ. Ordered by kind and name; parts of a table that comes or goes as a whole are not told one by one.
#pragma once
#include <string>
#include <vector>

#include "schema/object.h"

namespace pga::diff {

enum class Type : uint8_t { added, removed, changed };

struct FieldDifference {
  std::string field;  // name of a described field, or "owner", "comment", "privileges", "labels"
  schema::Value from, to;
};

struct Difference {
  Type type{};
  schema::Id id;
  std::vector<FieldDifference> fields;  // of `changed`
  size_t parts = 0;                     // of `added` and `removed`: columns, constraints … that come or go with it
};

struct CompareOptions {
  bool positions = false;  // also tell where columns stand in another order
};

std::vector<Difference> compare(const schema::Database& from, const schema::Database& to, const CompareOptions& options = {});
std::string_view to_text(Type type);  // "added"
// "GRANT SELECT TO app, REVOKE EXECUTE FROM PUBLIC": privileges in one line, for people.
std::string privileges_text(const std::vector<schema::Privilege>& privileges);

}  // namespace pga::diff
