// The value that existing rows get in a new NOT NULL column that has no default. Internal to this room.
#pragma once
#include <optional>
#include <string>

#include "schema/object.h"

namespace pga::plan {

// An SQL expression, or nullopt where the type has no value that means nothing: 0, '', false, '{}', the epoch.
std::optional<std::string> neutral_value(const schema::Object& column, const schema::Database& in);
// Whether the column is part of a key or of a foreign key, where one value for all rows cannot be right.
bool is_keyed(const schema::Object& column, const schema::Database& in);

// The number s.n as a value of a column that is a key by itself; nullopt where another key or a foreign key wants more of it.
std::optional<std::string> numbered_value(const schema::Object& column, const schema::Database& in);

}  // namespace pga::plan
