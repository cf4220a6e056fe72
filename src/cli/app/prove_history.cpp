#include "cli/app/prove_history.h"

#include "postgres/catalog.h"
#include "proof/pipeline.h"
#include "seed/fill.h"

namespace pga::app {
namespace {

Result<source::Loaded> read_database(postgres::Server& server, const std::string& name) {
  source::Loaded out;
  PGA_TRY(auto connection, postgres::Connection::open(server.url(name)));
  postgres::ReadOptions options;
  options.default_owner = server.superuser();
  PGA_TRY(out.model, postgres::read_catalog(connection, options));
  out.database = name;
  return out;
}

// The way back that we would write: from the state after up to the state before, what was dropped included as far as the file
// allows.
Result<std::optional<plan::Script>> propose_down(postgres::Server& server, const std::string& before, const std::string& after) {
  PGA_TRY(const auto from, read_database(server, after));
  PGA_TRY(const auto to, read_database(server, before));
  proof::PlanRequest request;
  request.options.online = false;
  request.options.discard = true;
  auto made = proof::make_plan(server, from, to, request);
  if (!made) return std::optional<plan::Script>();
  return std::optional<plan::Script>(std::move(made->plan.up));
}

}  // namespace

std::vector<proof::HistoryItem> history_items(std::vector<migrate::Migration> migrations) {
  std::vector<proof::HistoryItem> out;
  for (auto& one : migrations) {
    proof::HistoryItem item{one.version + (one.name.empty() ? "" : "_" + one.name), std::move(one.up), std::nullopt};
    if (one.has_down) item.down = std::move(one.down);
    out.push_back(std::move(item));
  }
  return out;
}

Result<proof::HistoryReport> prove_items(cli::Context& context, Session& session, const std::vector<proof::HistoryItem>& items,
                                         const std::string& start) {
  PGA_TRY(auto* server, session.server());
  Progress progress(context.err);
  proof::HistoryOptions history;
  history.start = start;
  history.fill = [](postgres::Connection& connection) -> Status {
    PGA_TRY(const auto model, postgres::read_catalog(connection));
    PGA_TRY(const auto filled, seed::fill(connection, model, {.rows = 5}));
    (void)filled;
    return {};
  };
  history.repair = [server](const std::string& before, const std::string& after, const plan::Script&) {
    return propose_down(*server, before, after);
  };
  history.progress = [&](const std::string& version) { progress.show("proving " + version); };
  auto report = proof::prove_history(*server, items, history);
  progress.clear();
  return report;
}

}  // namespace pga::app
