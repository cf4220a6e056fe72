#include "proof/prove.h"

#include <algorithm>
#include <chrono>
#include <future>

#include "proof/clone.h"
#include "proof/judgement.h"
#include "proof/workload.h"

namespace pga::proof {
namespace {

using postgres::Connection;
using postgres::Server;
using Snapshots = std::future<Result<Snapshot>>;

// A failure that rows cause: 22 data exception, 23 integrity constraint violation.
bool is_about_rows(const Error& error) {
  return error.sqlstate.starts_with("22") || error.sqlstate.starts_with("23");
}

class Prover {
 public:
  Prover(Server& server, std::string origin, std::string target, const plan::Plan& plan, const Options& options)
      : server_(server), origin_(std::move(origin)), target_(std::move(target)), plan_(plan), options_(options) {}

  Result<Report> run() {
    const auto start = Clock::now();
    report_.server = server_.version();
    report_.up.question = "up reaches the target";
    report_.down.question = "down returns to the origin";
    report_.up_again.question = "up again reaches the target";
    report_.rows_up.question = "rows are kept by up";
    report_.rows_down.question = "rows are there after down";
    report_.workload.question = "the workload plans before, between and after";
    PGA_CHECK(prepare());
    PGA_TRY(const bool through, up());
    if (through) {
      PGA_TRY(const bool back, down());
      if (back) PGA_CHECK(up_again());
    }
    PGA_CHECK(workload());
    spent("in all", start);
    return std::move(report_);
  }

 private:
  using Clock = std::chrono::steady_clock;

  Snapshots later(const std::string& database) const {
    return std::async(std::launch::async,
                      [&server = server_, database, judge = options_.judge] { return snapshot(server, database, judge); });
  }

  void spent(const std::string& what, Clock::time_point since) {
    const std::chrono::duration<double, std::milli> took = Clock::now() - since;
    report_.durations.emplace_back(what, took.count());
  }

  Status prepare() {
    const auto start = Clock::now();
    PGA_TRY(filled_, Clone::make(server_, origin_));
    if (options_.fill) {
      Status filled;
      {
        PGA_TRY(auto connection, filled_->open());
        filled = options_.fill(connection);
        close_completely(std::move(connection));
      }
      if (!filled) {
        no_rows_ = "the tables could not be filled: " + filled.error().message;
        PGA_TRY(filled_, Clone::make(server_, origin_));
      }
    } else {
      no_rows_ = "no rows were wanted";
    }
    PGA_TRY(work_, Clone::make(server_, filled_->name()));
    if (!options_.workload.empty()) PGA_CHECK(plan_before());
    spent("clone and fill", start);
    // From here on the origin is only read: its clones are there.
    origin_snapshot_ = later(origin_);
    target_snapshot_ = later(target_);
    return {};
  }

  Status plan_before() {
    PGA_TRY(auto connection, filled_->open());
    PGA_TRY(auto answers, plan_workload(connection, options_.workload));
    for (size_t i = 0; i < answers.size(); ++i) {
      if (answers[i].empty()) {
        queries_.push_back(options_.workload[i]);
      } else {
        report_.unplannable.emplace_back(options_.workload[i], answers[i]);
      }
    }
    return {};
  }

  void note_steps(const plan::Script& script, std::vector<StepOutcome> outcomes, bool down) {
    for (auto& outcome : outcomes) {
      const auto& section = script[outcome.place.section];
      const auto& step = section.steps[outcome.place.step];
      report_.steps.push_back(
          {down, outcome.place, section.phase, section.transactional, step.object, step.sql, std::move(outcome.facts)});
    }
  }

