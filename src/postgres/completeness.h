// What a reader of the catalogs did not see: user objects that no kind of schema/kinds describes (design.md, "How a kind of
// object lives here"). A plan stops on these unless the user says otherwise.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "postgres/connection.h"

namespace pga::postgres {

// `user_objects`: the rows of queries/user_objects.sql. `known`: whether an address is an object of the model, a part of one, or
// a member of an extension. Returns them in words, sorted: "operator app.+(text,text)". Asks the server only when there are any.
Result<std::vector<std::string>> describe_unmodelled(Connection& connection, const Rows& user_objects,
                                                     const std::function<bool(long long classid, long long objid)>& known);

}  // namespace pga::postgres
