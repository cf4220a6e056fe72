// What plan and prove share: both sides loaded, renames asked for, the plan made, the proof run.
#pragma once
#include "cli/app/app.h"
#include "cli/app/plan_output.h"
#include "cli/app/session.h"

namespace pga::app {

struct Prepared {
  source::Loaded from, to;
  PlanResult result;
};

struct PrepareOptions {
  plan::Options plan;
  std::vector<std::string> renames;
  std::vector<std::string> without_extensions;
  std::string workload;  // file; "": none
  bool proof = true;
  std::vector<plan::Step> data;  // rows that have to change: a section of its own behind the expanding ones
};

// One migration, or one a phase; all of them or none. Of the options: output, format, name, force.
Result<std::vector<std::string>> write_files(const PlanOptions& options, const PlanResult& result);
// Of two sides that are loaded and built: the plan and its proof, into out.result. `scope`: Report::scope.
Status plan_and_prove(cli::Context& context, postgres::Server& server, const PrepareOptions& options, const std::string& scope,
                      Prepared& out);
Result<Prepared> prepare(cli::Context& context, Session& session, const PrepareOptions& options);
// "data-loss,strong-lock", "all". Errors: usage, naming the nearest hazard.
Result<std::vector<plan::Hazard>> parse_allowed(const std::vector<std::string>& texts);
// Errors: hazard-not-allowed (exit 5), unless they are permitted, or somebody on the terminal says yes.
Status permit(cli::Context& context, const plan::Script& script, const std::vector<plan::Hazard>& allowed);
// A line from the terminal; "" at its end.
std::string ask(cli::Context& context, const std::string& question);
Result<std::vector<std::string>> read_workload(const std::string& path);

}  // namespace pga::app
