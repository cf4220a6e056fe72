// Enums, composites, domains, ranges, base types, collations, conversions, languages, access methods: what PostgreSQL has after
// psql loaded a fixture, and what it has after our own statements made from the catalog, must be the same for pg_dump (where it
// is at hand) and for a second reading of the catalog, on every major. Where a type changes, the rows that columns hold must be
// those that PostgreSQL has when the new schema is filled directly.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "base/quote.h"
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

constexpr const char* kRoles = R"(
DO $$BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kt_reader') THEN
    CREATE ROLE kt_reader; CREATE ROLE "kt Writer|x"; CREATE ROLE kt_owner SUPERUSER;
  END IF;
END$$;
)";
constexpr const char* kSchemas = "CREATE SCHEMA app; CREATE SCHEMA \"Odd Schema\";\n";

constexpr Fixture kFixtures[] = {
#include "kinds_types_fixtures.inc"
};

constexpr Pair kPairs[] = {
#include "kinds_types_pairs.inc"
};

std::string fixtures_sql(int major) {
  std::string sql = std::string(kRoles) + kSchemas;
  for (const auto& fixture : kFixtures) {
    if (fixture.since <= major) sql += std::string("-- ") + fixture.name + "\n" + fixture.sql + "\n";
  }
  return sql;
}

// The rows of every table of a schema as PostgreSQL prints them: the outside judge of "rows are kept".
std::string rows_of(postgres::Server& server, const std::string& database, const std::string& schema) {
  auto connection = Connection::open(server.url(database));
  if (!connection) return to_text(connection.error());
  const auto tables = connection->query(
      "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relnamespace = to_regnamespace($1) AND c.relkind IN ('r', 'p') ORDER "
      "BY 1",
      {schema});
  if (!tables) return to_text(tables.error());
  std::string out;
  for (int r = 0; r < tables->size(); ++r) {
    const std::string table(tables->text(r, 0));
    const auto rows = connection->query("SELECT string_agg(t::text, E'\\n' ORDER BY t::text) FROM " + table + " t");
    out += table + ":\n" + (rows ? std::string(rows->text(0, 0)) : to_text(rows.error())) + "\n";
  }
  return out;
}

TEST(KindsTypes, CreateAndDrop) {
  for (const int major : testing::majors()) {
    SCOPED_TRACE(major);
    auto& server = *testing::server(major);
    const std::string wanted = testing::database(server, fixtures_sql(major));
    const std::string made = testing::database(server, std::string(kRoles) + kSchemas);
    if (HasFailure()) return;  // a fixture does not load
    auto target = read(server, wanted), start = read(server, made);
    ASSERT_TRUE(target) << to_text(target.error());
    ASSERT_TRUE(start) << to_text(start.error());
    EXPECT_EQ(join(target->unmodelled, "\n"), "");
    run(server, made, plan(*start, *target));
    expect_same(server, made, wanted);
    auto now = read(server, made);
    ASSERT_TRUE(now);
    run(server, made, plan(*now, *start));
    const std::string empty = testing::database(server, kSchemas);
    expect_same(server, made, empty);
    for (const auto& name : {wanted, made, empty}) remove(server, name);
  }
}

// All pairs live in one database, each in a schema of its own, so that a run takes few databases.
std::string pairs_sql(int major, bool newer) {
  std::string sql = std::string(kRoles);
  for (size_t i = 0; const auto& pair : kPairs) {
    ++i;
    if (pair.since > major) continue;
    const std::string one = std::string("CREATE SCHEMA app;\n") + pair.base + "\n" + (newer ? pair.to : pair.from) + "\n";
    const std::string name = "p" + std::to_string(i);
    sql += replace_all(replace_all(one, "app.", name + "."), "SCHEMA app", "SCHEMA " + name);
  }
  return sql;
}

