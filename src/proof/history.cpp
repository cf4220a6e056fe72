#include "proof/history.h"

#include <algorithm>
#include <deque>
#include <future>

#include "base/quote.h"
#include "base/text.h"
#include "proof/clone.h"
#include "proof/judgement.h"
#include "sql/lexer.h"

namespace pga::proof {
namespace {

using postgres::Server;

constexpr size_t kAtOnce = 3;  // trials; a server process and pg_dump each

// Roles are shared by all databases of a server: scripts that name them must not run beside each other.
bool names_roles(const plan::Script& script) {
  for (const auto& section : script) {
    for (const auto& step : section.steps) {
      sql::Lexer lexer(step.sql);
      for (auto token = lexer.next(); token.type != sql::TokenType::end; token = lexer.next()) {
        if (token.type == sql::TokenType::unterminated) break;
        if (token.type == sql::TokenType::dollar && token.text(step.sql).find("ROLE") != std::string_view::npos) return true;
        if (token.type != sql::TokenType::word) continue;
        const std::string word = to_lower(token.text(step.sql));
        if (word == "role" || word == "user" || word == "group" || word == "tablespace") return true;
      }
    }
  }
  return false;
}

Result<std::vector<std::string>> roles_of(Server& server, const std::string& database) {
  PGA_TRY(auto connection, postgres::Connection::open(server.url(database)));
  PGA_TRY(const auto rows,
          connection.query("SELECT rolname FROM pg_catalog.pg_roles WHERE rolname !~ '^pg_' ORDER BY rolname COLLATE \"C\""));
  close_completely(std::move(connection));
  std::vector<std::string> out;
  for (int i = 0; i < rows.size(); ++i) out.emplace_back(rows.text(i, 0));
  return out;
}

Status skip(HistoryResult& result, const std::string& why) {
  for (Judgement* judgement : {&result.up, &result.down, &result.rows_down, &result.repaired}) {
    set(*judgement, Verdict::not_proven, why);
  }
  return {};
}

// Runs a script in a session of its own. What is wrong with it is in the judgement; false: it failed.
Result<bool> run_script(const Clone& clone, const plan::Script& script, Judgement& judgement) {
  PGA_TRY(auto connection, clone.open());
  auto outcomes = execute(connection, script);
  close_completely(std::move(connection));
  if (outcomes) return true;
  if (outcomes.error().code == "connection-lost") return fail(outcomes.error());
  judgement.error = outcomes.error();
  set(judgement, Verdict::failed, outcomes.error().message);
  return false;
}

// One migration, judged on copies of the state before it. Knows nothing of the others, so that several run at once.
class Trial {
 public:
  Trial(Server& server, const HistoryOptions& options, const HistoryItem& item, HistoryResult& result, Clone state)
      : server_(server), options_(options), item_(item), result_(result), state_(std::move(state)) {}

  Status run() {
    PGA_TRY(wanted_, snapshot(server_, state_.name(), options_.judge));
    if (item_.down) {
      PGA_CHECK(prove_down());
    } else {
      set(result_.down, Verdict::not_proven, "there is no down");
      set(result_.rows_down, Verdict::not_proven, "there is no down");
    }
    if (result_.down.verdict == Verdict::failed || !item_.down) PGA_CHECK(repair());
    return {};
  }

 private:
  // A copy with rows, or one without and the reason.
  Result<Clone> filled(std::string& no_rows) {
    PGA_TRY(auto clone, Clone::make(server_, state_.name()));
    if (!options_.fill) {
      no_rows = "no rows were wanted";
      return clone;
    }
    Status done;
    {
      PGA_TRY(auto connection, clone.open());
      done = options_.fill(connection);
      close_completely(std::move(connection));
    }
    if (done) return clone;
    no_rows = "the tables could not be filled: " + done.error().message;
    return Clone::make(server_, state_.name());
  }

  // The state after up, without rows.
  Result<const Clone*> after() {
    if (after_) return &*after_;
    PGA_TRY(auto clone, Clone::make(server_, state_.name()));
    Judgement ignored;
    PGA_TRY(const bool up, run_script(clone, item_.up, ignored));
    if (!up) return fail("internal", "an up ran once and then did not: " + ignored.reason);
    after_.emplace(std::move(clone));
    return &*after_;
  }

  // The order of columns is forgiven where up took one away; the state after up is only looked at when something differs.
  Result<Comparison> compare_with_before(const Clone& clone) {
    PGA_TRY(const auto found, snapshot(server_, clone.name(), options_.judge));
    auto strict = compare(found, wanted_);
    if (strict.identical()) return strict;
    if (!after_snapshot_) {
      PGA_TRY(const auto* clone_after, after());
      PGA_TRY(after_snapshot_, snapshot(server_, clone_after->name(), options_.judge));
    }
    return compare(found, wanted_, &*after_snapshot_);
  }

