#include "cli/app/prepare.h"

#include <algorithm>
#include <array>
#include <iostream>

#include "base/quote.h"
#include "base/text.h"
#include "cli/app/render.h"
#include "migrate/format.h"
#include "proof/concerned.h"
#include "proof/pipeline.h"
#include "proof/prove.h"
#include "proof/rows_for_both.h"
#include "schema/kind.h"
#include "sql/split.h"

namespace pga::app {
namespace {

constexpr std::array kAllHazards = {plan::Hazard::data_loss,   plan::Hazard::strong_lock, plan::Hazard::table_rewrite,
                                    plan::Hazard::long_scan,   plan::Hazard::index_build, plan::Hazard::breaks_dependents,
                                    plan::Hazard::data_change, plan::Hazard::privileges,  plan::Hazard::not_reversible};

// Each candidate with its evidence; what is answered with yes becomes a rename.
Status ask_renames(cli::Context& context, postgres::Server& server, Prepared& prepared, proof::PlanRequest& request) {
  if (!context.may_ask()) return {};
  PGA_TRY(const auto found, proof::find_renames(server, prepared.from, prepared.to, request));
  for (const auto& candidate : found.candidates) {
    const std::string answer =
        ask(context, diff::to_text(candidate.rename) + ": is that a rename? (" + join(candidate.evidence, ", ") + ") [y/N] ");
    if (starts_with_nocase(answer, "y")) request.chosen.push_back(candidate.rename);
  }
  return {};
}

proof::Renames renames_for_rows(const std::vector<diff::Rename>& renames) {
  proof::Renames out;
  std::map<std::string, std::string> tables;
  for (const auto& rename : renames) {
    if (rename.from.kind == schema::KindId::table)
      tables[ident({rename.from.path[0], rename.from.path[1]})] = ident({rename.to.path[0], rename.to.path[1]});
  }
  for (const auto& [from, to] : tables) out[from] = to;
  for (const auto& rename : renames) {
    if (rename.from.kind != schema::KindId::column) continue;
    const std::string table = ident({rename.from.path[0], rename.from.path[1]});
    const auto it = tables.find(table);
    out[table + "." + ident(rename.from.path[2])] = (it == tables.end() ? table : it->second) + "." + ident(rename.to.path[2]);
  }
  return out;
}

void add_notes(std::vector<std::string>& to, const std::vector<std::string>& more) {
  for (const auto& note : more) {
    if (std::ranges::find(to, note) == to.end()) to.push_back(note);
  }
}

Status refuse_unmodelled(const source::Loaded& side) {
  if (side.model.unmodelled.empty()) return {};
  return fail("unmodelled",
              "these objects are of a kind that pgarchitect does not understand, so it would lose them: " +
                  join(side.model.unmodelled, ", "),
              "leave them out of the schemas that you give, or report the kind");
}

// From this size on only the part that the change concerns is built on the private server.
constexpr size_t kLarge = 3000;  // objects

Status build(postgres::Server& server, source::Loaded& side) {
  PGA_TRY(side.database, server.create_database());
  PGA_TRY(auto connection, postgres::Connection::open(server.url(side.database)));
  return proof::build_schema(side.model, connection);
}

// Both sides reduced and built, or nothing when that is not worth it or cannot be done. Returns what to say of it.
Result<std::string> reduce(postgres::Server& server, Prepared& prepared) {
  if (std::max(prepared.from.model.objects.size(), prepared.to.model.objects.size()) < kLarge) return std::string();
  auto part = proof::concerned(prepared.from.model, prepared.to.model);
  if (!part || part->objects * 2 > part->of) return std::string();
  source::Loaded from = prepared.from, to = prepared.to;
  from.model = std::move(part->from);
  to.model = std::move(part->to);
  from.model.index();
  to.model.index();
  for (auto* side : {&from, &to}) {
    if (!build(server, *side)) return std::string();  // it leans on something that no catalog tells: the whole, then
  }
  prepared.from = std::move(from);
  prepared.to = std::move(to);
  return "the " + std::to_string(part->objects) + " of " + std::to_string(part->of) + " objects that the change concerns";
}

// Both sides; what is only read so far (live databases) is built on the private server.
Result<std::string> load_both(Session& session, const PrepareOptions& options, Progress& progress, Prepared& out) {
  source::LoadOptions load;
  load.without_extensions = options.without_extensions;
  progress.show("reading the schemas");
  PGA_CHECK(session.load_models(load, out.from, out.to));
  PGA_CHECK(refuse_unmodelled(out.from));
  PGA_CHECK(refuse_unmodelled(out.to));
  PGA_TRY(auto* server, session.server());
  progress.show("building them on a private server");
  std::string scope;
  if (options.workload.empty()) {
    PGA_TRY(scope, reduce(*server, out));
  }
  for (auto* side : {&out.from, &out.to}) {
    if (side->database.empty()) PGA_CHECK(build(*server, *side));
  }
  return scope;
}

}  // namespace

std::string ask(cli::Context& context, const std::string& question) {
  context.err.print(question);
  context.err.flush();
  std::string line;
  if (!std::getline(std::cin, line)) return {};
  return std::string(trim(line));
}

Result<std::vector<std::string>> read_workload(const std::string& path) {
  std::vector<std::string> out;
  if (path.empty()) return out;
  PGA_TRY(const auto text, migrate::read_text(path));
  PGA_TRY(const auto script, sql::split(text, path));
  for (const auto& item : script.items) {
    if (item.type == sql::ItemType::statement) out.emplace_back(item.text);
  }
  return out;
}

Result<std::vector<plan::Hazard>> parse_allowed(const std::vector<std::string>& texts) {
  std::vector<plan::Hazard> out;
  for (const auto& text : texts) {
    for (const auto& part : split(text, ',')) {
      const auto name = trim(part);
      if (name.empty()) continue;
      if (name == "all") return std::vector<plan::Hazard>(kAllHazards.begin(), kAllHazards.end());
      plan::Hazard hazard{};
      if (!plan::parse_hazard(name, hazard)) {
        return fail("usage", "there is no hazard named '" + std::string(name) + "'", "pgarchitect hazards lists them");
      }
      out.push_back(hazard);
    }
  }
  return out;
}

Status permit(cli::Context& context, const plan::Script& script, const std::vector<plan::Hazard>& allowed) {
  const auto missing = not_permitted(script, allowed);
  if (missing.empty()) return {};
  std::vector<std::string> names;
  for (const auto hazard : plan::hazards_of(script)) {
    if (std::ranges::find(allowed, hazard) == allowed.end()) names.emplace_back(plan::to_text(hazard));
  }
  if (context.may_ask()) {
    context.err.line();
    for (const auto& line : missing) context.err.line("  " + context.err.paint(Style::yellow, line));
    if (starts_with_nocase(ask(context, "Permit this? [y/N] "), "y")) return {};
  }
  Error error;
  error.code = "hazard-not-allowed";
  error.message = "the migration does what must be permitted by name: " + join(names, ", ");
  error.hint = "when that is meant, say --allow " + join(names, ",");
  error.detail = join(missing, "\n");
  return fail(std::move(error));
}

namespace {

// Behind what expands, before what contracts.
void add_data(const std::vector<plan::Step>& steps, plan::Plan& plan) {
  if (steps.empty()) return;
  plan::Section section;
  section.phase = plan::Phase::migrate_data;
  section.why = "rows change once what they need is there";
  section.steps = steps;
  const auto at = std::ranges::find_if(plan.up, [](const plan::Section& s) { return s.phase == plan::Phase::contract; });
  plan.up.insert(at, std::move(section));
}

}  // namespace

Status plan_and_prove(cli::Context& context, postgres::Server& server, const PrepareOptions& options, const std::string& scope,
                      Prepared& out) {
  PGA_TRY(const auto workload, read_workload(options.workload));
  Progress progress(context.err);
  proof::PlanRequest request;
  request.options = options.plan;
  request.renames = options.renames;
  PGA_CHECK(ask_renames(context, server, out, request));
  progress.show("planning");
  PGA_TRY(out.result.made, proof::make_plan(server, out.from, out.to, request));
  add_data(options.data, out.result.made.plan);
  if (!scope.empty()) out.result.notes.push_back("the plan was tried and proven on " + scope + ", not on the rest");
  add_notes(out.result.notes, out.from.notes);
  add_notes(out.result.notes, out.to.notes);
  add_notes(out.result.notes, out.result.made.plan.notes);
  for (const auto& candidate : out.result.made.candidates) {
    out.result.notes.push_back("taken as a drop and a creation, but it may be a rename: " + diff::to_text(candidate.rename) +
                               " (" + join(candidate.evidence, ", ") + "); say it with --rename");
  }
  if (!options.proof || out.result.made.plan.empty()) return {};
  progress.show("proving: up, down and up again on a private server");
  proof::Options prove;
  prove.workload = workload;
  prove.renames = renames_for_rows(out.result.made.renames);
  prove.fill = [&](postgres::Connection& connection) {
    return proof::fill_for_both(server, connection, out.from, out.to, out.result.made);
  };
  PGA_TRY(out.result.report, proof::prove(server, out.from.database, out.to.database, out.result.made.plan, prove));
  out.result.report->scope = scope;
  return {};
}

Result<Prepared> prepare(cli::Context& context, Session& session, const PrepareOptions& options) {
  Prepared out;
  std::string scope;
  {
    Progress progress(context.err);
    PGA_TRY(scope, load_both(session, options, progress, out));
  }
  PGA_TRY(auto* server, session.server());
  PGA_CHECK(plan_and_prove(context, *server, options, scope, out));
  return out;
}

}  // namespace pga::app
