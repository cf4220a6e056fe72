#include <ctime>
#include <filesystem>

#include "base/text.h"
#include "cli/app/app.h"
#include "cli/app/prepare.h"
#include "cli/errors.h"
#include "migrate/format.h"
#include "postgres/catalog.h"
#include "proof/phases.h"
#include "proof/report.h"
#include "seed/fill.h"

namespace pga::app {
namespace {

Result<const migrate::Format*> choose_format(const PlanOptions& options) {
  if (!options.format.empty()) {
    const auto* format = migrate::find_format(options.format);
    if (format == nullptr)
      return fail("usage", "there is no format named '" + options.format + "'", "pgarchitect formats lists them");
    return format;
  }
  if (const auto* found = migrate::detect_format(options.output)) return found;
  return migrate::find_format("pgarchitect");
}

std::string header_of(const PlanResult& result) {
  if (result.report) return proof::report_header(*result.report);
  return "not proven: --no-proof";
}

void remove_all(const std::vector<std::string>& files) {
  std::error_code ignored;
  for (const auto& file : files) std::filesystem::remove(file, ignored);
}

}  // namespace

Result<std::vector<std::string>> write_files(const PlanOptions& options, const PlanResult& result) {
  std::error_code failed;
  std::filesystem::create_directories(options.output, failed);
  if (failed)
    return fail("cannot-write", "the folder " + options.output + " cannot be made: " + failed.message(),
                "choose another with -o");
  PGA_TRY(const auto* format, choose_format(options));
  auto parts = result.split.parts;
  if (parts.empty()) parts.push_back({{}, result.made.plan.up, result.made.plan.down});
  migrate::WriteOptions write;
  write.overwrite = options.force;
  std::vector<std::string> files;
  for (const auto& part : parts) {
    migrate::Migration migration;
    PGA_TRY(migration.version, format->next_version(options.output, [] { return static_cast<int64_t>(std::time(nullptr)); }));
    const std::string phase = parts.size() < 2 ? "" : " " + std::string(plan::to_text(part.phase));
    migration.name = migrate::file_name_of((options.name.empty() ? "migration" : options.name) + phase);
    migration.up = part.up;
    migration.down = part.down;
    migration.has_down = true;
    migration.proof_header = header_of(result);
    auto written = format->write(migration, options.output, write);
    if (!written) {
      remove_all(files);
      return fail(written.error());
    }
    files.insert(files.end(), written->begin(), written->end());
  }
  return files;
}

namespace {

// The parts are proven whether the plan is or not: without that nobody knows that each goes back alone.
Status split(cli::Context& context, Session& session, Prepared& prepared, const PrepareOptions& options) {
  if (prepared.result.made.plan.empty()) return {};
  PGA_TRY(auto* server, session.server());
  Progress progress(context.err);
  progress.show("dividing the plan into its phases");
  proof::PlanRequest request;
  request.options = options.plan;
  request.chosen = prepared.result.made.renames;
  proof::HistoryOptions history;
  history.fill = [](postgres::Connection& connection) -> Status {
    PGA_TRY(const auto model, postgres::read_catalog(connection));
    PGA_TRY(const auto filled, seed::fill(connection, model, {.rows = 5}));
    (void)filled;
    return {};
  };
  PGA_TRY(prepared.result.split,
          proof::split_phases(*server, prepared.from, prepared.to, prepared.result.made, request, history));
  progress.clear();
  auto& notes = prepared.result.notes;
  notes.insert(notes.end(), prepared.result.split.notes.begin(), prepared.result.split.notes.end());
  return {};
}

}  // namespace

Result<int> plan(cli::Context& context, const PlanOptions& options) {
  Session session(context);
  PGA_CHECK(session.add(options.from));
  PGA_CHECK(session.add(options.to));
  PGA_TRY(const auto allowed, parse_allowed(options.allow));
  PrepareOptions wanted;
  wanted.plan.online = !options.offline;
  wanted.plan.discard = options.discard;
  if (!options.name.empty()) wanted.plan.name = options.name;
  wanted.renames = options.renames;
  wanted.without_extensions = options.without_extensions;
  wanted.workload = options.workload;
  wanted.proof = options.proof;
  PGA_TRY(auto prepared, prepare(context, session, wanted));
  PlanResult& result = prepared.result;
  if (options.split_phases) PGA_CHECK(split(context, session, prepared, wanted));
  const bool wrong = (result.report && !result.report->proven()) || result.split.proof.failed();
  const bool write = !options.output.empty() && !result.made.plan.empty() && (!wrong || options.force);
  if (write) {
    if (auto permitted = permit(context, result.made.plan.up, allowed); !permitted) {
      if (!context.options.json) plan_text(context.out, result);
      return fail(permitted.error());
    }
    PGA_TRY(result.files, write_files(options, result));
  }
  if (context.options.json) {
    plan_json(context.out, result);
  } else {
    plan_text(context.out, result);
    for (const auto& file : result.files) context.out.line(context.out.paint(Style::green, "wrote ") + file);
    context.notes(result.notes);
    if (wrong)
      context.err.line(
          context.err.paint(Style::red, options.output.empty() ? "the proof failed"
                                        : write                ? "the proof failed; written because of --force"
                                                : "the proof failed; nothing was written (--force writes all the same)"));
  }
  return wrong ? static_cast<int>(cli::exit_proof) : static_cast<int>(cli::exit_ok);
}

}  // namespace pga::app
