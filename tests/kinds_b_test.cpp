// Functions, views, triggers, rules, policies, statistics, publications, subscriptions, default privileges: what PostgreSQL has
// after psql loaded a fixture, and what it has after our own statements made from the catalog, must be the same: for pg_dump
// (13 to 15) and for a second reading of the catalog (every major).
#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.h"
#include "kinds_harness.h"

namespace pga {
namespace {

using postgres::Connection;
using schema::Id;
using schema::Statements;
using testing::append;
using testing::expect_lines;
using testing::expect_same;
using testing::Fixture;
using testing::Pair;
using testing::plan;
using testing::read;
using testing::remove;
using testing::run;

// What the objects stand on; in both databases.
constexpr const char* kPrelude =
#include "kinds_b_prelude.inc"
    ;

constexpr const char* kTriggerFunction =
    "CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';";

constexpr Fixture kFixtures[] = {
#include "kinds_b_fixtures.inc"
};

constexpr Pair kPairs[] = {
#include "kinds_b_pairs.inc"
};

// Every fixture at once in one database: created, compared, dropped again.
TEST(KindsB, CreateAndDrop) {
  for (const int major : testing::majors()) {
    SCOPED_TRACE(major);
    auto& server = *testing::server(major);
    std::string sql = kPrelude + std::string(kTriggerFunction) + "\n";
    for (const auto& fixture : kFixtures) {
      if (fixture.since <= major) sql += std::string("-- ") + fixture.name + "\n" + fixture.sql + "\n";
    }
    const std::string wanted = testing::database(server, sql);
    const std::string made = testing::database(server, kPrelude);
    if (HasFailure()) return;  // a fixture does not load
    auto target = read(server, wanted), start = read(server, made);
    ASSERT_TRUE(target) << to_text(target.error());
    ASSERT_TRUE(start) << to_text(start.error());
    run(server, made, plan(*start, *target));
    expect_same(server, made, wanted);
    auto now = read(server, made);
    ASSERT_TRUE(now);
    run(server, made, plan(*now, *start));
    const std::string empty = testing::database(server, kPrelude);
    expect_same(server, made, empty);
    for (const auto& name : {wanted, made, empty}) remove(server, name);
  }
}

// The number of a pair's schema: all pairs live in one database, each in a schema of its own, so that a run takes few databases.
std::string in_schema(std::string sql, size_t number) {
  const std::string name = "p" + std::to_string(number);
  sql = replace_all(std::move(sql), "app.", name + ".");
  return replace_all(std::move(sql), "SCHEMA app", "SCHEMA " + name);
}

std::string pairs_sql(int major, bool newer) {
  std::string sql;
  for (size_t i = 0; const auto& pair : kPairs) {
    ++i;
    if (pair.since > major) continue;
    std::string one = kPrelude + std::string(kTriggerFunction) + "\n" + pair.base + "\n" + (newer ? pair.to : pair.from) + "\n";
    one = replace_all(std::move(one), "CREATE SCHEMA \"Odd Schema\";", "");
    one = replace_all(std::move(one), "\"Odd Schema\"", "app.");
    sql += in_schema(replace_all(std::move(one), "app..", "app."), i);
  }
  return sql;
}

// Both directions: what is in place one way may need a new object the other way.
TEST(KindsB, Alter) {
  for (const int major : testing::majors()) {
    auto& server = *testing::server(major);
    for (const bool forward : {true, false}) {
      SCOPED_TRACE(std::to_string(major) + (forward ? "" : " (back)"));
      const std::string made = testing::database(server, pairs_sql(major, !forward));
      const std::string wanted = testing::database(server, pairs_sql(major, forward));
      if (HasFailure()) return;
      auto from = read(server, made), to = read(server, wanted);
      ASSERT_TRUE(from) << to_text(from.error());
      ASSERT_TRUE(to) << to_text(to.error());
      std::vector<Id> recreated;
      run(server, made, plan(*from, *to, &recreated));
      expect_same(server, made, wanted);
      for (size_t i = 0; const auto& pair : kPairs) {
        ++i;
        if (pair.since > major || !forward) continue;
        const bool anew = std::ranges::any_of(recreated, [&](const Id& id) {
          if (id.path.size() == 1) return std::string(pair.from).find(id.name()) != std::string::npos;  // in no schema
          return std::ranges::any_of(id.path, [&](const std::string& part) { return part == "p" + std::to_string(i); });
        });
        EXPECT_EQ(anew, !pair.in_place) << pair.name << " (schema p" << i << ")";
      }
      remove(server, made);
      remove(server, wanted);
    }
  }
}

// A database whose default privileges give every new object more (and less) than PostgreSQL does by itself.
TEST(KindsB, CreateUnderDefaultPrivileges) {
  const std::string defaults =
      "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC; ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO "
      "kb_reader;"
      "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT EXECUTE ON FUNCTIONS TO PUBLIC, \"kb Writer|x\";"
      "ALTER DEFAULT PRIVILEGES GRANT SELECT, UPDATE ON TABLES TO kb_reader;"
      "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO kb_reader WITH GRANT OPTION;"
      "ALTER DEFAULT PRIVILEGES IN SCHEMA \"Odd Schema\" GRANT ALL ON TABLES TO PUBLIC;";
  const std::string objects =
      "CREATE FUNCTION app.f() RETURNS integer LANGUAGE sql AS 'SELECT 1';"
      "CREATE FUNCTION app.hidden() RETURNS integer LANGUAGE sql AS 'SELECT 1'; REVOKE ALL ON FUNCTION app.hidden FROM PUBLIC;"
      "CREATE FUNCTION \"Odd Schema\".f() RETURNS integer LANGUAGE sql AS 'SELECT 1';"
      "CREATE VIEW app.v AS SELECT id FROM app.users; GRANT SELECT, INSERT ON app.v TO kb_reader;"
      "CREATE VIEW app.plain AS SELECT id FROM app.users; CREATE VIEW \"Odd Schema\".v AS SELECT id FROM app.users;"
      "CREATE MATERIALIZED VIEW app.m AS SELECT id FROM app.users; REVOKE ALL ON app.m FROM CURRENT_USER;";
  for (const int major : testing::majors()) {
    SCOPED_TRACE(major);
    auto& server = *testing::server(major);
    const std::string wanted = testing::database(server, kPrelude + objects + defaults);
    const std::string made = testing::database(server, kPrelude + defaults);
    auto target = read(server, wanted), start = read(server, made);
    ASSERT_TRUE(target) << to_text(target.error());
    ASSERT_TRUE(start) << to_text(start.error());
    run(server, made, plan(*start, *target));
    expect_same(server, made, wanted);
    remove(server, wanted);
    remove(server, made);
  }
}

// What a cycle needs: the placeholder first, then the whole, without a drop in between.
TEST(KindsB, ShellsAreReplaced) {
  for (const int major : testing::majors()) {
    SCOPED_TRACE(major);
    auto& server = *testing::server(major);
    // A view that names itself through a function's argument type, and a function whose SQL body reads that view.
    std::string sql = std::string(kPrelude) +
                      "CREATE VIEW app.v WITH (security_barrier) AS SELECT id, name COLLATE \"POSIX\" AS \"Name\" FROM app.users;"
                      "CREATE FUNCTION app.f(app.v) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';"
                      "CREATE OR REPLACE VIEW app.v WITH (security_barrier) AS SELECT id, name COLLATE \"POSIX\" AS \"Name\" "
                      "FROM app.users WHERE app.f(ROW(id, name)) > 0;"
                      "CREATE VIEW app.no_columns AS SELECT;";
    if (major >= 14) {
      sql +=
          "CREATE FUNCTION app.g(a integer DEFAULT 1) RETURNS bigint LANGUAGE sql RETURN 1;"
          "CREATE VIEW app.w AS SELECT app.g(1) AS n;"
          "CREATE OR REPLACE FUNCTION app.g(a integer DEFAULT 1) RETURNS bigint LANGUAGE sql RETURN (SELECT count(*) FROM "
          "app.w);";
    }
    const std::string wanted = testing::database(server, sql), made = testing::database(server, kPrelude);
    auto target = read(server, wanted), start = read(server, made);
    ASSERT_TRUE(target) << to_text(target.error());
    ASSERT_TRUE(start) << to_text(start.error());
    Statements shells, wholes;
    for (const auto kind : {schema::KindId::view, schema::KindId::function}) {
      for (const auto& [id, object] : target->objects) {
        if (id.kind != kind) continue;
        append(shells, schema::kind_of(kind).shell(object));
        append(wholes, schema::kind_of(kind).create(object, *target));
      }
    }
    EXPECT_EQ(shells.size(), major >= 14 ? 4U : 2U);
    std::ranges::reverse(wholes);  // functions first: f needs the row type of v
    append(shells, wholes);
    run(server, made, shells);
    expect_same(server, made, wanted);
    remove(server, wanted);
    remove(server, made);
  }
}

TEST(KindsB, Rename) {
  for (const int major : testing::majors()) {
    SCOPED_TRACE(major);
    auto& server = *testing::server(major);
    const auto script = [](const std::string& to) {
      return kPrelude + std::string(kTriggerFunction) +
             replace_all(
                 "CREATE VIEW app.NAME AS SELECT id FROM app.users; CREATE MATERIALIZED VIEW app.m_NAME AS SELECT id FROM "
                 "app.users;"
                 "CREATE FUNCTION app.NAME(integer, text) RETURNS integer LANGUAGE sql AS 'SELECT 1';"
                 "CREATE PROCEDURE app.p_NAME(INOUT integer) LANGUAGE plpgsql AS 'BEGIN END';"
                 "CREATE TRIGGER NAME BEFORE INSERT ON app.users FOR EACH ROW EXECUTE FUNCTION app.touch();"
                 "CREATE RULE NAME AS ON DELETE TO app.users DO INSTEAD NOTHING; CREATE POLICY NAME ON app.users;"
                 "CREATE STATISTICS app.NAME ON id, age FROM app.users; CREATE PUBLICATION NAME;",
                 "NAME", to);
    };
    const std::string made = testing::database(server, script("old")), wanted = testing::database(server, script("renamed"));
    auto from = read(server, made), to = read(server, wanted);
    ASSERT_TRUE(from) << to_text(from.error());
    ASSERT_TRUE(to) << to_text(to.error());
    Statements renames;
    for (const auto& [id, object] : from->objects) {
      Id renamed = id;
      bool changed = false;
      for (size_t i = 0; i < renamed.path.size(); ++i) {
        changed = changed || renamed.path[i].find("old") != std::string::npos;
        renamed.path.set(i, replace_all(renamed.path[i], "old", "renamed"));
      }
      if (!changed) continue;
      const auto rename = schema::kind_of(id.kind).rename(object, renamed, *from);
      ASSERT_TRUE(rename) << schema::to_text(id);
      renames.push_back(*rename);
    }
    EXPECT_EQ(renames.size(), 9U);
    run(server, made, renames);
    expect_same(server, made, wanted);
    remove(server, wanted);
    remove(server, made);
  }
}

// The catalogs must be readable by a role that has no rights at all; 13 hides most of pg_subscription from it.
TEST(KindsB, ReadAsOrdinaryRole) {
  for (const int major : testing::majors()) {
    SCOPED_TRACE(major);
    auto& server = *testing::server(major);
    std::string sql = kPrelude + std::string(kTriggerFunction) + "\n";
    for (const auto& fixture : kFixtures) {
      if (fixture.since <= major) sql += std::string(fixture.sql) + "\n";
    }
    const std::string name = testing::database(server, sql);
    auto whole = read(server, name);
    ASSERT_TRUE(whole) << to_text(whole.error());
    auto connection = Connection::open(server.url(name));
    ASSERT_TRUE(connection);
    ASSERT_TRUE(connection->execute("SET SESSION AUTHORIZATION kb_reader"));
    const auto seen = postgres::read_catalog(*connection);
    ASSERT_TRUE(seen) << to_text(seen.error());
    expect_lines(testing::text_of(*seen), testing::text_of(*whole), "an ordinary role");
    connection = Connection::open(server.url("postgres"));  // lets go of the database
    EXPECT_NE(std::ranges::find(whole->roles, "kb Writer|x"), whole->roles.end());
    remove(server, name);
  }
}

}  // namespace
}  // namespace pga
