#include "migrate/runner.h"

#include <algorithm>
#include <chrono>

#include "base/text.h"
#include "migrate/format.h"
#include "postgres/catalog.h"

namespace pga::migrate {
namespace {

constexpr size_t kNamedDifferences = 20;

std::string logged(std::string_view what, const std::string& version, long long token) {
  return bind("SELECT EXISTS (SELECT FROM pgarchitect.log WHERE what = $1 AND version = $2 AND token = $3)",
              {std::string(what), version, std::to_string(token)});
}

}  // namespace

Result<Task> task_of(const Run& run, const Recorded& recorded) {
  const Entry& entry = *run.entry;
  Task out{.version = entry.version(), .name = entry.name(), .direction = run.direction};
  out.path = entry.file != nullptr ? entry.file->path : "the recorded down of " + entry.version();
  const bool up = run.direction == Direction::up;
  if (up && entry.file == nullptr)
    return fail("deleted-migration", "migration " + entry.version() + " was begun here, and its file is gone",
                "bring the file back, or undo what it did: pgarchitect migrate repair");
  plan::Script script;
  if (up) {
    out.file = entry.file;
    script = entry.file->up;
  } else if (entry.file != nullptr && entry.file->has_down) {
    script = entry.file->down;
  } else {
    PGA_TRY(script, script_from_sql(entry.applied->down_script, out.path));
  }
  out.planned = is_planned(script);
  PGA_TRY(out.script, normalized(script, out.path));
  const bool resumes = entry.standing == (up ? Standing::applying : Standing::reverting);
  if (!resumes) return out;
  out.begun = true;
  out.doing = entry.applied->doing;
  for (const auto& one : recorded.journal)
    if (one.version == out.version && one.direction == run.direction) out.done.push_back(one);
  return out;
}

JournalEntry Runner::entry(const Task& task, At at) const {
  return {task.version, task.direction, static_cast<int>(at.section) + 1, static_cast<int>(at.step) + 1,
          sql_hash(task.script[at.section].steps[at.step].sql)};
}

std::string Runner::journaled(const Task& task, At at) const {
  const auto e = entry(task, at);
  return bind(
      "SELECT EXISTS (SELECT FROM pgarchitect.journal WHERE version = $1 AND direction = $2 AND section = $3 AND step = $4)",
      {e.version, std::string(to_text(e.direction)), std::to_string(e.section), std::to_string(e.step)});
}

bool Runner::is_done(const Task& task, At at) const {
  return std::ranges::any_of(task.done, [&](const JournalEntry& e) {
    return e.section == static_cast<int>(at.section) + 1 && e.step == static_cast<int>(at.step) + 1;
  });
}

// What ran before must still be what the file says; behind it the file may have been mended.
Status Runner::check_journal(const Task& task) const {
  for (const auto& e : task.done) {
    const auto section = static_cast<size_t>(e.section) - 1, number = static_cast<size_t>(e.step) - 1;
    const bool same = section < task.script.size() && number < task.script[section].steps.size() &&
                      sql_hash(task.script[section].steps[number].sql) == e.sql_hash;
    if (same) continue;
    return fail("edited-migration",
                "migration " + task.version + " was begun, and statement " + std::to_string(e.step) + " of section " +
                    std::to_string(e.section) + ", which ran already, is not in the file any more",
                "bring the statements that ran back; those behind them may be changed; or see pgarchitect migrate repair",
                {task.path});
  }
  return {};
}

// Settings of an earlier migration end here; those that this one made before it was interrupted are made again.
Status Runner::restore_session(const Task& task) {
  PGA_CHECK(session_.execute("RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL"));
  for (size_t s = 0; s < task.script.size(); ++s) {
    const auto& steps = task.script[s].steps;
    for (size_t i = 0; i < steps.size(); ++i) {
      if (is_done(task, {s, i}) && statement_of(steps[i].sql).nature == Nature::session)
        PGA_CHECK(session_.execute(steps[i].sql));
    }
  }
  return {};
}

Status Runner::run(const Task& task) {
  const auto start = std::chrono::steady_clock::now();
  begun_ = task.begun;
  drift_checked_ = task.begun;  // half-way, nothing is expected
  Event event{.what = Event::What::begins, .version = task.version, .name = task.name, .direction = task.direction};
  event.resumed = task.begun;
  event.sections = static_cast<int>(task.script.size());
  session_.tell(event);
  PGA_CHECK(check_journal(task));
  PGA_CHECK(restore_session(task));
  for (size_t s = 0; s < task.script.size(); ++s) {
    const auto& section = task.script[s];
    const bool done = section.steps.empty() || is_done(task, {s, section.steps.size() - 1});
    if (done) continue;
    if (section.transactional) {
      PGA_CHECK(transactional(task, s));
      continue;
    }
    for (size_t i = 0; i < section.steps.size(); ++i)
      if (!is_done(task, {s, i})) PGA_CHECK(single(task, {s, i}));
  }
  PGA_CHECK(finish(task));
  event.what = Event::What::done;
  event.ms = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start).count();
  session_.tell(event);
  return {};
}