  // Runs one direction on the working clone, in a session of its own. A false: it failed, and the judgement says so.
  Result<bool> run_script(const plan::Script& script, bool down, bool observe, Judgement& judgement) {
    const auto start = Clock::now();
    PGA_TRY(auto connection, work_->open());
    ExecuteOptions execute_options{.observe = observe};
    if (!down && observe && !queries_.empty()) {
      execute_options.after_section = [this](size_t section, Connection&) { return plan_between(section); };
    }
    if (!options_.session.empty()) PGA_CHECK(connection.execute(options_.session));
    auto outcomes = execute(connection, script, execute_options);
    spent(observe ? (down ? "down" : "up") : (down ? "down again" : "up again"), start);
    if (!outcomes) {
      if (outcomes.error().code == "connection-lost") return fail(outcomes.error());
      judgement.error = outcomes.error();
      set(judgement, Verdict::failed, outcomes.error().message);
      return false;
    }
    if (observe) note_steps(script, std::move(*outcomes), down);
    return true;
  }

  Result<bool> up() {
    PGA_TRY(bool done, run_script(plan_.up, false, options_.observe, report_.up));
    if (!done && no_rows_.empty() && is_about_rows(*report_.up.error)) {
      PGA_TRY(done, up_without_rows());
    }
    if (!done) {
      set(report_.rows_up, Verdict::not_proven, "up failed");
      for (Judgement* judgement : {&report_.down, &report_.up_again, &report_.rows_down}) {
        set(*judgement, Verdict::not_proven, "up failed");
      }
      return false;
    }
    const auto start = Clock::now();
    auto found = later(work_->name());
    PGA_CHECK(judge_rows(report_.rows_up));
    PGA_TRY(origin_is_, origin_snapshot_.get());
    PGA_TRY(target_is_, target_snapshot_.get());
    PGA_TRY(reached_, found.get());
    judge(report_.up, compare(reached_, target_is_, &origin_is_));
    spent("judge up", start);
    return true;
  }

  // The plan cannot run on these rows. Whether it does what it says is shown without any.
  Result<bool> up_without_rows() {
    const Error error = *report_.up.error;
    no_rows_ = "up fails on the rows that were made for it: " + error.message;
    report_.rows_up.error = error;
    report_.up.error.reset();
    // The snapshot's session must be gone before the origin is a template again.
    origin_snapshot_.wait();
    PGA_TRY(filled_, Clone::make(server_, origin_));
    PGA_TRY(work_, Clone::make(server_, origin_));
    report_.broken.clear();
    failing_.clear();
    return run_script(plan_.up, false, options_.observe, report_.up);
  }

  Result<bool> down() {
    if (plan_.down.empty() && !plan_.up.empty()) {
      set(report_.down, Verdict::not_proven, "there is no down");
      set(report_.rows_down, Verdict::not_proven, "there is no down");
      set(report_.up_again, Verdict::not_proven, "there is no down");
      return false;
    }
    PGA_TRY(const bool done, run_script(plan_.down, true, options_.observe, report_.down));
    if (!done) {
      set(report_.rows_down, Verdict::not_proven, "down failed");
      set(report_.up_again, Verdict::not_proven, "down failed");
      return false;
    }
    const auto start = Clock::now();
    auto found = later(work_->name());
    PGA_CHECK(judge_rows(report_.rows_down));
    PGA_TRY(returned_, found.get());
    judge(report_.down, compare(returned_, origin_is_, &reached_));
    spent("judge down", start);
    return true;
  }

  Status up_again() {
    PGA_TRY(const bool done, run_script(plan_.up, false, false, report_.up_again));
    if (!done) return {};
    const auto start = Clock::now();
    PGA_TRY(const auto found, snapshot(server_, work_->name(), options_.judge));
    judge(report_.up_again, compare(found, target_is_, &returned_));
    spent("judge up again", start);
    return {};
  }

  Status judge_rows(Judgement& judgement) {
    if (!no_rows_.empty()) {
      set(judgement, Verdict::not_proven, no_rows_);
      return {};
    }
    PGA_TRY(auto before, filled_->open());
    PGA_TRY(auto after, work_->open());
    for (Connection* connection : {&before, &after}) {
      if (!options_.session.empty()) PGA_CHECK(connection->execute(options_.session));
    }
    const bool is_up = &judgement == &report_.rows_up;
    PGA_TRY(auto rows, compare_rows(before, after, is_up ? options_.renames : Renames{}));
    if (is_up) report_.empty_tables = rows.empty_tables;
    judge(judgement, std::move(rows));
    return {};
  }

