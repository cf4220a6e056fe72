#include <algorithm>
#include <charconv>
#include <iostream>

#include "base/quote.h"
#include "base/text.h"
#include "cli/app/migrate_view.h"
#include "cli/app/prove_history.h"
#include "cli/errors.h"

namespace pga::app {
namespace {

// What --allow of migrate takes: names of hazards, and consents that only the runner knows.
struct Allowed {
  migrate::Consents consents;
  std::vector<plan::Hazard> hazards;
  bool all = false;
  bool has(plan::Hazard hazard) const { return all || std::ranges::find(hazards, hazard) != hazards.end(); }
};

Result<Allowed> allowed_of(const std::vector<std::string>& lists) {
  Allowed out;
  for (const auto& list : lists) {
    for (const auto& part : split(list, ',')) {
      const std::string name(trim(part));
      plan::Hazard hazard{};
      if (name == "all")
        out.all = true;
      else if (name == "drift")
        out.consents.drift = true;
      else if (name == "out-of-order")
        out.consents.out_of_order = true;
      else if (name == "missing-file")
        out.consents.missing_file = true;
      else if (plan::parse_hazard(name, hazard))
        out.hazards.push_back(hazard);
      else
        return fail("usage", "--allow knows no '" + comment_safe(name) + "'",
                    "hazards (pgarchitect hazards), all, or: drift, out-of-order, missing-file");
    }
  }
  return out;
}

// "200ms", "5s", "2min"; a bare number is milliseconds, as PostgreSQL reads it.
Result<int> milliseconds(const std::string& text, const char* option) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit = trim(std::string_view(end, static_cast<size_t>(text.data() + text.size() - end)));
  const long long factor = unit.empty() || unit == "ms" ? 1
                           : unit == "s"                ? 1000
                           : unit == "min"              ? 60000
                           : unit == "h"                ? 3600000
                                                        : 0;
  const long long value = number * factor;
  if (error != std::errc() || factor == 0 || number < 0 || value > 2147483647)
    return fail("usage", std::string(option) + " is no time: " + text, "write for example 500ms, 5s or 2min");
  return static_cast<int>(value);
}

Result<std::optional<size_t>> count_of(const std::string& text) {
  if (text.empty()) return std::optional<size_t>();
  size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number == 0)
    return fail("usage", "'" + comment_safe(text) + "' is no number of migrations",
                "for a version: pgarchitect migrate to VERSION");
  return std::optional<size_t>(number);
}

Result<migrate::RunOptions> run_options(const MigrateOptions& options, const Allowed& allowed) {
  migrate::RunOptions out;
  out.consents = allowed.consents;
  if (!options.lock_timeout.empty()) {
    PGA_TRY(out.lock_timeout_ms, milliseconds(options.lock_timeout, "--lock-timeout"));
  }
  if (!options.statement_timeout.empty()) {
    PGA_TRY(const int ms, milliseconds(options.statement_timeout, "--statement-timeout"));
    out.statement_timeout = std::to_string(ms);
  }
  if (!options.wait.empty()) {
    PGA_TRY(out.lock.wait_ms, milliseconds(options.wait, "--wait"));
  }
  if (!options.lock_tries.empty()) {
    PGA_TRY(const auto tries, count_of(options.lock_tries));
    out.lock_tries = static_cast<int>(std::min<size_t>(tries.value_or(1), 10000));
  }
  return out;
}

// Going up was permitted when the file was planned and reviewed. Going down may lose what was written since.
Status consent(cli::Context& context, const Allowed& allowed, const std::vector<migrate::Planned>& planned) {
  std::vector<std::string> losses;
  for (const auto& one : planned) {
    if (one.direction == migrate::Direction::up) continue;
    for (const auto hazard : one.hazards) {
      const bool asks = hazard == plan::Hazard::data_loss || hazard == plan::Hazard::not_reversible;
      if (asks && !allowed.has(hazard)) losses.push_back(one.version + " down: " + std::string(plan::to_text(hazard)));
    }
  }
  if (losses.empty()) return {};
  if (context.may_ask()) {
    for (const auto& loss : losses) context.err.line("  " + context.err.paint(Style::yellow, loss));
    context.err.print("Rows or values will be gone. Go on? [y/N] ");
    context.err.flush();
    std::string answer;
    std::getline(std::cin, answer);
    if (to_lower(trim(answer)) == "y" || to_lower(trim(answer)) == "yes") return {};
  }
  Error error{.code = "hazard-not-allowed", .message = "taking this back loses rows or values, and that was not permitted"};
  error.detail = join(losses, "\n");
  error.hint = "look with --dry-run; permit it with --allow data-loss (or all)";
  return fail(std::move(error));
}

