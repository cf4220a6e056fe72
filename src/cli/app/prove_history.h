// How a row of migrations is proven: of a folder (prove FOLDER), or those that are pending on a live database (migrate verify).
// Internal to app/.
#pragma once
#include <string>
#include <vector>

#include "cli/app/session.h"
#include "migrate/migration.h"
#include "proof/history.h"

namespace pga::app {

std::vector<proof::HistoryItem> history_items(std::vector<migrate::Migration> migrations);

// On the session's private server, from its database `start` ("": an empty one); with rows, and a down proposed where one is
// wrong.
Result<proof::HistoryReport> prove_items(cli::Context& context, Session& session, const std::vector<proof::HistoryItem>& items,
                                         const std::string& start);

}  // namespace pga::app
