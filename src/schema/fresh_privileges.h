// The privileges that a new object gets by itself in a database that has default privileges (ALTER DEFAULT PRIVILEGES), as the
// differences from PostgreSQL's built-in ones in which the model tells all privileges.
//
//   privilege_sql(object, fresh_privileges(object, before), object.privileges)   // for an object that a plan creates
//
// The object is taken to be created by the default owner of the database `in` (Database objects of role ""), before ALTER …
// OWNER.
#pragma once
#include "schema/kind.h"

namespace pga::schema {

std::vector<Privilege> fresh_privileges(const Object& object, const Database& in);

}  // namespace pga::schema
