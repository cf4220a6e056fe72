#include "migrate/resume.h"

#include "migrate_embedded.h"
#include "postgres/catalog.h"

namespace pga::migrate {
namespace {
namespace sql = embedded::migrate;

postgres::Param name(const std::string& text) {
  return text.empty() ? postgres::Param() : postgres::Param(text);
}

std::string drop(std::string_view index) {
  return "DROP INDEX CONCURRENTLY IF EXISTS " + std::string(index);
}

Result<Found> created(Session& session, const Statement& statement) {
  if (statement.index.empty()) return Found{.outcome = Outcome::unknown};
  PGA_TRY(const auto rows, session.connection().query(bind(sql::resume_index_state, {statement.index, name(statement.table)})));
  if (rows.size() == 0) return Found{};
  if (rows.flag(0, 1)) return Found{.outcome = Outcome::done};
  if (rows.flag(0, 2)) return Found{.outcome = Outcome::running};
  return Found{.cleanup = {drop(rows.text(0, 0))}};
}

Result<Found> reindexed(Session& session, const Statement& statement) {
  PGA_TRY(const auto rows,
          session.connection().query(bind(sql::resume_leftovers, {name(statement.index), name(statement.table)})));
  Found out;
  for (int r = 0; r < rows.size(); ++r) out.cleanup.push_back(drop(rows.text(r, 0)));
  return out;
}

Result<Found> detached(Session& session, const Statement& statement) {
  const auto query = postgres::expand_query(sql::resume_detach, session.connection().major(), "");
  PGA_TRY(const auto rows, session.connection().query(bind(query, {statement.table, statement.partition})));
  if (rows.size() == 0) return Found{.outcome = Outcome::done};
  if (!rows.flag(0, 0)) return Found{};
  return Found{.outcome = Outcome::finish,
               .finish = "ALTER TABLE " + statement.table + " DETACH PARTITION " + statement.partition + " FINALIZE"};
}

}  // namespace

Result<Found> look_back(Session& session, const Statement& statement, const plan::Step& step) {
  switch (statement.nature) {
    case Nature::create_index:
      return created(session, statement);
    case Nature::reindex:
      return reindexed(session, statement);
    case Nature::detach:
      return detached(session, statement);
    case Nature::drop_index: {
      PGA_TRY(const auto rows, session.connection().query(bind("SELECT pg_catalog.to_regclass($1) IS NULL", {statement.index})));
      return Found{.outcome = rows.flag(0, 0) ? Outcome::done : Outcome::not_done};
    }
    case Nature::block:
    case Nature::alone:
      return Found{.outcome = step.batched ? Outcome::not_done : Outcome::unknown};
    default:
      return Found{};  // may be run again
  }
}

Result<Found> look_before(Session& session, const Statement& statement) {
  if (statement.nature != Nature::create_index || statement.index.empty()) return Found{};
  PGA_TRY(auto found, created(session, statement));
  if (found.outcome == Outcome::done) found.outcome = Outcome::not_done;  // not ours: the server shall say so
  return found;
}

}  // namespace pga::migrate
