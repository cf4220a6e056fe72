#include "proof/phases.h"

#include <algorithm>

#include "postgres/catalog.h"
#include "proof/clone.h"
#include "proof/execute.h"

namespace pga::proof {
namespace {

Result<source::Loaded> read_state(postgres::Server& server, const std::string& name) {
  source::Loaded out;
  out.database = name;
  PGA_TRY(auto connection, postgres::Connection::open(server.url(name)));
  postgres::ReadOptions options;
  options.default_owner = server.superuser();
  PGA_TRY(out.model, postgres::read_catalog(connection, options));
  close_completely(std::move(connection));
  return out;
}

// Sections in their order: those that expand, and the rest.
std::vector<PhasePart> halves_of(const plan::Script& up) {
  std::vector<PhasePart> out;
  for (const auto& section : up) {
    const auto phase = section.phase == plan::Phase::expand ? plan::Phase::expand : plan::Phase::migrate_data;
    if (out.empty() || phase > out.back().phase) out.push_back({phase, {}, {}});
    out.back().up.push_back(section);
  }
  return out;
}

class Divider {
 public:
  Divider(postgres::Server& server, const source::Loaded& from, const source::Loaded& to, const MadePlan& made,
          const PlanRequest& request)
      : server_(server), from_(from), to_(to), made_(made), request_(request) {}

  Result<PhaseSplit> run(const HistoryOptions& options) {
    auto renames = made_.renames;
    renames.insert(renames.end(), made_.own_renames.begin(), made_.own_renames.end());
    const auto between = additive(from_.model, to_.model, renames);
    PGA_TRY(auto state, Clone::make(server_, ""));
    Status built;
    {
      PGA_TRY(auto connection, state.open());
      built = build_schema(between, connection);
      close_completely(std::move(connection));
    }
    if (!built) return whole("the schema between expand and contract cannot be built: " + built.error().message);
    PGA_TRY(const auto middle, read_state(server_, state.name()));
    auto request = request_;
    request.renames.clear();
    request.chosen.clear();
    PGA_TRY(const auto first, make_plan(server_, from_, middle, request));
    PGA_TRY(const auto last, make_plan(server_, middle, to_, request_));
    if (first.plan.empty()) return whole("nothing can be added before what old code needs changes");
    PGA_CHECK(divide_expand(first.plan));
    if (!last.plan.empty()) out_.parts.push_back({plan::Phase::contract, last.plan.up, last.plan.down});
    if (out_.parts.size() < 2) return whole("it only adds, in one phase");
    return prove(options);
  }

 private:
  Result<PhaseSplit> whole(const std::string& why) {
    PhaseSplit out;
    out.parts.push_back({plan::Phase::expand, made_.plan.up, made_.plan.down});
    out.notes.push_back("--split-phases: the plan stays one migration: " + why);
    return out;
  }

  // The state after the expanding half is one of our own making: where its way back cannot be planned, the halves stay together.
  Status divide_expand(const plan::Plan& plan) {
    auto halves = halves_of(plan.up);
    const auto together = [&] {
      out_.parts.push_back({plan::Phase::expand, plan.up, plan.down});
      return Status{};
    };
    if (halves.size() < 2) return together();
    PGA_TRY(auto half_way, Clone::make(server_, from_.database));
    PGA_CHECK(apply(half_way, halves[0].up));
    PGA_TRY(const auto half, read_state(server_, half_way.name()));
    PGA_TRY(auto end, Clone::make(server_, half_way.name()));
    PGA_CHECK(apply(end, halves[1].up));
    PGA_TRY(const auto whole, read_state(server_, end.name()));
    auto request = request_;
    request.renames.clear();
    request.chosen.clear();
    const auto first = make_plan(server_, from_, half, request);
    const auto second = make_plan(server_, half, whole, request);
    if (!first || !second) return together();
    halves[0].down = first->plan.down;
    halves[1].down = second->plan.down;
    for (auto& part : halves) out_.parts.push_back(std::move(part));
    return {};
  }

  static Status apply(const Clone& clone, const plan::Script& script) {
    PGA_TRY(auto connection, clone.open());
    auto done = execute(connection, script);
    close_completely(std::move(connection));
    if (!done) return fail(done.error());
    return {};
  }

  Result<PhaseSplit> prove(const HistoryOptions& options) {
    std::vector<HistoryItem> items;
    for (const auto& part : out_.parts) items.push_back({std::string(plan::to_text(part.phase)), part.up, part.down});
    auto history = options;
    history.start = from_.database;
    PGA_TRY(out_.proof, prove_history(server_, items, history));
    return std::move(out_);
  }

  postgres::Server& server_;
  const source::Loaded& from_;
  const source::Loaded& to_;
  const MadePlan& made_;
  const PlanRequest& request_;
  PhaseSplit out_;
};

}  // namespace

Result<PhaseSplit> split_phases(postgres::Server& server, const source::Loaded& from, const source::Loaded& to,
                                const MadePlan& made, const PlanRequest& request, const HistoryOptions& options) {
  return Divider(server, from, to, made, request).run(options);
}

}  // namespace pga::proof
