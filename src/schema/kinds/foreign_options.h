// OPTIONS (…) of foreign-data wrappers, servers and user mappings, whose kinds describe the fields options and left_out. What may
// be a secret is not in the model: a statement that makes the object says in a comment what is missing.
#pragma once
#include "base/quote.h"
#include "base/text.h"
#include "schema/kind.h"
#include "schema/table_ddl.h"

namespace pga::schema {

constexpr Field kOptionsField{"options", FieldType::list, "Options as name=value, without those that may be secrets."};
constexpr Field kLeftOutField{"left_out", FieldType::list,
                              "Names of options that may be secrets (passwords, tokens, keys): never read, compared or written.",
                              Compare::no};

// " OPTIONS (…)" of a new object, "" when it has none.
inline std::string new_options(const Object& object) {
  const auto options = object.list("options");
  return options.empty() ? "" : " OPTIONS (" + generic_options(options) + ")";
}

// " OPTIONS (ADD …, SET …, DROP …)", "" when nothing differs.
inline std::string changed_options(const Object& from, const Object& to) {
  const std::string changes = generic_options_change(from.list("options"), to.list("options"));
  return changes.empty() ? "" : " OPTIONS (" + changes + ")";
}

// A comment line in front of the statement that makes the object.
inline std::string left_out_comment(const Object& object, const std::string& alter) {
  const auto names = object.list("left_out");
  if (names.empty()) return {};
  std::vector<std::string> safe;
  for (const auto& name : names) safe.push_back(comment_safe(name));
  return "-- Left out, because it may be a secret: " + join(safe, ", ") + ". Set it with " + comment_safe(alter) +
         " OPTIONS (ADD …).\n";
}

}  // namespace pga::schema
