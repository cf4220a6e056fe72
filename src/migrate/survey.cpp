#include "migrate/survey.h"

#include <algorithm>

#include "base/text.h"

namespace pga::migrate {
namespace {

Standing standing_of(const Applied& applied) {
  if (applied.state == "applying") return Standing::applying;
  if (applied.state == "reverting") return Standing::reverting;
  return applied.state == "baseline" ? Standing::baseline : Standing::applied;
}

Entry entry_of(const Migration& file, const Recorded& recorded) {
  Entry out{.file = &file, .applied = recorded.find(file.version)};
  if (out.applied == nullptr) return out;
  out.standing = standing_of(*out.applied);
  // An unfinished one may be mended behind what ran: that is judged statement by statement (runner.cpp).
  out.edited = !out.applied->unfinished() && out.applied->up_checksum != file.checksum;
  out.down_edited = out.applied->down_checksum != down_checksum(file);
  return out;
}

// Behind the entry that ran before it.
void insert_missing(std::vector<Entry>& entries, const Recorded& recorded) {
  for (size_t i = 0; i < recorded.migrations.size(); ++i) {
    const auto& applied = recorded.migrations[i];
    const auto has = [](const std::string& version) { return [&](const Entry& entry) { return entry.version() == version; }; };
    if (std::ranges::any_of(entries, has(applied.version))) continue;
    auto at = entries.begin();
    if (i > 0) at = std::ranges::find_if(entries, has(recorded.migrations[i - 1].version)) + 1;
    const bool newest = std::none_of(at, entries.end(), [](const Entry& entry) { return entry.file != nullptr; });
    entries.insert(at, Entry{.applied = &applied, .standing = standing_of(applied), .unknown = newest});
  }
}

std::string named(const Entry& entry) {
  return "migration " + entry.version() + (entry.name().empty() ? "" : " (" + entry.name() + ")");
}

Error problem(std::string code, std::string message, std::string hint, const Entry& entry) {
  return {.code = std::move(code),
          .message = std::move(message),
          .hint = std::move(hint),
          .place = {entry.file == nullptr ? "" : entry.file->path},
          .detail = {},
          .sqlstate = {}};
}

}  // namespace

std::string_view to_text(Standing standing) {
  switch (standing) {
    case Standing::pending:
      return "pending";
    case Standing::applied:
      return "applied";
    case Standing::baseline:
      return "baseline";
    case Standing::applying:
      return "half-way up";
    case Standing::reverting:
      return "half-way down";
  }
  return "";
}

Survey survey_of(const std::vector<Migration>& files, const Recorded& recorded) {
  Survey out;
  for (const auto& file : files) out.entries.push_back(entry_of(file, recorded));
  bool later_ran = false;
  for (auto it = out.entries.rbegin(); it != out.entries.rend(); ++it) {
    it->out_of_order = it->applied == nullptr && later_ran;
    later_ran |= it->applied != nullptr;
  }
  insert_missing(out.entries, recorded);
  // Recorded holds them as they ran; entries point into it.
  return out;
}

std::vector<Entry> Survey::in_order_of_running() const {
  std::vector<Entry> out;
  for (const auto& entry : entries)
    if (entry.applied != nullptr) out.push_back(entry);
  // They all stand in one vector, Recorded::migrations, which is ordered by when they ran.
  std::ranges::sort(out, [](const Entry& a, const Entry& b) { return a.applied < b.applied; });
  return out;
}

const Entry* Survey::find(std::string_view version) const {
  const auto it = std::ranges::find_if(entries, [&](const Entry& entry) { return entry.version() == version; });
  return it == entries.end() ? nullptr : &*it;
}

const Entry* Survey::unfinished() const {
  const auto it =
      std::ranges::find_if(entries, [](const Entry& entry) { return entry.applied != nullptr && entry.applied->unfinished(); });
  return it == entries.end() ? nullptr : &*it;
}

std::vector<Error> problems(const Survey& survey, Direction direction, const Consents& consents) {
  std::vector<Error> out;
  for (const auto& entry : survey.entries) {
    if (entry.edited && direction == Direction::up) {
      out.push_back(problem("edited-migration", named(entry) + " was edited after it ran on this database",
                            "bring the file back as it was and write a new migration for the change; or, if the change means "
                            "nothing to the schema: pgarchitect migrate repair accept-edited",
                            entry));
    }
    if (entry.file == nullptr && direction == Direction::up && !consents.missing_file) {
      if (entry.unknown)
        out.push_back(problem("unknown-version", named(entry) + " ran on this database, and the folder does not know it",
                              "get the newest files (another branch?), or go on without it: --allow missing-file", entry));
      else
        out.push_back(problem("deleted-migration", named(entry) + " ran on this database, and its file is gone",
                              "bring the file back; or take it back (migrate to an earlier version: its down is recorded); or go "
                              "on without it: --allow missing-file",
                              entry));
    }
    if (entry.out_of_order && direction == Direction::up && !consents.out_of_order) {
      out.push_back(problem("out-of-order", named(entry) + " is pending, and later ones ran already",
                            "give it a newer version; or, if it does not build on their order: --allow out-of-order", entry));
    }
  }
  return out;
}

Status check(const Survey& survey, Direction direction, const Consents& consents) {
  auto all = problems(survey, direction, consents);
  if (all.empty()) return {};
  Error first = std::move(all.front());
  for (size_t i = 1; i < all.size(); ++i) first.detail += (i > 1 ? "\n" : "") + ("also: " + all[i].message);
  return fail(std::move(first));
}

namespace {

Run resumed(const Entry& entry) {
  return {&entry, entry.standing == Standing::applying ? Direction::up : Direction::down};
}

void add_pending(const Survey& survey, std::vector<Run>& out, std::optional<size_t> count, const Entry* last) {
  for (const auto& entry : survey.entries) {
    if (count && out.size() >= *count) return;
    if (entry.standing == Standing::pending) out.push_back({&entry, Direction::up});
    if (&entry == last) return;
  }
}

Status may_go_down(const Entry& entry) {
  if (entry.standing == Standing::baseline)
    return fail(problem("baseline-reached", named(entry) + " was marked as done by a baseline; it cannot be taken back",
                        "what stood before the baseline is not pgarchitect's to undo", entry));
  const bool has_down = entry.file != nullptr ? entry.file->has_down : entry.applied->has_down;
  if (has_down) return {};
  return fail(problem("no-down", named(entry) + " has no down: nothing says how it is taken back",
                      "write its down file, or write a new migration that undoes it", entry));
}

}  // namespace

Result<std::vector<Run>> next_up(const Survey& survey, std::optional<size_t> count) {
  std::vector<Run> out;
  if (const auto* open = survey.unfinished()) {
    if (open->standing == Standing::reverting)
      return fail(problem("unfinished-migration", named(*open) + " was being taken back and is not done",
                          "finish that first: pgarchitect migrate down (or see pgarchitect migrate repair)", *open));
    out.push_back(resumed(*open));
  }
  add_pending(survey, out, count, nullptr);
  return out;
}

Result<std::vector<Run>> next_down(const Survey& survey, size_t count) {
  std::vector<Run> out;
  if (const auto* open = survey.unfinished()) {
    if (open->standing == Standing::applying)
      return fail(problem("unfinished-migration", named(*open) + " was begun and is not done; its down begins where it ends",
                          "finish it: pgarchitect migrate up; or undo what it did: pgarchitect migrate repair roll-back", *open));
    out.push_back(resumed(*open));
  }
  const auto ran = survey.in_order_of_running();
  for (auto it = ran.rbegin(); it != ran.rend() && out.size() < count; ++it) {
    if (it->applied->unfinished()) continue;
    PGA_CHECK(may_go_down(*it));
    out.push_back({survey.find(it->version()), Direction::down});
  }
  return out;
}

Result<std::vector<Run>> next_to(const Survey& survey, const std::string& version) {
  const Entry* target = survey.find(version);
  if (target == nullptr && version != "0")
    return fail("no-such-version", "there is no migration " + version, "see pgarchitect migrate status; 0 takes all back");
  std::vector<Run> out;
  if (const auto* open = survey.unfinished()) out.push_back(resumed(*open));
  const auto ran = survey.in_order_of_running();
  for (auto it = ran.rbegin(); it != ran.rend(); ++it) {
    const Entry* entry = survey.find(it->version());
    const bool later = target == nullptr || entry > target;
    if (!later || (entry->standing == Standing::reverting)) continue;
    if (entry->standing == Standing::baseline && target == nullptr) break;
    PGA_CHECK(may_go_down(*entry));
    out.push_back({entry, Direction::down});
  }
  if (target != nullptr) add_pending(survey, out, std::nullopt, target);
  return out;
}

Result<std::vector<Run>> next_redo(const Survey& survey) {
  if (const auto* open = survey.unfinished()) {
    if (open->standing == Standing::reverting) return std::vector<Run>{resumed(*open), {open, Direction::up}};
    return std::vector<Run>{resumed(*open), {open, Direction::down}, {open, Direction::up}};
  }
  PGA_TRY(const auto down, next_down(survey, 1));
  if (down.empty()) return down;
  if (down.front().entry->file == nullptr)
    return fail(problem("deleted-migration", named(*down.front().entry) + " cannot run again: its file is gone",
                        "bring the file back, or only take it back: pgarchitect migrate down", *down.front().entry));
  return std::vector<Run>{down.front(), {down.front().entry, Direction::up}};
}

}  // namespace pga::migrate
