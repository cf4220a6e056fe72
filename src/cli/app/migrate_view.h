// How `pgarchitect migrate` looks: progress on err while it runs, tables and JSON on out at the end. Internal to app/.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/app/app.h"
#include "migrate/operations.h"
#include "proof/history.h"

namespace pga::app {

// Shows events as they come: one line a migration on err, a progress line on a terminal, nothing but notes with --json.
class MigrateView {
 public:
  explicit MigrateView(cli::Context& context);
  migrate::Listener listener();
  const std::vector<std::string>& notes() const { return notes_; }
  void ran(const std::string& action, const std::vector<migrate::Ran>& ran);

 private:
  void on(const migrate::Event& event);
  void show(const std::string& text);

  cli::Context& context_;
  std::unique_ptr<Progress> progress_;
  std::vector<std::string> notes_;
  std::vector<migrate::Event> done_;
  std::string step_, last_waiting_;
  int waits_ = 0;
};

int show_status(cli::Context& context, const migrate::State& state);
int show_verify(cli::Context& context, const migrate::State& state, const std::optional<proof::HistoryReport>& proof,
                const std::vector<std::string>& notes);
int show_remedies(cli::Context& context, const migrate::State& state);
int show_dry_run(cli::Context& context, const std::vector<migrate::Planned>& planned);
int show_done(cli::Context& context, const std::string& action, const std::vector<std::string>& lines,
              const std::vector<std::string>& notes);
// "12 ms", "3.4 s", "2 min 5 s"
std::string duration(long long ms);

}  // namespace pga::app
