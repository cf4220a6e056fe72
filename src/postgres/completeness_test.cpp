// What is told as unmodelled. The expected words are PostgreSQL's own (pg_describe_object).
#include "postgres/completeness.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/text.h"
#include "postgres/catalog.h"
#include "postgres_embedded.h"
#include "schema/kind.h"
#include "support.h"

namespace pga::postgres {
namespace {

constexpr const char* kSchema = R"(
CREATE SCHEMA app;
CREATE TYPE app.e AS ENUM ('a');
CREATE TABLE app.t (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, e app.e DEFAULT 'a', big text, CHECK (id > 0)) PARTITION BY RANGE (id);
CREATE TABLE app.t1 PARTITION OF app.t FOR VALUES FROM (1) TO (9);
CREATE TABLE app.child (x integer NOT NULL REFERENCES app.t) INHERITS (app.t1_parent);
CREATE VIEW app.v AS SELECT id FROM app.t;
CREATE FUNCTION app.f(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE TYPE app.r AS RANGE (SUBTYPE = integer);
CREATE OPERATOR app.@@@ (FUNCTION = int4pl, LEFTARG = integer, RIGHTARG = integer);
CREATE EXTENSION citext SCHEMA app;
CREATE TEMP TABLE passing (a integer PRIMARY KEY);
SELECT lo_create(0);
)";

Result<std::vector<std::string>> told(Connection& db, const std::function<bool(long long, long long)>& known) {
  PGA_CHECK(db.execute("SET search_path = ''"));
  PGA_TRY(const auto rows, db.query(expand_query(embedded::postgres::queries_user_objects, db.major(), "")));
  return describe_unmodelled(db, rows, known);
}

std::string schema_sql() {
  return replace_all(std::string(kSchema), "CREATE TABLE app.child",
                     "CREATE TABLE app.t1_parent (p integer CHECK (p > 0));\nCREATE TABLE app.child");
}

TEST(Completeness, ObjectsWithoutTheirParts) {
  if (testing::server() == nullptr) GTEST_SKIP() << "no PostgreSQL server here";
  for (const int major : testing::majors()) {
    SCOPED_TRACE(major);
    auto& server = *testing::server(major);
    auto db = Connection::open(server.url(testing::database(server, schema_sql())));
    ASSERT_TRUE(db) << to_text(db.error());
    const auto extension = db->query("SELECT objid FROM pg_depend WHERE deptype = 'e'");
    ASSERT_TRUE(extension);
    std::vector<long long> members;
    for (int r = 0; r < extension->size(); ++r) members.push_back(extension->integer(r, 0));
    // Nothing is known but the extension: every object is told, none of its parts (row and array types, TOAST, the constraints
    // that a partition or a child has from its parent).
    const auto all = told(*db, [&](long long, long long oid) { return std::ranges::find(members, oid) != members.end(); });
    ASSERT_TRUE(all) << to_text(all.error());
    std::vector<std::string> out;
    for (const auto& text : *all) {
      // The parts that only an internal dependency marks: the reader resolves those.
      if (text.starts_with("cast from app.r to") || text.starts_with("function app.r") || text.starts_with("sequence ") ||
          text.starts_with("index "))
        continue;
      out.push_back(text);
    }
    EXPECT_EQ(join(out, "\n"),
              "constraint child_x_fkey on table app.child\nconstraint t1_parent_p_check on table app.t1_parent\n"
              "constraint t_id_check on table app.t\nconstraint t_pkey on table app.t\n"
              "extension citext\nfunction app.f(integer)\noperator app.@@@(integer,integer)\nschema app\ntable app.child\n"
              "table app.t\ntable app.t1\ntable app.t1_parent\ntype app.e\ntype app.r\nview app.v");
    const auto none = told(*db, [](long long, long long) { return true; });
    ASSERT_TRUE(none) << to_text(none.error());
    EXPECT_TRUE(none->empty());
  }
}

// An object that PostgreSQL made but whose catalog row no kind of ours reads.
TEST(Completeness, TheReaderTellsWhatItDidNotRead) {
  if (testing::server() == nullptr) GTEST_SKIP() << "no PostgreSQL server here";
  for (const int major : testing::majors()) {
    SCOPED_TRACE(major);
    auto& server = *testing::server(major);
    auto db = Connection::open(server.url(testing::database(server, schema_sql())));
    ASSERT_TRUE(db) << to_text(db.error());
    const auto model = read_catalog(*db);
    ASSERT_TRUE(model) << to_text(model.error());
    const bool described = schema::find_kind("operator_") != nullptr || schema::find_kind("operator") != nullptr;
    EXPECT_EQ(join(model->unmodelled, "\n"), described ? "" : "operator app.@@@(integer,integer)");
  }
}

// Schemas of real applications: nothing in them is of a kind that is not described.
TEST(Completeness, Corpus) {
  const auto folder = testing::shared("corpus/schemas");
  if (!folder || testing::server() == nullptr) GTEST_SKIP() << "no ../shared/corpus/schemas or no PostgreSQL server here";
  auto& server = *testing::server();
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(*folder)) files.push_back(entry.path());
  std::ranges::sort(files);
  for (const auto& file : files) {
    if (!file.ends_with(".sql")) continue;
    SCOPED_TRACE(file);
    const auto name = server.create_database();
    ASSERT_TRUE(name) << to_text(name.error());
    // psql goes on after an error: two statements of postgrest-fixtures replace views that name themselves.
    const std::string command =
        testing::client_program("psql") + " -X -q -d '" + server.url(*name) + "' -f '" + file + "' >/dev/null 2>&1";
    ASSERT_EQ(std::system(command.c_str()), 0);
    auto db = Connection::open(server.url(*name));
    ASSERT_TRUE(db) << to_text(db.error());
    const auto model = read_catalog(*db);
    ASSERT_TRUE(model) << to_text(model.error());
    EXPECT_GT(model->objects.size(), 50U);
    EXPECT_EQ(join(model->unmodelled, "\n"), "");
  }
}

}  // namespace
}  // namespace pga::postgres
