// Proves an existing history of migrations, whoever wrote them: every up in order, and for each its down, one by one: does it
// restore what was there before its up?
//
//   PGA_TRY(auto report, prove_history(server, items, {.fill = fill_rows}));
//   for (const auto& item : report.items)
//     if (item.down.verdict == Verdict::failed) …   // item.down.comparison: which object differs how
//
// Each migration is judged on a clone of the state before it (with rows, if `fill` makes some); the history goes on without rows.
// An up that fails ends the history: what comes after it is not proven. Statements run as the file says, in the given sections.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/terminal.h"
#include "plan/step.h"
#include "proof/prove.h"

namespace pga::proof {

struct HistoryItem {
  std::string version;
  plan::Script up;
  std::optional<plan::Script> down;
};

struct HistoryOptions {
  std::function<Status(postgres::Connection&)> fill;
  // Proposes another down for a migration whose down does not restore: given the names of two databases (the state before, the
  // state after up) and the down as it is. nullopt: it knows none. The proposal is run and judged here.
  std::function<Result<std::optional<plan::Script>>(const std::string& before, const std::string& after,
                                                    const plan::Script& down)>
      repair;
  JudgeOptions judge;
  std::string start;  // the database that the history begins from; "": an empty one
  std::function<void(const std::string& version)> progress;
};

struct HistoryResult {
  std::string version;
  Judgement up;         // it runs
  Judgement down;       // it restores the schema
  Judgement rows_down;  // and the rows
  std::optional<plan::Script> repair;
  Judgement repaired;  // the proposal restores the schema
};

struct HistoryReport {
  std::string server;
  std::vector<HistoryResult> items;
  bool failed() const;
};

Result<HistoryReport> prove_history(postgres::Server& server, const std::vector<HistoryItem>& items,
                                    const HistoryOptions& options = {});

void history_text(const HistoryReport& report, Terminal& out);
void history_json(const HistoryReport& report, Json& json);

}  // namespace pga::proof
