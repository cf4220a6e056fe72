// Ways out of what the runner cannot decide by itself.
#include <algorithm>

#include "base/text.h"
#include "migrate/interrupt.h"
#include "migrate/operations.h"
#include "migrate/roll_back.h"

namespace pga::migrate {
namespace {

struct Repair {
  Runner& runner;
  const Recorded& recorded;
  const Survey& survey;
  std::vector<std::string> out;

  Session& session() { return runner.session(); }
  Status execute(const std::string& sql) { return session().execute(sql); }
  Status expected() {
    auto noted = runner.note_expected();
    if (!noted) return fail(noted.error());
    return {};
  }

  Result<const Entry*> unfinished() const {
    if (const auto* entry = survey.unfinished()) return entry;
    return fail("nothing-to-repair", "no migration is half-way", "see pgarchitect migrate status");
  }

  Status accept_edited() {
    for (const auto& entry : survey.entries) {
      if (entry.file == nullptr || entry.applied == nullptr || !(entry.edited || entry.down_edited)) continue;
      PGA_CHECK(execute(history_sql::checksums(*entry.file)));
      out.push_back("the files of migration " + entry.version() + " count as they are now");
    }
    return {};
  }
  Status forget_missing() {
    for (const auto& entry : survey.entries) {
      if (entry.file != nullptr) continue;
      PGA_CHECK(execute(history_sql::forget(entry.version())));
      out.push_back("migration " + entry.version() + " is not in the history any more; what it did stays");
    }
    return {};
  }
  Status accept_drift() {
    out.emplace_back("the schema as it is now is what the next migration expects");
    return expected();
  }
  Status mark_applied() {
    PGA_TRY(const auto* entry, unfinished());
    PGA_CHECK(expected());
    PGA_CHECK(execute(history_sql::finish(entry->version(), Direction::up, "")));
    out.push_back("migration " + entry->version() + " counts as applied");
    return {};
  }
  Status mark_pending() {
    PGA_TRY(const auto* entry, unfinished());
    PGA_CHECK(execute(history_sql::forget(entry->version())));
    PGA_CHECK(expected());
    out.push_back("migration " + entry->version() + " counts as not applied");
    return {};
  }
  // "up 2 1 hash"
  Status end_doubt(bool was_done) {
    PGA_TRY(const auto* entry, unfinished());
    const auto parts = split(entry->applied->doing, ' ');
    if (parts.size() != 4)
      return fail("nothing-to-repair", "the outcome of no statement is in doubt",
                  "run pgarchitect migrate up: it goes on by itself");
    const JournalEntry journal{entry->version(), parts[0] == "up" ? Direction::up : Direction::down, std::atoi(parts[1].c_str()),
                               std::atoi(parts[2].c_str()), parts[3]};
    if (was_done) PGA_CHECK(execute(history_sql::journal(journal, runner.lock().token())));
    PGA_CHECK(execute(history_sql::doing(entry->version(), "")));
    out.push_back("step " + parts[2] + " of section " + parts[1] + (was_done ? " counts as done" : " will be run again"));
    return {};
  }
  Status apply(const std::string& remedy) {
    if (remedy == "accept-edited") return accept_edited();
    if (remedy == "forget-missing") return forget_missing();
    if (remedy == "accept-drift") return accept_drift();
    if (remedy == "mark-applied") return mark_applied();
    if (remedy == "mark-pending") return mark_pending();
    return end_doubt(remedy == "step-done");
  }
};

Status run_remedy(Repair& repair, const std::string& remedy) {
  if (remedy == "roll-back") {
    PGA_TRY(const auto* entry, repair.unfinished());
    if (entry->standing != Standing::applying)
      return fail("unfinished-migration", "migration " + entry->version() + " is being taken back already",
                  "finish that: pgarchitect migrate down");
    PGA_CHECK(roll_back(repair.runner, *entry, repair.recorded));
    repair.out.push_back("what migration " + entry->version() + " had done is undone; the schema is what it was before");
    return {};
  }
  return repair.runner.transaction(
      [&]() -> Status {
        repair.out.clear();
        PGA_CHECK(repair.apply(remedy));
        if (repair.out.empty()) return fail("nothing-to-repair", "there is nothing that " + remedy + " could mend");
        return repair.execute(history_sql::log("repair " + remedy, "", repair.runner.lock().who(), repair.runner.lock().token()));
      },
      "");
}

}  // namespace

const std::vector<Remedy>& remedies() {
  static const std::vector<Remedy> all = {
      {"accept-edited", "take over the checksums of files that were edited after they ran"},
      {"forget-missing", "take migrations whose files are gone out of the history; what they did stays"},
      {"accept-drift", "the schema as it is now is what the next migration expects"},
      {"roll-back", "undo an interrupted migration with its down; kept only if the schema is then what it was before"},
      {"mark-applied", "an interrupted migration counts as applied: it was finished by hand"},
      {"mark-pending", "an interrupted migration counts as not applied: it was undone by hand"},
      {"step-done", "the statement whose outcome is not known was done"},
      {"step-again", "the statement whose outcome is not known was not done: run it again"},
  };
  return all;
}

std::vector<std::pair<std::string, std::string>> fitting_remedies(const State& state) {
  std::vector<std::pair<std::string, std::string>> out;
  const auto any = [&](auto test) { return std::ranges::any_of(state.survey.entries, test); };
  if (any([](const Entry& e) {
        return e.edited || (e.down_edited && e.applied != nullptr && e.file != nullptr && !e.applied->unfinished());
      }))
    out.emplace_back("accept-edited", "files were edited after they ran");
  if (any([](const Entry& e) { return e.file == nullptr; }))
    out.emplace_back("forget-missing", "files of migrations that ran are gone");
  if (!state.drift.empty()) out.emplace_back("accept-drift", "the schema was changed by something else");
  const auto* open = state.survey.unfinished();
  if (open == nullptr) return out;
  const std::string half = "migration " + open->version() + " is " + std::string(to_text(open->standing));
  if (open->applied->doing.empty()) {
    out.emplace_back(open->standing == Standing::applying ? "(migrate up)" : "(migrate down)",
                     half + "; this goes on where it stopped");
  } else {
    out.emplace_back("step-done", half + ", and its last statement was done");
    out.emplace_back("step-again", half + ", and its last statement was not done");
  }
  if (open->standing == Standing::applying) out.emplace_back("roll-back", half + "; undo it");
  out.emplace_back("mark-applied", half + "; it was finished by hand");
  out.emplace_back("mark-pending", half + "; it was undone by hand");
  return out;
}

Result<std::vector<std::string>> repair(const std::string& conninfo, const std::vector<Migration>& files,
                                        const std::string& remedy, const RunOptions& options, const Hooks& hooks) {
  if (std::ranges::find(remedies(), remedy, &Remedy::name) == remedies().end()) {
    std::vector<std::string> names;
    for (const auto& one : remedies()) names.emplace_back(one.name);
    return fail("usage", "there is no remedy '" + remedy + "'", "one of: " + join(names, ", "));
  }
  const InterruptGuard guard;
  PGA_TRY(auto session, Session::open(conninfo, hooks.listener));
  PGA_TRY(auto lock, RunnerLock::take(session, options.lock));
  PGA_TRY(const auto recorded, read_history(session.connection()));
  const auto survey = survey_of(files, recorded);
  Runner runner(session, lock, options);
  Repair work{runner, recorded, survey, {}};
  const Status done = run_remedy(work, remedy);
  (void)session.rollback();
  lock.release();
  if (!done) return fail(done.error());
  return std::move(work.out);
}

}  // namespace pga::migrate
