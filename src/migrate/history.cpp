#include "migrate/history.h"

#include <algorithm>

#include "base/quote.h"
#include "base/text.h"
#include "migrate/format.h"
#include "migrate_embedded.h"

namespace pga::migrate {
namespace {
namespace sql = embedded::migrate;
constexpr int kLayout = 1;
constexpr const char* kTool = "pgarchitect " PGA_VERSION;

std::string down_text(const Migration& migration) {
  return migration.has_down ? script_to_sql(migration.down, {}) : std::string();
}
postgres::Param optional_text(std::string text) {
  return text.empty() ? postgres::Param() : postgres::Param(std::move(text));
}

Status check_layout(postgres::Connection& connection, bool& exists) {
  PGA_TRY(const auto present, connection.query(sql::history_present));
  exists = present.flag(0, 1);
  if (!exists) return {};
  PGA_TRY(const auto layout, connection.query("SELECT layout FROM pgarchitect.runner"));
  if (layout.size() == 1 && layout.integer(0, 0) > kLayout) {
    return fail("history-too-new", "the history of this database was written by a newer pgarchitect", "use the newer one");
  }
  return {};
}

Applied applied_of(const postgres::Rows& rows, int r) {
  const auto text = [&](const char* name) { return std::string(rows.text(r, rows.column(name))); };
  return {.version = text("version"),
          .name = text("name"),
          .state = text("state"),
          .up_checksum = text("up_checksum"),
          .down_checksum = text("down_checksum"),
          .down_script = text("down_script"),
          .has_down = !rows.is_null(r, rows.column("down_script")),
          .doing = text("doing"),
          .started = text("started"),
          .finished = text("finished"),
          .took_ms = rows.integer(r, rows.column("took_ms")),
          .who = text("who"),
          .tool = text("tool")};
}

Status read_journal(postgres::Connection& connection, Recorded& out) {
  PGA_TRY(
      const auto rows,
      connection.query("SELECT j.version, j.direction, j.section, j.step, j.sql_hash FROM pgarchitect.journal j "
                       "JOIN pgarchitect.migration m ON m.version = j.version AND ((m.state = 'applying' AND j.direction = 'up') "
                       "OR (m.state = 'reverting' AND j.direction = 'down')) ORDER BY j.version, j.section, j.step"));
  for (int r = 0; r < rows.size(); ++r) {
    out.journal.push_back({std::string(rows.text(r, 0)), rows.text(r, 1) == "up" ? Direction::up : Direction::down,
                           static_cast<int>(rows.integer(r, 2)), static_cast<int>(rows.integer(r, 3)),
                           std::string(rows.text(r, 4))});
  }
  return {};
}

}  // namespace

std::string_view to_text(Direction direction) {
  return direction == Direction::up ? "up" : "down";
}

const Applied* Recorded::find(std::string_view version) const {
  const auto it = std::ranges::find(migrations, version, &Applied::version);
  return it == migrations.end() ? nullptr : &*it;
}
const Applied* Recorded::unfinished() const {
  const auto it = std::ranges::find_if(migrations, [](const auto& one) { return one.unfinished(); });
  return it == migrations.end() ? nullptr : &*it;
}

Result<Recorded> read_history(postgres::Connection& connection) {
  Recorded out;
  PGA_CHECK(check_layout(connection, out.exists));
  if (!out.exists) return out;
  PGA_TRY(const auto rows, connection.query(sql::history_migrations));
  for (int r = 0; r < rows.size(); ++r) out.migrations.push_back(applied_of(rows, r));
  PGA_CHECK(read_journal(connection, out));
  PGA_TRY(const auto expected, connection.query("SELECT scale, objects FROM pgarchitect.expected"));
  if (expected.size() == 1) {
    out.expected = fingerprint_from_lines(expected.text(0, 1));
    out.expected->scale = expected.text(0, 0);
  }
  return out;
}

Status create_history(postgres::Connection& connection) {
  bool exists = false;
  PGA_CHECK(check_layout(connection, exists));
  if (exists) return {};
  const auto made = connection.execute(sql::history_create);
  (void)connection.take_notices();
  if (made) return {};
  Error error = made.error();
  if (error.code == "connection-lost") return fail(std::move(error));
  error.code = "no-history";
  error.message = "the schema pgarchitect, where the history is kept, cannot be made: " + error.message;
  error.hint = "GRANT CREATE ON DATABASE … to this role, or run the first migration as the owner of the database";
  return fail(std::move(error));
}

std::string down_checksum(const Migration& migration) {
  return migration.has_down ? sha256_hex(down_text(migration)) : std::string();
}

std::string sql_hash(std::string_view text) {
  return sha256_hex(text).substr(0, 20);
}

std::string bind(std::string_view text, const std::vector<postgres::Param>& values) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    // Comment lines are left out: a value with a line end must not land in one.
    if ((i == 0 || text[i - 1] == '\n') && text.substr(i).starts_with("--")) i = std::min(text.find('\n', i), text.size() - 1);
    if (text[i] != '$') {
      out += text[i];
      continue;
    }
    const size_t number = static_cast<size_t>(text[++i] - '0');
    PGA_ASSERT(number >= 1 && number <= values.size());
    const auto& value = values[number - 1];
    out += value ? literal(*value) : "NULL";
  }
  return out;
}