Result<migrate::Wish> wish_of(const MigrateOptions& options) {
  migrate::Wish out;
  if (options.action == "to") {
    if (options.target.empty())
      return fail("usage", "migrate to needs a version", "pgarchitect migrate to VERSION; 0 takes all back");
    out.action = migrate::Action::to;
    out.version = options.target;
    return out;
  }
  out.action = options.action == "up"     ? migrate::Action::up
               : options.action == "down" ? migrate::Action::down
                                          : migrate::Action::redo;
  if (out.action == migrate::Action::redo && !options.target.empty())
    return fail("usage", "migrate redo takes no argument", "it takes the last migration back and runs it again");
  PGA_TRY(out.count, count_of(options.target));
  return out;
}

Result<int> run(cli::Context& context, const MigrateOptions& options, const Allowed& allowed, const migrate::RunOptions& run,
                const std::vector<migrate::Migration>& files) {
  PGA_TRY(const auto wish, wish_of(options));
  if (options.dry_run) {
    PGA_TRY(const auto planned, migrate::dry_run(options.db, files, wish, run));
    return show_dry_run(context, planned);
  }
  MigrateView view(context);
  const migrate::Hooks hooks{view.listener(), [&](const auto& planned) { return consent(context, allowed, planned); }};
  PGA_TRY(const auto ran, migrate::apply(options.db, files, wish, run, hooks));
  view.ran(options.action, ran);
  return cli::exit_ok;
}

// What is pending, run on a twin of the live schema: up, and each down one by one. nullopt: nothing to prove, or it could not be;
// then a note says why.
Result<std::optional<proof::HistoryReport>> prove_pending(cli::Context& context, const MigrateOptions& options,
                                                          const migrate::State& state, std::vector<std::string>& notes) {
  std::optional<proof::HistoryReport> none;
  std::vector<migrate::Migration> pending;
  for (const auto& entry : state.survey.entries) {
    if (entry.standing == migrate::Standing::pending) pending.push_back(*entry.file);
  }
  if (pending.empty() || !options.proof) return none;
  if (!state.problems.empty() || state.survey.unfinished() != nullptr) {
    notes.emplace_back("what is pending was not proven: first mend what is wrong");
    return none;
  }
  Session session(context);
  PGA_CHECK(session.add(options.db));
  const auto server = session.server();
  if (!server && server.error().code == "no-server-programs") {
    notes.push_back("what is pending was not proven: " + server.error().message);
    return none;
  }
  PGA_TRY(const auto twin, session.load(0, {}));
  notes.insert(notes.end(), twin.notes.begin(), twin.notes.end());
  for (const auto& left_out : twin.model.unmodelled) notes.push_back("the twin lacks " + left_out + ", which is not understood");
  PGA_TRY(auto report, prove_items(context, session, history_items(std::move(pending)), twin.database));
  return std::optional<proof::HistoryReport>(std::move(report));
}

Result<int> look(cli::Context& context, const MigrateOptions& options, const migrate::RunOptions& run,
                 const std::vector<migrate::Migration>& files) {
  PGA_TRY(const auto state, migrate::inspect_database(options.db, files, run.consents, options.action != "status"));
  if (options.action == "status") return show_status(context, *state);
  if (options.action == "repair") return show_remedies(context, *state);
  std::vector<std::string> notes;
  if (state->recorded.expected && !state->drift_known && state->survey.unfinished() == nullptr)
    notes.emplace_back("the last fingerprint was made by another version of pgarchitect or PostgreSQL: drift was not looked for");
  PGA_TRY(const auto proof, prove_pending(context, options, *state, notes));
  return show_verify(context, *state, proof, notes);
}

}  // namespace

Result<int> migrate(cli::Context& context, const MigrateOptions& options) {
  PGA_TRY(const auto allowed, allowed_of(options.allow));
  PGA_TRY(const auto run_with, run_options(options, allowed));
  PGA_TRY(const auto files, migrate::read_folder(options.dir, options.format));
  const auto& action = options.action;
  if (action == "up" || action == "down" || action == "to" || action == "redo")
    return run(context, options, allowed, run_with, files);
  if (action == "status" || action == "verify" || (action == "repair" && options.target.empty()))
    return look(context, options, run_with, files);
  if (options.dry_run)
    return fail("usage", "--dry-run goes with up, down, to and redo", "pgarchitect migrate repair shows, and changes nothing");
  if (action == "baseline" && options.target.empty())
    return fail("usage", "migrate baseline needs a version", "pgarchitect migrate baseline VERSION");
  MigrateView view(context);
  const migrate::Hooks hooks{view.listener(), {}};
  if (action == "baseline") {
    PGA_TRY(const auto marked, migrate::baseline(options.db, files, options.target, run_with, hooks));
    std::vector<std::string> lines;
    for (const auto& version : marked) lines.push_back("marked as done: " + version);
    if (lines.empty()) lines.emplace_back("nothing to mark: all of them are in the history");
    return show_done(context, action, lines, view.notes());
  }
  PGA_TRY(const auto done, migrate::repair(options.db, files, options.target, run_with, hooks));
  return show_done(context, action, done, view.notes());
}

}  // namespace pga::app
