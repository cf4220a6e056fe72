// Forms that add, change, drop or move what has rows (src/plan/online): old.sql and new.sql into a plan, up with rows and with
// writers at work, down. Judges: pg_dump (13 to 15), the rows themselves, positions of sequences, files of tables.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "base/quote.h"
#include "base/text.h"
#include "pairs/pair_runner.h"
#include "postgres/catalog.h"
#include "schema/kind.h"
#include "support.h"

namespace pga {
namespace {

using postgres::Connection;
using testing::first_differences;

struct Case {
  const char* name;
  int since;
  const char* base;
  const char* from;
  const char* to;
  const char* rows;
  const char* same;
  const char* keeps_file;
};

constexpr Case kCases[] = {
#include "online_data_cases.inc"
};

// One value a line.
std::string answer(Connection& db, const std::string& sql) {
  auto rows = db.query(sql);
  if (!rows) return "ERROR " + to_text(rows.error());
  std::string out;
  for (int r = 0; r < rows->size(); ++r) {
    for (int c = 0; c < rows->columns(); ++c)
      out += (c > 0 ? "|" : "") + (rows->is_null(r, c) ? "NULL" : std::string(rows->text(r, c)));
    out += "\n";
  }
  return out;
}

// Every row of every table, columns by name, and the position of every sequence; not ours.
std::string contents(Connection& db) {
  auto tables = db.query(
      "SELECT c.oid::regclass::text, c.relkind, (SELECT string_agg('t.' || quote_ident(a.attname), ', ' ORDER BY a.attname) FROM "
      "pg_attribute a "
      "WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) FROM pg_class c JOIN pg_namespace n ON n.oid = "
      "c.relnamespace "
      "WHERE c.relkind IN ('r', 'S') AND n.nspname !~ '^pg_|^information_schema|^pgarchitect' ORDER BY 1");
  if (!tables) return to_text(tables.error());
  std::string out;
  for (int r = 0; r < tables->size(); ++r) {
    const std::string name(tables->text(r, 0));
    out += name + ":\n";
    if (tables->text(r, 1) == "S") {
      out += answer(db, "SELECT last_value, is_called FROM " + name);
    } else {
      out += answer(db, "SELECT ROW(" + std::string(tables->text(r, 2)) + ")::text FROM ONLY " + name + " AS t ORDER BY 1");
    }
  }
  return out;
}

std::string files(Connection& db, const std::string& tables) {
  std::string out;
  for (const auto& table : split(tables, ',')) {
    if (!table.empty()) out += answer(db, "SELECT pg_relation_filenode(" + literal(table) + ")");
  }
  return out;
}

// As the runner does it: a short lock_timeout around strong locks, tried again; batches outside a transaction.
Status run(Connection& db, const plan::Script& script) {
  PGA_CHECK(db.execute("SET client_min_messages = warning"));
  for (const auto& section : script) {
    const bool locks = std::ranges::any_of(section.steps, [](const plan::Step& step) { return step.strong_lock; });
    for (int attempt = 0;; ++attempt) {
      Error error;
      if (section.transactional) PGA_CHECK(db.execute(locks ? "BEGIN; SET LOCAL lock_timeout = '100ms'" : "BEGIN"));
      for (const auto& step : section.steps) {
        if (auto done = db.execute(step.sql); !done) {
          error = done.error();
          error.detail += "\n" + step.sql;
          break;
        }
      }
      if (section.transactional) PGA_CHECK(db.execute(error.message.empty() ? "COMMIT" : "ROLLBACK"));
      if (error.message.empty()) break;
      if (error.sqlstate != "55P03" || attempt > 100) return fail(error);
    }
  }
  return {};
}

// PGA_CASE=name runs one case and shows its script.
std::string wanted_case() {
  const char* name = std::getenv("PGA_CASE");
  return name == nullptr ? "" : name;
}

std::vector<const Case*> cases_for(int major) {
  std::vector<const Case*> out;
  for (const auto& one : kCases) {
    if (one.since <= major && (wanted_case().empty() || wanted_case() == one.name)) out.push_back(&one);
  }
  return out;
}

// All cases in one database, each in a schema of its own: a database for each of hundreds would take hours.
std::string script(const std::vector<const Case*>& cases, const char* Case::*part) {
  std::string out;
  for (const Case* one : cases) {
    const std::string schema = std::string("\"") + one->name + "\"";
    out += "CREATE SCHEMA " + schema + "; SET search_path = " + schema + ";\n" + one->base + "\n" + one->*part + ";\n";
  }
  return out;
}

struct Pair {
  source::Loaded from, to;
  proof::MadePlan made;
};

Result<Pair> prepare(postgres::Server& server, const std::vector<const Case*>& cases, bool online) {
  Pair out;
  PGA_TRY(out.from, testing::load_text(server, script(cases, &Case::from), "old.sql"));
  PGA_TRY(out.to, testing::load_text(server, script(cases, &Case::to), "new.sql"));
  proof::PlanRequest request;
  request.options.online = online;
  PGA_TRY(out.made, proof::make_plan(server, out.from, out.to, request));
  return out;
}

// Lines that only one of the two has, with the heading that they stand under.
std::string line_differences(const std::string& ours, const std::string& theirs) {
  const auto headed = [](const std::string& text) {
    std::vector<std::string> out;
    std::string heading;
    for (const auto& line : split(text, '\n')) {
      if (line.ends_with(":")) heading = line;
      out.push_back(heading + " " + line);
    }
    std::ranges::sort(out);
    return out;
  };
  const auto left = headed(ours), right = headed(theirs);
  std::vector<std::string> more, less;
  std::ranges::set_difference(left, right, std::back_inserter(more));
  std::ranges::set_difference(right, left, std::back_inserter(less));
  std::string out;
  for (size_t i = 0; i < std::min<size_t>(20, more.size()); ++i) out += "has:   " + more[i] + "\n";
  for (size_t i = 0; i < std::min<size_t>(20, less.size()); ++i) out += "wants: " + less[i] + "\n";
  return out;
}

std::vector<std::string> answers(Connection& db, const std::vector<const Case*>& cases, bool of_files) {
  std::vector<std::string> out;
  for (const Case* one : cases) {
    EXPECT_TRUE(db.execute("SET search_path = \"" + std::string(one->name) + "\""));
    out.push_back(of_files ? files(db, one->keeps_file) : answer(db, one->same));
  }
  EXPECT_TRUE(db.execute("RESET search_path"));
  return out;
}

void expect_like(postgres::Server& server, const std::string& database, const source::Loaded& wanted, const char* which) {
  const auto ours = testing::pg_dump(server, database), theirs = testing::pg_dump(server, wanted.database);
  if (ours && !testing::same_but_for_order(*ours, *theirs))
    ADD_FAILURE() << which << " leads elsewhere\n" << first_differences(*ours, *theirs);
  if (ours) return;
  // No pg_dump of this major: nothing is left to change.
  source::Loaded now;
  {
    auto connection = Connection::open(server.url(database));
    ASSERT_TRUE(connection) << to_text(connection.error());
    postgres::ReadOptions options;
    options.default_owner = server.superuser();
    auto model = postgres::read_catalog(*connection, options);
    ASSERT_TRUE(model) << to_text(model.error());
    now.model = std::move(*model);
    now.database = database;
  }
  auto again = proof::make_plan(server, now, wanted, {.options = {}, .renames = {}, .trial = false});
  ASSERT_TRUE(again) << to_text(again.error());
  EXPECT_TRUE(again->plan.empty()) << which << " leads elsewhere\n" << testing::script_text(again->plan.up);
}

void there_and_back(postgres::Server& server, bool online) {
  const auto cases = cases_for(server.major());
  auto pair = prepare(server, cases, online);
  ASSERT_TRUE(pair) << to_text(pair.error());
  if (!wanted_case().empty()) {
    std::printf("-- UP\n%s-- DOWN\n%s", testing::script_text(pair->made.plan.up).c_str(),
                testing::script_text(pair->made.plan.down).c_str());
  }
  auto copy = server.create_database(pair->from.database);
  ASSERT_TRUE(copy) << to_text(copy.error());
  std::string before;
  {
    auto db = Connection::open(server.url(*copy));
    ASSERT_TRUE(db);
    for (const Case* one : cases) {
      auto filled = db->execute("SET search_path = \"" + std::string(one->name) + "\";" + one->rows);
      ASSERT_TRUE(filled) << one->name << ": " << to_text(filled.error());
    }
    ASSERT_TRUE(db->execute("RESET search_path"));
    before = contents(*db);
    const auto same = answers(*db, cases, false), old_files = answers(*db, cases, true);
    auto up = run(*db, pair->made.plan.up);
    ASSERT_TRUE(up) << "up: " << to_text(up.error());
    const auto same_now = answers(*db, cases, false), files_now = answers(*db, cases, true);
    for (size_t i = 0; i < cases.size(); ++i) {
      if (same[i] != same_now[i])
        ADD_FAILURE() << cases[i]->name << ": rows after up\n" << line_differences(same_now[i], same[i]);
      if (online && old_files[i] != files_now[i]) ADD_FAILURE() << cases[i]->name << ": a table was written anew";
    }
  }
  expect_like(server, *copy, pair->to, "up");
  {
    auto db = Connection::open(server.url(*copy));
    ASSERT_TRUE(db);
    auto down = run(*db, pair->made.plan.down);
    ASSERT_TRUE(down) << "down: " << to_text(down.error());
    const std::string after = contents(*db);
    if (after != before) ADD_FAILURE() << "rows after down\n" << line_differences(after, before);
    EXPECT_EQ(
        answer(
            *db,
            "SELECT nspname, (SELECT string_agg(relname, ', ') FROM pg_class c WHERE c.relnamespace = n.oid) FROM pg_namespace n "
            "WHERE nspname LIKE 'pgarchitect%'"),
        "")
        << "something is left behind";
  }
  expect_like(server, *copy, pair->from, "down");
  for (const auto& name : {*copy, pair->from.database, pair->to.database}) (void)server.drop_database(name);
}

class OnlineData : public ::testing::TestWithParam<int> {};

TEST_P(OnlineData, ThereAndBack) {
  auto* server = testing::server(GetParam());
  if (server == nullptr) GTEST_SKIP() << "no PostgreSQL " << GetParam();
  there_and_back(*server, true);
}

TEST_P(OnlineData, ThereAndBackOffline) {
  auto* server = testing::server(GetParam());
  if (server == nullptr) GTEST_SKIP() << "no PostgreSQL " << GetParam();
  there_and_back(*server, false);
}

INSTANTIATE_TEST_SUITE_P(Majors, OnlineData, ::testing::Values(13, 15, 18));

}  // namespace
}  // namespace pga