namespace history_sql {

std::string begin(const Migration& m, const std::string& who, long long token) {
  return bind(sql::history_begin, {m.version, m.name, m.checksum, optional_text(down_checksum(m)),
                                   m.has_down ? postgres::Param(down_text(m)) : std::nullopt, who, kTool, std::to_string(token)});
}

std::string baseline(const Migration& m, const std::string& who, long long token) {
  return bind(sql::history_baseline,
              {m.version, m.name, m.checksum, optional_text(down_checksum(m)),
               m.has_down ? postgres::Param(down_text(m)) : std::nullopt, who, kTool, std::to_string(token)});
}

std::string journal(const JournalEntry& entry, long long token) {
  return bind(sql::history_journal, {entry.version, std::string(to_text(entry.direction)), std::to_string(entry.section),
                                     std::to_string(entry.step), entry.sql_hash, std::to_string(token)});
}

std::string state(const std::string& version, std::string_view to) {
  return bind(
      "UPDATE pgarchitect.migration SET state = $2, doing = NULL, started_at = pg_catalog.clock_timestamp(), finished_at = NULL "
      "WHERE version = $1",
      {version, std::string(to)});
}

std::string doing(const std::string& version, const std::string& what) {
  return bind("UPDATE pgarchitect.migration SET doing = $2 WHERE version = $1", {version, optional_text(what)});
}

std::string expected(const Fingerprint& fingerprint) {
  return bind(sql::history_expected, {fingerprint.scale, fingerprint.hash(), to_lines(fingerprint)});
}

std::string finish(const std::string& version, Direction direction, const std::string& fingerprint) {
  return direction == Direction::up ? bind(sql::history_finish_up, {version, fingerprint})
                                    : bind(sql::history_finish_down, {version});
}

std::string log(std::string_view what, const std::string& version, const std::string& who, long long token) {
  return bind(sql::history_log, {std::string(what), optional_text(version), who, kTool, std::to_string(token)});
}

std::string forget(const std::string& version) {
  return bind(sql::history_finish_down, {version});
}

std::string checksums(const Migration& m) {
  return bind(
      "UPDATE pgarchitect.migration SET up_checksum = $2, down_checksum = $3, down_script = $4 WHERE version = $1",
      {m.version, m.checksum, optional_text(down_checksum(m)), m.has_down ? postgres::Param(down_text(m)) : std::nullopt});
}

}  // namespace history_sql
}  // namespace pga::migrate