void expect_rows(postgres::Server& server, int major, bool forward, const std::string& made, const std::string& wanted) {
  for (size_t i = 0; const auto& pair : kPairs) {
    ++i;
    if (pair.since > major || (!forward && std::string(pair.name).starts_with("lossy"))) continue;
    const std::string schema = "p" + std::to_string(i);
    EXPECT_EQ(rows_of(server, made, schema), rows_of(server, wanted, schema)) << pair.name;
  }
}

TEST(KindsTypes, AlterKeepsRows) {
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
      expect_rows(server, major, forward, made, wanted);
      for (size_t i = 0; const auto& pair : kPairs) {
        ++i;
        if (pair.since > major || !forward) continue;
        const bool anew = std::ranges::any_of(recreated, [&](const Id& id) {
          if (id.kind > schema::KindId::base_type) return false;  // a view whose columns follow
          if (id.path.size() == 1)
            return std::string(pair.from).find(" " + id.name() + " ") != std::string::npos;  // in no schema
          return id.path.front() == "p" + std::to_string(i);
        });
        EXPECT_EQ(anew, !pair.in_place) << pair.name << " (schema p" << i << ")";
      }
      remove(server, made);
      remove(server, wanted);
    }
  }
}

// A new value cannot be used by the transaction that added it, so each is a step of its own.
TEST(KindsTypes, NewEnumValuesAreStepsOfTheirOwn) {
  schema::Object from, to;
  from.id = to.id = {schema::KindId::enum_type, {"app", "e"}};
  from.fields = {"{b,d}"};
  to.fields = {"{a,b,c,d,e}"};
  const auto done = schema::kind_of(from.id.kind).alter(from, to, {"values"}, {}, {});
  ASSERT_EQ(done.how, schema::Alteration::How::in_place);
  std::vector<std::string> sql;
  for (const auto& statement : done.statements) {
    EXPECT_FALSE(statement.transactional);
    sql.push_back(statement.sql);
  }
  EXPECT_EQ(
      join(sql, "\n"),
      "ALTER TYPE app.e ADD VALUE 'a' BEFORE 'b'\nALTER TYPE app.e ADD VALUE 'c' AFTER 'b'\nALTER TYPE app.e ADD VALUE 'e'");
}

// A column of a partition key never changes its type: the kind says that it cannot.
TEST(KindsTypes, PartitionKeyIsNotMoved) {
  if (testing::server() == nullptr) GTEST_SKIP() << "no PostgreSQL server here";
  auto& server = *testing::server();
  const auto script = [](const std::string& labels) {
    return "CREATE SCHEMA app; CREATE TYPE app.\"E e\" AS ENUM (" + labels +
           "); CREATE TABLE app.t (a integer, \"K k\" app.\"E e\") PARTITION BY LIST (a, \"K k\");";
  };
  const std::string a = testing::database(server, replace_all(script("'x', 'y'"), "(a, ", "("));
  const std::string b = testing::database(server, replace_all(script("'y'"), "(a, ", "("));
  auto from = read(server, a), to = read(server, b);
  ASSERT_TRUE(from) << to_text(from.error());
  ASSERT_TRUE(to) << to_text(to.error());
  const Id id{schema::KindId::enum_type, {"app", "E e"}};
  const auto done = schema::kind_of(id.kind).alter(*from->find(id), *to->find(id), {"values"}, *from, *to);
  EXPECT_EQ(done.how, schema::Alteration::How::recreate);
  remove(server, a);
  remove(server, b);
}

