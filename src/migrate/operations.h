// What `pgarchitect migrate` does: one function an action. They open the connection, take the lock, run, and give the lock back.
//
//   PGA_TRY(const auto files, read_folder("migrations", ""));
//   PGA_TRY(const auto ran, apply(url, files, {.action = Action::up}, options, hooks));
//
// Nothing is written to the database by inspect_database(), and nothing before the lock is had. Ctrl-C: error `interrupted`.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "migrate/runner.h"

namespace pga::migrate {

// The migrations of a folder. format: a slug, or "" to find it out. Errors: no-file, unknown-format, no-migrations, those of
// formats.
Result<std::vector<Migration>> read_folder(const std::string& folder, const std::string& format);

enum class Action : uint8_t { up, down, to, redo };

struct Wish {
  Action action{};
  std::optional<size_t> count;  // up, down
  std::string version;          // to
};

// A direction of a migration with what stands in it, for questions and dry runs.
struct Planned {
  std::string version, name, path;
  Direction direction{};
  bool resumed = false;
  plan::Script script;
  std::vector<plan::Hazard> hazards;  // sorted, each once
};

struct Hooks {
  Listener listener;
  // Everything that is about to run; an error stops it before anything was done.
  std::function<Status(const std::vector<Planned>&)> consent;
};

struct Ran {
  std::string version, name;
  Direction direction{};
};

Result<std::vector<Ran>> apply(const std::string& conninfo, const std::vector<Migration>& files, const Wish& wish,
                               const RunOptions& options, const Hooks& hooks);
// As apply, and nothing is run; no lock is taken.
Result<std::vector<Planned>> dry_run(const std::string& conninfo, const std::vector<Migration>& files, const Wish& wish,
                                     const RunOptions& options);

struct State {
  Recorded recorded;  // survey points into it
  Survey survey;
  bool drift_known = false;  // there is a fingerprint that can be compared
  std::vector<std::string> drift;
  std::vector<Error> problems;
};
Result<std::unique_ptr<State>> inspect_database(const std::string& conninfo, const std::vector<Migration>& files,
                                                const Consents& consents, bool with_drift);

// Marks everything up to a version as done. Returns the versions that were marked.
Result<std::vector<std::string>> baseline(const std::string& conninfo, const std::vector<Migration>& files,
                                          const std::string& version, const RunOptions& options, const Hooks& hooks);

struct Remedy {
  std::string_view name, meaning;
};
const std::vector<Remedy>& remedies();
// The remedies that fit this state, with what they would mend: "accept-edited" -> "migration 3 (add_names) was edited …".
std::vector<std::pair<std::string, std::string>> fitting_remedies(const State& state);
// Applies one; returns what was done, in words.
Result<std::vector<std::string>> repair(const std::string& conninfo, const std::vector<Migration>& files,
                                        const std::string& remedy, const RunOptions& options, const Hooks& hooks);

}  // namespace pga::migrate
