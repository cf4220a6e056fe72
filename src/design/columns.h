// What a column's name implies: its type, its rule, whether it may be missing, and why. The rules are data (columns.def).
//
//   const ColumnRule* rule = column_rule("starts_at");   // C28: timestamptz
#pragma once
#include <span>
#include <string_view>

#include "design/draft.h"

namespace pga::design {

struct ColumnRule {
  std::string_view id;     // "C7": row of the rule list
  std::string_view names;  // "email *_email": words separated by blanks, `*` at one end stands for anything
  std::string_view type;   // "" none: `refuse` says what to do instead
  bool required = true;
  std::string_view tail;    // DEFAULT …
  std::string_view rule;    // name of its check: "shape"
  std::string_view check;   // {c} the column
  std::string_view unique;  // "" | "plain" | "lower": on tables of people and of things named by it
  std::string_view reason;
  std::string_view refuse;  // what is designed instead, in words
};

// The first rule that has the name; nullptr: none, and text it is.
const ColumnRule* column_rule(std::string_view name);
std::span<const ColumnRule> column_rules();
// Adds the column that the attribute means to the table: what was said goes before what its name implies.
void add_attribute(Draft& draft, Table& table, const request::Attribute& attribute, bool may_be_missing = false);

}  // namespace pga::design
