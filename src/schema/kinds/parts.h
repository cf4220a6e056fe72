// Helpers that several kinds share: differences of lists, and the columns of views, which are no objects of
// their own: their defaults, comments and privileges are list fields of the view (kinds/view.sql, kinds/materialized_view.sql).
#pragma once
#include <string>
#include <vector>

#include "schema/kind.h"

namespace pga::schema {

struct ListChange {
  bool added;  // false: only the old list has it
  std::string item;
};
// What must go (first) and what must come, in the order of the lists.
std::vector<ListChange> list_changes(const std::vector<std::string>& from, const std::vector<std::string>& to);

// "<alter> SET (…)" and "<alter> RESET (…)" that turn one list of options into the other.
Statements options_change(const std::string& alter, const std::vector<std::string>& from, const std::vector<std::string>& to);

// Comments and privileges of the columns of a view or materialized view; from: nullptr for a fresh view.
Statements column_extras(const Object* from, const Object& to);
// Roles that the privileges of the columns name.
std::vector<std::string> column_roles(const Object& object);

// Pairs of two parallel list fields.
std::vector<std::pair<std::string, std::string>> pairs(const Object& object, std::string_view names, std::string_view values);

}  // namespace pga::schema
