#include "migrate/operations.h"

#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "migrate/format.h"
#include "migrate/interrupt.h"
#include "migrate/roll_back.h"
#include "postgres/catalog.h"

namespace pga::migrate {
namespace {

Result<std::vector<Run>> runs_of(const Survey& survey, const Wish& wish) {
  switch (wish.action) {
    case Action::up:
      return next_up(survey, wish.count);
    case Action::down:
      return next_down(survey, wish.count.value_or(1));
    case Action::to:
      return next_to(survey, wish.version);
    case Action::redo:
      return next_redo(survey);
  }
  return std::vector<Run>{};
}

Status check_runs(const Survey& survey, const std::vector<Run>& runs, const Consents& consents) {
  const bool up = std::ranges::any_of(runs, [](const Run& run) { return run.direction == Direction::up; });
  return up ? check(survey, Direction::up, consents) : Status{};
}

Planned planned_of(const Run& run, Task task) {
  Planned out{.version = task.version, .name = task.name, .path = task.path, .direction = run.direction, .resumed = task.begun};
  for (const auto& section : task.script) {
    for (const auto& step : section.steps) {
      const auto found = hazards_of(step, task.planned);
      out.hazards.insert(out.hazards.end(), found.begin(), found.end());
    }
  }
  std::ranges::sort(out.hazards);
  const auto tail = std::ranges::unique(out.hazards);
  out.hazards.erase(tail.begin(), tail.end());
  out.script = std::move(task.script);
  return out;
}

struct Work {
  Recorded recorded;
  Survey survey;
  std::vector<Run> runs;
  std::vector<Task> tasks;
  std::vector<Planned> planned;
};

Result<std::unique_ptr<Work>> work_of(postgres::Connection& connection, const std::vector<Migration>& files, const Wish& wish,
                                      const Consents& consents) {
  auto out = std::make_unique<Work>();
  PGA_TRY(out->recorded, read_history(connection));
  out->survey = survey_of(files, out->recorded);
  PGA_TRY(out->runs, runs_of(out->survey, wish));
  // Pending files behind a problem of the history stay where they are, so "up" with nothing to do still tells of it.
  if (wish.action == Action::up) PGA_CHECK(check(out->survey, Direction::up, consents));
  PGA_CHECK(check_runs(out->survey, out->runs, consents));
  for (const auto& run : out->runs) {
    PGA_TRY(auto task, task_of(run, out->recorded));
    out->planned.push_back(planned_of(run, task));
    out->tasks.push_back(std::move(task));
  }
  return out;
}

}  // namespace

Result<std::vector<Migration>> read_folder(const std::string& folder, const std::string& format) {
  if (!std::filesystem::is_directory(folder))
    return fail("no-file", "there is no folder " + folder, "give the folder of migrations with --dir", {folder});
  if (!format.empty()) {
    const auto* chosen = find_format(format);
    if (chosen == nullptr) {
      std::vector<std::string> known;
      for (const auto* one : formats()) known.emplace_back(one->slug());
      return fail("unknown-format", "there is no format '" + format + "'", "one of: " + join(known, ", "));
    }
    return chosen->read(folder);
  }
  for (const auto* one : formats())
    if (one->detect(folder)) return one->read(folder);
  // Files that a person wrote in our layout have no marks.
  PGA_TRY(auto own, find_format("pgarchitect")->read(folder));
  if (own.empty())
    return fail("no-migrations", "no migrations were found in " + folder,
                "make one with pgarchitect plan … -o " + folder + ", or tell the format with --format", {folder});
  return own;
}

Result<std::vector<Ran>> apply(const std::string& conninfo, const std::vector<Migration>& files, const Wish& wish,
                               const RunOptions& options, const Hooks& hooks) {
  const InterruptGuard guard;
  PGA_TRY(auto session, Session::open(conninfo, hooks.listener));
  PGA_TRY(auto lock, RunnerLock::take(session, options.lock));
  std::vector<Ran> out;
  const auto all = [&]() -> Status {
    PGA_TRY(const auto work, work_of(session.connection(), files, wish, options.consents));
    if (hooks.consent && !work->planned.empty()) PGA_CHECK(hooks.consent(work->planned));
    for (const auto& task : work->tasks) {
      Runner runner(session, lock, options);
      PGA_CHECK(runner.run(task));
      out.push_back({task.version, task.name, task.direction});
    }
    return {};
  };
  const Status done = all();
  (void)session.rollback();
  lock.release();
  if (done) return out;
  Error error = done.error();
  for (const auto& one : out) error.detail += (error.detail.empty() ? "" : "\n") + ("done before that: " + one.version);
  return fail(std::move(error));
}

Result<std::vector<Planned>> dry_run(const std::string& conninfo, const std::vector<Migration>& files, const Wish& wish,
                                     const RunOptions& options) {
  PGA_TRY(auto connection, postgres::Connection::open(conninfo));
  PGA_TRY(auto work, work_of(connection, files, wish, options.consents));
  return std::move(work->planned);
}

Result<std::unique_ptr<State>> inspect_database(const std::string& conninfo, const std::vector<Migration>& files,
                                                const Consents& consents, bool with_drift) {
  PGA_TRY(auto connection, postgres::Connection::open(conninfo));
  auto out = std::make_unique<State>();
  PGA_TRY(out->recorded, read_history(connection));
  out->survey = survey_of(files, out->recorded);
  out->problems = problems(out->survey, Direction::up, consents);
  if (!with_drift || !out->recorded.expected || out->recorded.unfinished() != nullptr) return out;
  PGA_TRY(const auto model, postgres::read_catalog(connection));
  const auto found = fingerprint_of(model);
  out->drift_known = found.scale == out->recorded.expected->scale;
  if (out->drift_known) out->drift = differences(*out->recorded.expected, found);
  return out;
}

Result<std::vector<std::string>> baseline(const std::string& conninfo, const std::vector<Migration>& files,
                                          const std::string& version, const RunOptions& options, const Hooks& hooks) {
  const auto last = std::ranges::find(files, version, &Migration::version);
  if (last == files.end())
    return fail("no-such-version", "there is no migration " + version + " in the folder", "see pgarchitect migrate status");
  const InterruptGuard guard;
  PGA_TRY(auto session, Session::open(conninfo, hooks.listener));
  PGA_TRY(auto lock, RunnerLock::take(session, options.lock));
  PGA_TRY(const auto recorded, read_history(session.connection()));
  if (const auto* open = recorded.unfinished())
    return fail("unfinished-migration", "migration " + open->version + " is half-way", "finish it first: pgarchitect migrate up");
  Runner runner(session, lock, options);
  std::vector<std::string> out;
  const Status done = runner.transaction(
      [&]() -> Status {
        out.clear();
        for (auto it = files.begin(); it != last + 1; ++it) {
          if (recorded.find(it->version) != nullptr) continue;
          PGA_CHECK(session.execute(history_sql::baseline(*it, lock.who(), lock.token())));
          out.push_back(it->version);
        }
        PGA_CHECK(session.execute(history_sql::log("baseline", version, lock.who(), lock.token())));
        auto noted = runner.note_expected();
        if (!noted) return fail(noted.error());
        return {};
      },
      bind("SELECT EXISTS (SELECT FROM pgarchitect.log WHERE what = 'baseline' AND token = $1)", {std::to_string(lock.token())}));
  (void)session.rollback();
  lock.release();
  if (!done) return fail(done.error());
  return out;
}

}  // namespace pga::migrate