TEST(KindsTypes, CreateUnderDefaultPrivileges) {
  const std::string defaults =
      "ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC; ALTER DEFAULT PRIVILEGES GRANT USAGE ON TYPES TO kt_reader;"
      "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT USAGE ON TYPES TO \"kt Writer|x\" WITH GRANT OPTION;";
  const std::string objects =
      "CREATE TYPE app.e AS ENUM ('a'); CREATE TYPE app.c AS (a integer); REVOKE ALL ON TYPE app.c FROM PUBLIC; CREATE DOMAIN "
      "app.d AS "
      "integer; GRANT USAGE ON DOMAIN app.d TO kt_reader; CREATE TYPE app.r AS RANGE (SUBTYPE = integer); CREATE TYPE \"Odd "
      "Schema\".e AS ENUM ();";
  for (const int major : testing::majors()) {
    SCOPED_TRACE(major);
    auto& server = *testing::server(major);
    const std::string prelude = std::string(kRoles) + kSchemas;
    const std::string wanted = testing::database(server, prelude + objects + defaults);
    const std::string made = testing::database(server, prelude + defaults);
    auto target = read(server, wanted), start = read(server, made);
    ASSERT_TRUE(target) << to_text(target.error());
    ASSERT_TRUE(start) << to_text(start.error());
    run(server, made, plan(*start, *target));
    expect_same(server, made, wanted);
    remove(server, wanted);
    remove(server, made);
  }
}

TEST(KindsTypes, Rename) {
  for (const int major : testing::majors()) {
    SCOPED_TRACE(major);
    auto& server = *testing::server(major);
    const auto script = [](const std::string& to) {
      return std::string(kRoles) + kSchemas +
             replace_all(
                 "CREATE TYPE app.e_NAME AS ENUM ('a'); CREATE TYPE app.c_NAME AS (a integer); CREATE DOMAIN app.d_NAME AS "
                 "integer "
                 "CONSTRAINT k_NAME CHECK (VALUE > 0); CREATE TYPE app.r_NAME AS RANGE (SUBTYPE = integer);"
                 "CREATE COLLATION app.NAME FROM \"C\"; CREATE CONVERSION app.NAME FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;"
                 "CREATE LANGUAGE \"NAME Lang\" HANDLER plpgsql_call_handler;",
                 "NAME", to);
    };
    const std::string made = testing::database(server, script("Old")), wanted = testing::database(server, script("renamed"));
    auto from = read(server, made), to = read(server, wanted);
    ASSERT_TRUE(from) << to_text(from.error());
    ASSERT_TRUE(to) << to_text(to.error());
    // Parts before their wholes; the multirange is renamed by an alteration of its own.
    Statements renames;
    int count = 0;
    for (auto it = from->objects.rbegin(); it != from->objects.rend(); ++it) {
      Id renamed = it->first;
      for (const char* old : {"Old", "old"}) renamed.path.set_back(replace_all(renamed.path.back(), old, "renamed"));
      if (renamed == it->first) continue;
      const auto rename = schema::kind_of(it->first.kind).rename(it->second, renamed, *from);
      ASSERT_TRUE(rename) << schema::to_text(it->first);
      renames.push_back(*rename);
      ++count;
    }
    EXPECT_EQ(count, 8);
    run(server, made, renames);
    auto between = read(server, made);
    ASSERT_TRUE(between) << to_text(between.error());
    run(server, made, plan(*between, *to));
    expect_same(server, made, wanted);
    remove(server, wanted);
    remove(server, made);
  }
}

TEST(KindsTypes, ReadAsOrdinaryRole) {
  for (const int major : testing::majors()) {
    SCOPED_TRACE(major);
    auto& server = *testing::server(major);
    const std::string name = testing::database(server, fixtures_sql(major));
    auto whole = read(server, name);
    ASSERT_TRUE(whole) << to_text(whole.error());
    auto connection = Connection::open(server.url(name));
    ASSERT_TRUE(connection);
    ASSERT_TRUE(connection->execute("SET SESSION AUTHORIZATION kt_reader"));
    const auto seen = postgres::read_catalog(*connection);
    ASSERT_TRUE(seen) << to_text(seen.error());
    expect_lines(testing::text_of(*seen), testing::text_of(*whole), "an ordinary role");
    EXPECT_EQ(seen->unmodelled, whole->unmodelled);
    connection = Connection::open(server.url("postgres"));  // lets go of the database
    remove(server, name);
  }
}

}  // namespace
}  // namespace pga
