#include "proof/pipeline.h"

#include <algorithm>
#include <optional>

#include "base/quote.h"
#include "postgres/catalog.h"
#include "proof/trial.h"
#include "schema/kind.h"

namespace pga::proof {
namespace {

using postgres::Connection;
using schema::Database;

Result<Database> read(postgres::Server& server, const std::string& database) {
  PGA_TRY(auto connection, Connection::open(server.url(database)));
  postgres::ReadOptions options;
  options.default_owner = server.superuser();
  return postgres::read_catalog(connection, options);
}

// A copy of a database that goes when this goes.
class Copy {
 public:
  static Result<Copy> of(postgres::Server& server, const std::string& database) {
    PGA_TRY(auto name, server.create_database(database));
    return Copy(server, std::move(name));
  }
  Copy(Copy&& other) noexcept : server_(other.server_), name_(std::exchange(other.name_, {})) {}
  Copy& operator=(Copy&&) = delete;
  ~Copy() {
    if (!name_.empty()) (void)server_->drop_database(name_);
  }
  const std::string& name() const { return name_; }

 private:
  Copy(postgres::Server& server, std::string name) : server_(&server), name_(std::move(name)) {}
  postgres::Server* server_;
  std::string name_;
};

plan::Step rename_step(const diff::Rename& rename, const std::string& sql) {
  plan::Step step;
  step.sql = sql;
  step.object = schema::to_text(rename.from);
  step.why = "renamed: " + diff::to_text(rename);
  step.strong_lock = true;
  step.hazards = {plan::Hazard::breaks_dependents};
  return step;
}

struct Renaming {
  std::vector<plan::Step> up, down;  // down in the order in which it runs
  Database model;                    // after the renames
};

// Runs the renames on the copy, so that every expression that names a renamed thing is read back as PostgreSQL then prints it.
Status rename_all(const std::vector<diff::Rename>& renames, bool lossless, postgres::Server& server, const std::string& copy,
                  Renaming& out) {
  if (renames.empty()) return {};
  PGA_TRY(auto connection, Connection::open(server.url(copy)));
  for (const auto& rename : renames) {
    PGA_TRY(const auto both, rename_statements(rename, out.model));
    PGA_CHECK(connection.execute(both.first));
    auto up = rename_step(rename, both.first);
    auto down = rename_step(rename, both.second);
    if (lossless) up.hazards = down.hazards = {};
    up.why = "renamed: " + diff::to_text(rename);
    down.why = "the old name again: " + diff::to_text(rename);
    out.up.push_back(std::move(up));
    out.down.insert(out.down.begin(), std::move(down));
  }
  PGA_TRY(out.model, read(server, copy));
  return {};
}

plan::Section rename_section(std::vector<plan::Step> steps, plan::Phase phase) {
  plan::Section section;
  section.phase = phase;
  section.why = "renames lock for an instant";
  section.steps = std::move(steps);
  return section;
}

struct Side {
  const Database& from;
  const Database& to;
  const std::string& database;  // holds `from`
};

// The plain statements, run and watched on a copy, tell what each costs.
Result<std::map<schema::Id, plan::Facts>> observe_plain(postgres::Server& server, const Side& side,
                                                        const plan::Options& options) {
  plan::Options plain = options;
  plain.online = false;
  plain.discard = true;
  std::map<schema::Id, plan::Facts> known;  // columns whose type has no cast to the new one: planned again without
  for (;;) {
    plan::Situation situation{side.from, side.to, plain};
    if (!known.empty()) situation.facts = &known;
    PGA_TRY(const auto direction, plan::plan_direction(situation));
    if (direction.script.empty()) return known;
    PGA_TRY(const auto copy, Copy::of(server, side.database));
    PGA_TRY(auto connection, Connection::open(server.url(copy.name())));
    std::optional<schema::Id> no_cast;
    auto facts = try_script(connection, direction.script, direction.ids, no_cast);
    if (no_cast && known.try_emplace(*no_cast, plan::Facts{.no_cast = true}).second) continue;
    if (!facts) return facts;
    for (const auto& [id, fact] : known) (*facts)[id].no_cast = fact.no_cast;
    return facts;
  }
}

}  // namespace

namespace {

// The origin after the renames: the model, and the copy that it was read from.
struct Renamed {
  MadePlan made;
  Renaming renaming;
  std::optional<Copy> copy;
  std::string database;
};

Result<Renamed> apply_renames(postgres::Server& server, const source::Loaded& from, const source::Loaded& to,
                              const PlanRequest& request) {
  Renamed out;
  std::vector<std::string> wished = request.renames;
  // A hint in the desired SQL holds for as long as there is something to rename.
  for (const auto& hint : to.rename_hints) {
    if (diff::parse_renames({hint}, from.model, to.model)) wished.push_back(hint);
  }
  PGA_TRY(out.made.renames, diff::parse_renames(wished, from.model, to.model));
  for (const auto& chosen : request.chosen) {
    if (std::ranges::find(out.made.renames, chosen) == out.made.renames.end()) out.made.renames.push_back(chosen);
  }
  std::ranges::stable_sort(out.made.renames, {}, [](const diff::Rename& r) { return r.from.kind == schema::KindId::table; });
  out.renaming.model = from.model;
  out.renaming.model.index();
  out.database = from.database;
  const auto run = [&](const std::vector<diff::Rename>& renames, bool lossless) -> Status {
    if (renames.empty()) return {};
    if (!out.copy) {
      PGA_TRY(auto copy, Copy::of(server, from.database));
      out.copy.emplace(std::move(copy));
      out.database = out.copy->name();
    }
    return rename_all(renames, lossless, server, out.database, out.renaming);
  };
  PGA_CHECK(run(out.made.renames, false));
  for (int round = 0; round < 8; ++round) {  // an index of a partition is known again only when its parent has its new name
    const auto more = diff::lossless_renames(out.renaming.model, to.model);
    if (more.empty()) break;
    PGA_CHECK(run(more, true));
    out.made.own_renames.insert(out.made.own_renames.end(), more.begin(), more.end());
  }
  out.made.candidates = diff::rename_candidates(out.renaming.model, to.model);
  return out;
}

}  // namespace

Result<MadePlan> find_renames(postgres::Server& server, const source::Loaded& from, const source::Loaded& to,
                              const PlanRequest& request) {
  PGA_TRY(auto renamed, apply_renames(server, from, to, request));
  renamed.made.origin = std::move(renamed.renaming.model);
  return std::move(renamed.made);
}

Result<MadePlan> make_plan(postgres::Server& server, const source::Loaded& from, const source::Loaded& to,
                           const PlanRequest& request) {
  PGA_TRY(auto renamed, apply_renames(server, from, to, request));
  MadePlan& out = renamed.made;
  const Database& origin = renamed.renaming.model;
  std::map<schema::Id, plan::Facts> up_facts, down_facts;
  if (request.trial) {
    PGA_TRY(up_facts, observe_plain(server, {origin, to.model, renamed.database}, request.options));
    PGA_TRY(down_facts, observe_plain(server, {to.model, origin, to.database}, request.options));
  }
  plan::Situation up_situation{origin, to.model, request.options};
  if (request.trial) up_situation.facts = &up_facts;
  PGA_TRY(auto up, plan::plan_direction(up_situation));
  plan::Situation down_situation{to.model, origin, request.options};
  down_situation.down = true;
  down_situation.kept = up.kept;
  if (request.trial) down_situation.facts = &down_facts;
  PGA_TRY(auto down, plan::plan_direction(down_situation));

  auto& renaming = renamed.renaming;
  if (!renaming.up.empty()) out.plan.up.push_back(rename_section(std::move(renaming.up), plan::Phase::expand));
  std::ranges::move(up.script, std::back_inserter(out.plan.up));
  std::ranges::move(down.script, std::back_inserter(out.plan.down));
  if (!renaming.down.empty()) out.plan.down.push_back(rename_section(std::move(renaming.down), plan::Phase::contract));
  out.plan.notes = std::move(up.notes);
  out.origin = std::move(renaming.model);
  return std::move(out);
}

Status build_schema(const Database& model, postgres::Connection& connection) {
  PGA_TRY(const auto empty, postgres::read_catalog(connection));
  for (const auto& role : model.roles) {
    PGA_TRY(const auto found, connection.query("SELECT FROM pg_catalog.pg_roles WHERE rolname = $1", {role}));
    if (found.size() == 0) PGA_CHECK(connection.execute("CREATE ROLE " + ident(role)));
  }
  PGA_TRY(const auto blocks, plan::describe_schema(empty, model));
  PGA_CHECK(connection.execute("SET check_function_bodies = off; SET client_min_messages = warning"));
  std::string batch;
  for (const auto& block : blocks) {
    for (const auto& statement : block.statements) batch += statement + ";\n";
  }
  if (auto done = connection.execute("BEGIN;\n" + batch + "COMMIT"); done) return {};
  (void)connection.execute("ROLLBACK");
  for (const auto& block : blocks) {  // again one by one: for what cannot stand in a transaction, and to name what fails
    for (const auto& statement : block.statements) PGA_CHECK(connection.execute(statement));
  }
  return {};
}

}  // namespace pga::proof
