#include "migrate/roll_back.h"

#include <algorithm>

#include "base/text.h"
#include "migrate/format.h"
#include "postgres/catalog.h"
#include "sql/lexer.h"

namespace pga::migrate {
namespace {

// What down says of things that up did not come to make.
bool is_missing(const Error& error) {
  constexpr std::string_view kMissing[] = {"42P01", "42703", "42704", "42883", "3F000", "42P07", "42701", "42710", "42723"};
  return std::ranges::find(kMissing, error.sqlstate) != std::end(kMissing);
}

// The same without CONCURRENTLY, which no transaction takes.
std::string in_transaction(const std::string& sql) {
  if (statement_of(sql).nature == Nature::plain) return sql;
  std::string out = sql;
  const auto all = sql::words(sql, 16);
  for (auto it = all.rbegin(); it != all.rend(); ++it)
    if (it->is("concurrently")) out.erase(it->begin, it->end - it->begin);
  return out;
}

Status drop_invalid_indexes(Session& session, const Task& up) {
  for (const auto& section : up.script) {
    for (const auto& step : section.steps) {
      PGA_TRY(const auto found, look_before(session, statement_of(step.sql)));
      for (const auto& sql : found.cleanup) PGA_CHECK(session.execute(sql));
    }
  }
  return {};
}

Status undo(Session& session, const plan::Script& down) {
  for (const auto& section : down) {
    for (const auto& step : section.steps) {
      PGA_CHECK(session.execute("SAVEPOINT pgarchitect_undo"));
      const Status done = session.execute(in_transaction(step.sql));
      if (done) continue;
      if (!is_missing(done.error())) return done;
      PGA_CHECK(session.connection().execute("ROLLBACK TO SAVEPOINT pgarchitect_undo"));
    }
  }
  return {};
}

Status compare(Session& session, const Fingerprint& expected) {
  PGA_TRY(const auto model, postgres::read_catalog(session.connection()));
  const auto lines = differences(expected, fingerprint_of(model));
  if (lines.empty()) return {};
  Error error{.code = "roll-back-incomplete", .message = "down does not lead back from here; nothing was changed"};
  error.detail = join(lines, "\n");
  error.hint =
      "finish it with pgarchitect migrate up and then take it back; or undo by hand what is listed, and: "
      "pgarchitect migrate repair mark-pending";
  return fail(std::move(error));
}

}  // namespace

Status roll_back(Runner& runner, const Entry& entry, const Recorded& recorded) {
  const bool has_down = entry.file != nullptr ? entry.file->has_down : entry.applied->has_down;
  if (!has_down)
    return fail("no-down", "migration " + entry.version() + " has no down", "undo it by hand, then: migrate repair mark-pending");
  if (!recorded.expected)
    return fail("roll-back-incomplete", "what the schema was before is not known", "finish it with migrate up");
  const Run up{&entry, Direction::up}, down{&entry, Direction::down};
  auto& session = runner.session();
  if (const auto task = task_of(up, recorded)) PGA_CHECK(drop_invalid_indexes(session, *task));
  PGA_TRY(const auto task, task_of(down, recorded));
  return runner.transaction(
      [&]() -> Status {
        PGA_CHECK(undo(session, task.script));
        PGA_CHECK(compare(session, *recorded.expected));
        PGA_CHECK(session.execute(history_sql::log("roll-back", entry.version(), runner.lock().who(), runner.lock().token())));
        return session.execute(history_sql::forget(entry.version()));
      },
      bind("SELECT NOT EXISTS (SELECT FROM pgarchitect.migration WHERE version = $1)", {entry.version()}), true, task.planned);
}

}  // namespace pga::migrate
