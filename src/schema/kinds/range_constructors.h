// The argument lists of the functions that PostgreSQL makes with a range type (pg_proc, internal dependency on the type):
// "(integer, integer)". Their names are the fields constructor and multirange_constructor.
#pragma once
#include <string>
#include <vector>

#include "schema/object.h"

namespace pga::schema {

std::vector<std::string> range_constructor_arguments(const Object& range);
std::vector<std::string> multirange_constructor_arguments(const Object& range);

}  // namespace pga::schema
