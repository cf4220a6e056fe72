#include "base/json.h"
#include "cli/app/app.h"
#include "cli/app/prepare.h"
#include "cli/app/prove_history.h"
#include "cli/errors.h"
#include "migrate/operations.h"
#include "proof/report.h"

namespace pga::app {
namespace {

Result<int> prove_folder(cli::Context& context, const ProveOptions& options) {
  PGA_TRY(auto migrations, migrate::read_folder(options.from, ""));
  const auto items = history_items(std::move(migrations));
  Session session(context);
  PGA_CHECK(session.add("empty:"));
  PGA_TRY(const auto report, prove_items(context, session, items, ""));
  if (context.options.json) {
    Json json;
    proof::history_json(report, json);
    context.out.print(json.take());
  } else {
    proof::history_text(report, context.out);
  }
  return report.failed() ? static_cast<int>(cli::exit_proof) : static_cast<int>(cli::exit_ok);
}

}  // namespace

Result<int> prove(cli::Context& context, const ProveOptions& options) {
  if (options.to.empty()) return prove_folder(context, options);
  Session session(context);
  PGA_CHECK(session.add(options.from));
  PGA_CHECK(session.add(options.to));
  PrepareOptions wanted;
  wanted.plan.online = !options.offline;
  wanted.renames = options.renames;
  wanted.without_extensions = options.without_extensions;
  wanted.workload = options.workload;
  PGA_TRY(auto prepared, prepare(context, session, wanted));
  PlanResult& result = prepared.result;
  if (context.options.json) {
    plan_json(context.out, result);
  } else {
    if (result.report) {
      proof::report_text(*result.report, context.out);
    } else {
      context.out.line("nothing to prove: the two schemas are the same");
    }
    context.notes(result.notes);
  }
  const bool wrong = result.report && !result.report->proven();
  return wrong ? static_cast<int>(cli::exit_proof) : static_cast<int>(cli::exit_ok);
}

}  // namespace pga::app