  Status prove_down() {
    std::string no_rows;
    PGA_TRY(auto before, filled(no_rows));
    std::optional<Clone> work;
    PGA_TRY(work, Clone::make(server_, before.name()));
    Judgement ignored;
    PGA_TRY(const bool up, run_script(*work, item_.up, ignored));
    if (!up) {
      // The rows are in the way (a new NOT NULL column, a unique key): the schema is judged without them.
      no_rows = "up fails on the rows that were made for it: " + ignored.reason;
      PGA_TRY(const auto* clone, after());
      PGA_TRY(work, Clone::make(server_, clone->name()));
    }
    PGA_TRY(const bool down, run_script(*work, *item_.down, result_.down));
    if (!down) {
      set(result_.rows_down, Verdict::not_proven, "down failed");
      return {};
    }
    PGA_TRY(auto comparison, compare_with_before(*work));
    judge(result_.down, std::move(comparison));
    if (!no_rows.empty()) {
      set(result_.rows_down, Verdict::not_proven, no_rows);
      return {};
    }
    PGA_TRY(auto left, before.open());
    PGA_TRY(auto right, work->open());
    PGA_TRY(auto rows, compare_rows(left, right));
    judge(result_.rows_down, std::move(rows));
    return {};
  }

  Status repair() {
    if (!options_.repair) {
      set(result_.repaired, Verdict::not_proven, "no repair was asked for");
      return {};
    }
    PGA_TRY(const auto* clone, after());
    auto proposal = options_.repair(state_.name(), clone->name(), item_.down.value_or(plan::Script{}));
    if (!proposal || !*proposal) {
      set(result_.repaired, Verdict::not_proven,
          proposal ? "no repair is known" : "no repair could be made: " + proposal.error().message);
      return {};
    }
    result_.repair = std::move(**proposal);
    PGA_TRY(const auto work, Clone::make(server_, clone->name()));
    PGA_TRY(const bool done, run_script(work, *result_.repair, result_.repaired));
    if (!done) return {};
    PGA_TRY(auto comparison, compare_with_before(work));
    judge(result_.repaired, std::move(comparison));
    return {};
  }

  Server& server_;
  const HistoryOptions& options_;
  const HistoryItem& item_;
  HistoryResult& result_;
  Clone state_;  // before up, without rows
  Snapshot wanted_;
  std::optional<Clone> after_;
  std::optional<Snapshot> after_snapshot_;
};

// Runs the ups one after the other; the downs are judged behind that, a few at a time.
class Historian {
 public:
  Historian(Server& server, const std::vector<HistoryItem>& items, const HistoryOptions& options)
      : server_(server), items_(items), options_(options) {}

  Result<HistoryReport> run() {
    report_.server = server_.version();
    report_.items.resize(items_.size());  // trials hold references
    PGA_TRY(state_, Clone::make(server_, options_.start));
    Status done = run_items();
    for (auto& trial : running_) {
      if (Status one = trial.get(); !one && done) done = one;
    }
    running_.clear();
    if (!done) return fail(done.error());
    return std::move(report_);
  }

 private:
  Status run_items() {
    bool going = true;
    for (size_t i = 0; i < items_.size(); ++i) {
      auto& result = report_.items[i];
      result.version = items_[i].version;
      result.up.question = "up runs";
      result.down.question = "down restores the schema";
      result.rows_down.question = "down restores the rows";
      result.repaired.question = "the proposed down restores the schema";
      if (!going) {
        PGA_CHECK(skip(result, "an earlier migration failed"));
        continue;
      }
      if (options_.progress) options_.progress(items_[i].version);
      const bool shared = names_roles(items_[i].up) || (items_[i].down && names_roles(*items_[i].down));
      PGA_CHECK(shared ? prove_alone(items_[i], result) : prove(items_[i], result));
      going = result.up.verdict == Verdict::proven;
    }
    return {};
  }

  // Up, with a copy of the state before it. nullopt: up failed.
  Result<std::optional<Clone>> up(const HistoryItem& item, HistoryResult& result) {
    std::optional<Clone> before;
    PGA_TRY(before, Clone::make(server_, state_->name()));
    PGA_TRY(const bool done, run_script(*state_, item.up, result.up));
    if (done) {
      set(result.up, Verdict::proven, {});
    } else {
      before.reset();
      for (Judgement* judgement : {&result.down, &result.rows_down, &result.repaired})
        set(*judgement, Verdict::not_proven, "up failed");
    }
    return before;
  }

  Status prove(const HistoryItem& item, HistoryResult& result) {
    PGA_TRY(auto before, up(item, result));
    if (!before) return {};
    PGA_CHECK(wait_for(kAtOnce - 1));
    running_.push_back(std::async(std::launch::async, [this, &item, &result, state = std::move(*before)]() mutable {
      return Trial(server_, options_, item, result, std::move(state)).run();
    }));
    return {};
  }

