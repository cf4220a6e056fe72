// Where a database stands: its history beside the files of the folder. Pure: no server, no files.
//
//   const Survey survey = survey_of(files, recorded);
//   PGA_CHECK(check(survey, consents));                       // edited, deleted, out-of-order … each with its code and next step
//   PGA_TRY(const auto todo, plan_to(survey, "20250103"));
#pragma once
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "migrate/history.h"

namespace pga::migrate {

enum class Standing : uint8_t { pending, applied, baseline, applying, reverting };
std::string_view to_text(Standing standing);

struct Entry {
  const Migration* file = nullptr;   // nullptr: the file is missing
  const Applied* applied = nullptr;  // nullptr: it never ran here, or was taken back
  Standing standing = Standing::pending;
  bool edited = false;        // the up file is not what ran
  bool down_edited = false;   // the down file is not what was recorded; the file's is used
  bool out_of_order = false;  // pending, and a later one ran already
  bool unknown = false;       // missing, and newer than every file: another branch, or a newer checkout

  const std::string& version() const { return file != nullptr ? file->version : applied->version; }
  const std::string& name() const { return file != nullptr ? file->name : applied->name; }
};

struct Survey {
  std::vector<Entry> entries;  // files in their order; those without a file where they ran
  std::vector<Entry> in_order_of_running() const;
  const Entry* find(std::string_view version) const;
  const Entry* unfinished() const;
};

Survey survey_of(const std::vector<Migration>& files, const Recorded& recorded);

// What somebody permitted besides hazards.
struct Consents {
  bool drift = false, out_of_order = false, missing_file = false;
};

// The first thing that stands in the way of `direction`, as an error; all things: problems().
Status check(const Survey& survey, Direction direction, const Consents& consents);
std::vector<Error> problems(const Survey& survey, Direction direction, const Consents& consents);

struct Run {
  const Entry* entry = nullptr;
  Direction direction{};
};
// What must run, in order. An unfinished migration is always first, in its own direction.
Result<std::vector<Run>> next_up(const Survey& survey, std::optional<size_t> count);
Result<std::vector<Run>> next_down(const Survey& survey, size_t count);
// Down to and up to this version, which then is the last that is applied; "0": nothing is.
Result<std::vector<Run>> next_to(const Survey& survey, const std::string& version);
Result<std::vector<Run>> next_redo(const Survey& survey);

}  // namespace pga::migrate
