// The plain statements of a plan, run on a copy of the origin and watched: what each costs (plan::Facts). Internal to this room.
#pragma once
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "diff/rename.h"
#include "plan/action.h"
#include "postgres/connection.h"

namespace pga::proof {

// Errors: trial-failed, with the statement that the server refused. `no_cast` is then set where it was the type of a column,
// because the server has no cast between the two.
Result<std::map<schema::Id, plan::Facts>> try_script(postgres::Connection& connection, const plan::Script& script,
                                                     const std::vector<std::vector<schema::Id>>& ids,
                                                     std::optional<schema::Id>& no_cast);

// The statement that renames, and the one that takes it back.
Result<std::pair<std::string, std::string>> rename_statements(const diff::Rename& rename, const schema::Database& model);

}  // namespace pga::proof