  // Roles belong to the whole server: the trial comes before the up of the history, in one pass and without rows, and what it
  // leaves of roles is told and undone.
  Status prove_alone(const HistoryItem& item, HistoryResult& result) {
    PGA_CHECK(wait_for(0));
    PGA_TRY(const auto roles, roles_of(server_, state_->name()));
    PGA_TRY(const auto wanted, snapshot(server_, state_->name(), options_.judge));
    {
      PGA_TRY(const auto work, Clone::make(server_, state_->name()));
      PGA_TRY(const bool runs, run_script(work, item.up, result.up));
      if (runs && item.down) PGA_CHECK(judge_alone(work, *item.down, wanted, roles, result));
    }
    PGA_CHECK(restore_roles(roles));
    set(result.rows_down, Verdict::not_proven, "scripts about roles are judged without rows: roles are shared by all databases");
    set(result.repaired, Verdict::not_proven, "no repair is made for scripts about roles");
    if (!item.down) set(result.down, Verdict::not_proven, "there is no down");
    if (result.up.verdict == Verdict::failed) return {};
    PGA_TRY(const auto before, up(item, result));
    return {};
  }

  Status judge_alone(const Clone& work, const plan::Script& down, const Snapshot& wanted, const std::vector<std::string>& roles,
                     HistoryResult& result) {
    PGA_TRY(const auto after, snapshot(server_, work.name(), options_.judge));
    PGA_TRY(const bool done, run_script(work, down, result.down));
    if (!done) return {};
    PGA_TRY(const auto found, snapshot(server_, work.name(), options_.judge));
    auto comparison = compare(found, wanted, &after);
    PGA_TRY(const auto now, roles_of(server_, work.name()));
    for (const auto& role : now)
      if (!std::ranges::binary_search(roles, role)) comparison.differences.push_back({"role " + role, "it is there", ""});
    for (const auto& role : roles)
      if (!std::ranges::binary_search(now, role)) comparison.differences.push_back({"role " + role, "", "it is there"});
    judge(result.down, std::move(comparison));
    return {};
  }

  Status restore_roles(const std::vector<std::string>& roles) {
    PGA_TRY(const auto now, roles_of(server_, state_->name()));
    PGA_TRY(auto connection, state_->open());
    for (const auto& role : now)
      if (!std::ranges::binary_search(roles, role)) PGA_CHECK(connection.execute("DROP ROLE " + ident(role)));
    for (const auto& role : roles)
      if (!std::ranges::binary_search(now, role)) PGA_CHECK(connection.execute("CREATE ROLE " + ident(role)));
    close_completely(std::move(connection));
    return {};
  }

  // Until no more than so many trials run.
  Status wait_for(size_t running) {
    while (running_.size() > running) {
      auto first = std::move(running_.front());
      running_.pop_front();
      PGA_CHECK(first.get());
    }
    return {};
  }

  Server& server_;
  const std::vector<HistoryItem>& items_;
  const HistoryOptions& options_;
  HistoryReport report_;
  std::optional<Clone> state_;  // after the migrations so far, without rows
  std::deque<std::future<Status>> running_;
};

}  // namespace

bool HistoryReport::failed() const {
  return std::ranges::any_of(items, [](const HistoryResult& item) {
    return item.up.verdict == Verdict::failed || item.down.verdict == Verdict::failed ||
           item.rows_down.verdict == Verdict::failed;
  });
}

Result<HistoryReport> prove_history(Server& server, const std::vector<HistoryItem>& items, const HistoryOptions& options) {
  return Historian(server, items, options).run();
}

void history_text(const HistoryReport& report, Terminal& out) {
  out.heading("History on PostgreSQL " + report.server);
  Table table{{"version", "up", "down", "rows after down", "remark"}, {}};
  for (const auto& item : report.items) {
    std::string remark = item.up.reason.empty() ? item.down.reason : item.up.reason;
    if (remark.empty()) remark = item.rows_down.reason;
    table.rows.push_back({comment_safe(item.version), verdict_text(item.up, out), verdict_text(item.down, out),
                          verdict_text(item.rows_down, out), comment_safe(remark)});
  }
  out.table(table);
  for (const auto& item : report.items) {
    for (const auto* judgement : {&item.up, &item.down, &item.rows_down}) {
      if (judgement->verdict == Verdict::failed) print_judgement(item.version + ": ", *judgement, out);
    }
    if (!item.repair) continue;
    out.line("  a down that " +
             std::string(item.repaired.verdict == Verdict::proven ? "was shown to restore it:" : "does not restore it:"));
    for (const auto& section : *item.repair) {
      for (const auto& step : section.steps) out.line("    " + replace_all(step.sql, "\n", "\n    ") + ";");
    }
  }
}

void history_json(const HistoryReport& report, Json& json) {
  json.object().field("failed", report.failed()).field("server", report.server).key("migrations").array();
  for (const auto& item : report.items) {
    json.object().field("version", item.version).key("judgements").array();
    for (const auto* judgement : {&item.up, &item.down, &item.rows_down}) judgement_json(*judgement, json);
    json.end();
    if (item.repair) {
      json.key("repair").object().key("statements").array();
      for (const auto& section : *item.repair) {
        for (const auto& step : section.steps) json.value(step.sql);
      }
      json.end().key("judgement");
      judgement_json(item.repaired, json);
      json.end();
    }
    json.end();
  }
  json.end().end();
}

}  // namespace pga::proof
