#include "proof/execute.h"

#include <optional>

#include "base/text.h"
#include "proof/concurrent.h"

namespace pga::proof {
namespace {

using postgres::Connection;

class Execution {
 public:
  Execution(Connection& connection, const plan::Script& script, const ExecuteOptions& options)
      : connection_(connection), script_(script), options_(options) {}

  Result<std::vector<StepOutcome>> run() {
    PGA_CHECK(
        connection_.execute("SET check_function_bodies = off; SET lock_timeout = " + std::to_string(options_.lock_timeout_ms) +
                            "; SET statement_timeout = " + std::to_string(options_.statement_timeout_ms) +
                            "; SET max_parallel_maintenance_workers = 0"));
    if (options_.observe) {
      PGA_TRY(auto observer, Observer::open(connection_));
      observer_.emplace(std::move(observer));
    }
    for (size_t section = 0; section < std::min(options_.sections, script_.size()); ++section) {
      PGA_CHECK(script_[section].transactional ? in_transaction(section) : alone(section));
      if (options_.after_section) PGA_CHECK(options_.after_section(section, connection_));
    }
    return std::move(outcomes_);
  }

 private:
  Error failed(const StepPlace& place, Error error) const {
    error.message = to_text(place, script_) + ": " + error.message;
    if (error.code == "sql-error") error.code = "step-failed";
    const auto& sql = script_[place.section].steps[place.step].sql;
    error.detail += (error.detail.empty() ? "" : "\n  ") + ("statement: " + sql.substr(0, 2000));
    return error;
  }

  Status in_transaction(size_t section) {
    PGA_CHECK(connection_.execute("BEGIN"));
    for (size_t step = 0; step < script_[section].steps.size(); ++step) {
      const StepPlace place{section, step};
      auto done = run_step(place, script_[section].steps[step]);
      if (done && !connection_.in_transaction()) {
        done = fail(failed(place, {.code = "step-failed",
                                   .message = "the statement ended the transaction of its section",
                                   .hint = "a migration with its own COMMIT must not be run in a transaction"}));
      }
      if (!done) {
        if (connection_.alive() && connection_.in_transaction()) (void)connection_.execute("ROLLBACK");
        return done;
      }
    }
    auto committed = connection_.execute("COMMIT");
    // Deferred constraints speak up at the end of the transaction; the last step stands for all.
    if (!committed && !script_[section].steps.empty()) {
      return fail(failed({section, script_[section].steps.size() - 1}, committed.error()));
    }
    return committed;
  }

  Status alone(size_t section) {
    for (size_t step = 0; step < script_[section].steps.size(); ++step) {
      PGA_CHECK(run_step({section, step}, script_[section].steps[step]));
    }
    return {};
  }

  Status run_step(const StepPlace& place, const plan::Step& step) {
    auto facts = facts_of(step, script_[place.section].transactional);
    if (!facts) return fail(failed(place, facts.error()));
    outcomes_.push_back({place, std::move(*facts)});
    if (options_.after_step) PGA_CHECK(options_.after_step(place, connection_));
    return {};
  }

  Result<StatementFacts> facts_of(const plan::Step& step, bool transactional) {
    if (observer_ && transactional) return observer_->run(step.sql);
    if (observer_) {
      if (!outside_) {
        PGA_TRY(outside_, ConcurrentObserver::open(connection_));
      }
      return outside_->run(step.sql);
    }
    PGA_TRY(const auto done, connection_.query(step.sql));
    return StatementFacts{};
  }

  Connection& connection_;
  const plan::Script& script_;
  const ExecuteOptions& options_;
  std::optional<Observer> observer_;
  std::optional<ConcurrentObserver> outside_;  // for statements that cannot stand in a transaction
  std::vector<StepOutcome> outcomes_;
};

}  // namespace

std::string to_text(const StepPlace& place, const plan::Script& script) {
  std::string out = "section " + std::to_string(place.section + 1) + ", step " + std::to_string(place.step + 1);
  if (place.section >= script.size() || place.step >= script[place.section].steps.size()) return out;
  const auto& object = script[place.section].steps[place.step].object;
  return object.empty() ? out : out + " (" + object + ")";
}

Result<std::vector<StepOutcome>> execute(Connection& connection, const plan::Script& script, const ExecuteOptions& options) {
  return Execution(connection, script, options).run();
}

}  // namespace pga::proof