  // In a session of its own: that of the script may have another search_path.
  Status plan_between(size_t section) {
    PGA_TRY(auto connection, work_->open());
    PGA_TRY(const auto answers, plan_workload(connection, queries_));
    for (size_t i = 0; i < answers.size(); ++i) {
      const auto known = std::ranges::find(failing_, i, &Failing::query);
      if (known != failing_.end()) {
        known->back = answers[i].empty();
      } else if (!answers[i].empty()) {
        failing_.push_back({i, section, answers[i], false});
      }
    }
    return {};
  }

  Status workload() {
    if (options_.workload.empty()) {
      set(report_.workload, Verdict::not_proven, "no workload was given");
      return {};
    }
    const auto start = Clock::now();
    for (const auto& failing : failing_) {
      PGA_TRY(const auto place, step_that_breaks(failing));
      report_.broken.push_back({queries_[failing.query], failing.error, place, to_text(place, plan_.up), failing.back});
    }
    if (!report_.broken.empty()) {
      const size_t count = report_.broken.size();
      set(report_.workload, Verdict::failed, count == 1 ? "one query breaks" : std::to_string(count) + " queries break");
    } else if (report_.up.error) {
      set(report_.workload, Verdict::not_proven, "up failed");
    } else if (queries_.empty()) {
      set(report_.workload, Verdict::not_proven, "no query of it plans against the origin");
    } else {
      set(report_.workload, Verdict::proven, {});
    }
    spent("workload", start);
    return {};
  }

  struct Failing {
    size_t query = 0;
    size_t section = 0;  // after which it was seen
    std::string error;
    bool back = false;
  };

  // The section is known; up runs once more, and the query is planned after each step of that section.
  Result<StepPlace> step_that_breaks(const Failing& failing) {
    StepPlace place{failing.section, 0};
    if (plan_.up[failing.section].steps.size() < 2) return place;
    PGA_TRY(const auto clone, Clone::make(server_, filled_->name()));
    PGA_TRY(auto connection, clone.open());
    bool found = false;
    ExecuteOptions execute_options{.sections = failing.section + 1};
    execute_options.after_step = [&](const StepPlace& at, Connection& inside) -> Status {
      if (found || at.section != failing.section) return {};
      PGA_TRY(const auto answers, plan_workload(inside, {queries_[failing.query]}));
      found = !answers[0].empty();
      if (found) place = at;
      return {};
    };
    PGA_TRY(const auto outcomes, execute(connection, plan_.up, execute_options));
    return place;
  }

  Server& server_;
  std::string origin_, target_;
  const plan::Plan& plan_;
  const Options& options_;
  Report report_;
  std::optional<Clone> filled_;  // the origin with rows: not changed any more
  std::optional<Clone> work_;
  std::string no_rows_;  // why nothing is proven on rows; "" when there are some
  Snapshots origin_snapshot_, target_snapshot_;
  Snapshot origin_is_, target_is_, reached_, returned_;
  std::vector<std::string> queries_;  // of the workload: those that plan against the origin
  std::vector<Failing> failing_;
};

}  // namespace

std::vector<const Judgement*> Report::judgements() const {
  return {&up, &down, &up_again, &rows_up, &rows_down, &workload};
}

bool Report::failed() const {
  return std::ranges::any_of(judgements(), [](const Judgement* judgement) { return judgement->verdict == Verdict::failed; });
}

bool Report::proven() const {
  return !failed() && up.verdict == Verdict::proven && down.verdict == Verdict::proven && up_again.verdict == Verdict::proven;
}

Result<Report> prove(Server& server, const std::string& origin, const std::string& target, const plan::Plan& plan,
                     const Options& options) {
  return Prover(server, origin, target, plan, options).run();
}

}  // namespace pga::proof