// The row of the history, and the drift check before the first statement. Inside of a transaction.
Status Runner::begin(const Task& task) {
  if (!drift_checked_) PGA_CHECK(check_drift());
  if (begun_) return {};
  return session_.execute(task.direction == Direction::up ? history_sql::begin(*task.file, lock_.who(), lock_.token())
                                                          : history_sql::state(task.version, "reverting"));
}

Status Runner::check_drift() {
  PGA_TRY(const auto recorded, read_history(session_.connection()));
  PGA_TRY(const auto model, postgres::read_catalog(session_.connection()));
  const auto found = fingerprint_of(model);
  if (!recorded.expected) return session_.execute(history_sql::expected(found));
  if (found.scale != recorded.expected->scale) {
    session_.note("the last fingerprint was made by another version of pgarchitect or PostgreSQL: drift was not looked for");
    return {};
  }
  auto lines = differences(*recorded.expected, found);
  if (lines.empty()) return {};
  const size_t count = lines.size();
  if (count > kNamedDifferences) {
    lines.resize(kNamedDifferences);
    lines.push_back("… and " + std::to_string(count - kNamedDifferences) + " more");
  }
  if (options_.consents.drift) {
    session_.note("going on although the schema was changed by something else:\n" + join(lines, "\n"));
    return {};
  }
  Error error{.code = "drift", .message = "the schema is not what the last migration left: something else changed it"};
  error.hint = "undo the change, or write it as a migration; to go on all the same: --allow drift";
  error.detail = join(lines, "\n");
  return fail(std::move(error));
}

// In a transaction of its own: reading the catalog must not lengthen the strong locks of the last section.
Status Runner::finish(const Task& task) {
  const auto what = to_text(task.direction);
  return transaction(
      [&]() -> Status {
        if (!begun_ && task.script.empty()) PGA_CHECK(begin(task));
        PGA_TRY(const auto hash, note_expected());
        PGA_CHECK(session_.execute(history_sql::log(what, task.version, lock_.who(), lock_.token())));
        if (task.direction == Direction::up) PGA_CHECK(session_.execute(history_sql::checksums(*task.file)));
        return session_.execute(history_sql::finish(task.version, task.direction, hash));
      },
      logged(what, task.version, lock_.token()));
}

void Runner::tell_step(const Task& task, At at) const {
  Event event{.what = Event::What::step, .text = summary_of(task.script[at.section].steps[at.step]), .version = task.version};
  event.section = static_cast<int>(at.section) + 1;
  event.sections = static_cast<int>(task.script.size());
  event.step = static_cast<int>(at.step) + 1;
  event.steps = static_cast<int>(task.script[at.section].steps.size());
  session_.tell(event);
}

Error Runner::located(const Task& task, At at, Error error) const {
  if (error.code != "sql-error") return error;
  error.place = {task.path};
  const std::string where = "migration " + task.version + " " + std::string(to_text(task.direction)) + ", section " +
                            std::to_string(at.section + 1) + ", step " + std::to_string(at.step + 1) + ": " +
                            summary_of(task.script[at.section].steps[at.step]);
  error.detail = where + (error.detail.empty() ? "" : "\n" + error.detail);
  if (error.hint.empty()) {
    const bool nothing = at.section == 0 && task.script[at.section].transactional;
    error.hint = nothing ? "nothing of this migration was applied; mend the file (or the data) and run again"
                         : "the sections before it are applied; mend the file (or the data) and run again: it goes on here";
  }
  return error;
}

// One statement of a transactional section with its journal. The time that is left for locks shrinks with each: a transaction
// keeps those that it has while it waits for the next.
Status Runner::step(const Task& task, At at) {
  const auto& steps = task.script[at.section].steps;
  tell_step(task, at);
  if (auto done = session_.execute(steps[at.step].sql); !done) return fail(located(task, at, done.error()));
  if (!session_.connection().in_transaction())
    return fail("transaction-control", "a statement ended the transaction of its section: " + summary_of(steps[at.step]),
                "take it out of the file", {task.path});
  return session_.execute(history_sql::journal(entry(task, at), lock_.token()));
}

Status Runner::transactional(const Task& task, size_t section) {
  const auto& steps = task.script[section].steps;
  const bool timeout = wants_lock_timeout(task.script[section], task.planned);
  const auto body = [&]() -> Status {
    PGA_CHECK(begin(task));
    const auto start = std::chrono::steady_clock::now();
    const int whole = lock_timeout_ms_;
    for (size_t i = 0; i < steps.size(); ++i) {
      if (whole > 0 && i > 0) {
        const auto spent = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
        const auto left = std::max<long long>(10, whole - spent.count());
        PGA_CHECK(session_.execute("SET LOCAL lock_timeout = " + std::to_string(left)));
      }
      PGA_CHECK(step(task, {section, i}));
    }
    return {};
  };
  PGA_CHECK(transaction(body, journaled(task, {section, steps.size() - 1}), timeout, task.planned));
  begun_ = drift_checked_ = true;
  return {};
}

}  // namespace pga::migrate
