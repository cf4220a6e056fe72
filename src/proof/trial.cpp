#include "proof/trial.h"

#include "base/quote.h"
#include "proof/observe.h"
#include "schema/kind.h"

namespace pga::proof {
namespace {

void merge(plan::Facts& into, const StatementFacts& facts) {
  into.rewrites = into.rewrites || facts.rewrites();
  into.rebuilds_indexes = into.rebuilds_indexes || facts.rebuilds_indexes();
  into.scans = into.scans || facts.scans();
  if (const auto lock = facts.strongest_lock(); lock_rank(lock) > lock_rank(into.strongest_lock)) into.strongest_lock = lock;
}

Error refused(Error error, const plan::Step& step) {
  error.code = "trial-failed";
  error.message = "the server refused a statement of the plan for " + step.object + ": " + error.message;
  error.detail = step.sql + (error.detail.empty() ? "" : "\n" + error.detail);
  if (error.hint.empty())
    error.hint = "this is a mistake of pgarchitect unless the schemas themselves are at fault: please report it";
  return error;
}

bool lacks_cast(const Error& error, const schema::Id& id) {
  return id.kind == schema::KindId::column && error.sqlstate == "42846";  // cannot_coerce
}

}  // namespace

Result<std::map<schema::Id, plan::Facts>> try_script(postgres::Connection& connection, const plan::Script& script,
                                                     const std::vector<std::vector<schema::Id>>& ids,
                                                     std::optional<schema::Id>& no_cast) {
  std::map<schema::Id, plan::Facts> out;
  PGA_CHECK(connection.execute(
      "SET client_min_messages = warning; SET check_function_bodies = off; SET max_parallel_maintenance_workers = 0"));
  PGA_TRY(auto observer, Observer::open(connection));
  for (size_t s = 0; s < script.size(); ++s) {
    for (size_t i = 0; i < script[s].steps.size(); ++i) {
      const auto& step = script[s].steps[i];
      if (step.object == "session") continue;
      auto& facts = out[ids[s][i]];
      if (!script[s].transactional) {
        if (auto done = connection.execute(step.sql); !done) return fail(refused(done.error(), step));
        continue;
      }
      auto seen = observer.run(step.sql);
      if (!seen && lacks_cast(seen.error(), ids[s][i])) no_cast = ids[s][i];
      if (!seen) return fail(refused(seen.error(), step));
      merge(facts, *seen);
    }
  }
  return out;
}

Result<std::pair<std::string, std::string>> rename_statements(const diff::Rename& rename, const schema::Database& model) {
  const auto& kind = schema::kind_of(rename.from.kind);
  const schema::Object* object = model.find(rename.from);
  if (object == nullptr) return fail("unknown-rename", schema::to_text(rename.from) + " does not exist");
  if (!rename.old_value.empty() || !rename.new_value.empty()) {
    const std::string alter = "ALTER TYPE " + kind.address(*object) + " RENAME VALUE ";
    return std::pair(alter + literal(rename.old_value) + " TO " + literal(rename.new_value),
                     alter + literal(rename.new_value) + " TO " + literal(rename.old_value));
  }
  schema::Object renamed = *object;
  renamed.id = rename.to;
  const auto up = kind.rename(*object, rename.to, model);
  const auto down = kind.rename(renamed, rename.from, model);
  if (!up || !down) return fail("unknown-rename", "a " + std::string(kind.slug()) + " cannot be renamed");
  return std::pair(up->sql, down->sql);
}

}  // namespace pga::proof
