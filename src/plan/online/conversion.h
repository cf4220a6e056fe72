// What a change of a column's type does to its values: the expression, and whether the way back gives the same values again.
#pragma once
#include <string>

#include "schema/object.h"

namespace pga::plan::data {

// The expression that Kind::alter says behind USING, for any value: NEW.a::integer.
std::string converted(const schema::Object& from, const schema::Object& to, const std::string& value);
// Every value survives there and back, or the way there fails: integer to text, but not numeric(10,4) to numeric(10,2).
bool keeps_values(const schema::Object& from, const schema::Object& to, const schema::Database& from_db,
                  const schema::Database& to_db);
// No value can make the conversion fail.
bool always_converts(const schema::Object& from, const schema::Object& to);

}  // namespace pga::plan::data
