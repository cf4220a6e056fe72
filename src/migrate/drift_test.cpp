// Whatever was changed behind the runner's back is refused, and named. (reliability.md, row 11)
#include "migrate/runner_harness.h"
#include "schema/kind.h"

namespace pga::migrate {
namespace {
using ::testing::HasSubstr;

class Drift : public Runners {};

struct Change {
  const char* sql;
  const char* named;      // as it must stand in the error
  const char* kind = "";  // the kind that sees it, where pgarchitect may not describe that yet
};

constexpr const char* kStart = R"(
CREATE SCHEMA app;
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE DOMAIN short AS text CHECK (length(VALUE) < 10);
CREATE TYPE pair AS (a int, b int);
CREATE SEQUENCE app.numbers;
CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL, mood mood, age int DEFAULT 3 CHECK (age > 0));
CREATE TABLE posts (id int, user_id bigint REFERENCES users, body text);
CREATE TABLE logs (at date, text text) PARTITION BY RANGE (at);
CREATE INDEX users_email ON users (email);
CREATE VIEW mails AS SELECT email FROM users;
CREATE MATERIALIZED VIEW counts AS SELECT count(*) AS n FROM users;
CREATE FUNCTION twice(i int) RETURNS int LANGUAGE sql AS 'SELECT i * 2';
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();
CREATE POLICY own ON posts USING (user_id = 1);
CREATE RULE quiet AS ON DELETE TO posts DO INSTEAD NOTHING;
CREATE STATISTICS together ON email, age FROM users;
CREATE EXTENSION IF NOT EXISTS plpgsql;
)";

const std::vector<Change> kChanges = {
    {"CREATE TABLE extra (i int)", "new      table public.extra"},
    {"DROP TABLE posts", "missing  table public.posts"},
    {"ALTER TABLE users ADD phone text", "new      column public.users.phone"},
    {"ALTER TABLE users DROP COLUMN mood", "missing  column public.users.mood"},
    {"ALTER TABLE users ALTER email TYPE varchar(200)", "ERROR"},  // a view stands on it: the server refuses
    {"ALTER TABLE users ALTER age TYPE bigint", "changed  column public.users.age"},
    {"ALTER TABLE users ALTER age DROP DEFAULT", "public.users.age"},
    {"ALTER TABLE users ALTER email DROP NOT NULL", "changed  column public.users.email"},
    {"ALTER TABLE users ALTER email SET STATISTICS 500", "changed  column public.users.email"},
    {"ALTER TABLE users ALTER email SET STORAGE EXTERNAL", "changed  column public.users.email"},
    {"ALTER TABLE users RENAME COLUMN age TO years", "new      column public.users.years"},
    {"ALTER TABLE users SET (fillfactor = 70)", "changed  table public.users"},
    {"ALTER TABLE posts ENABLE ROW LEVEL SECURITY", "changed  table public.posts"},
    {"ALTER TABLE posts SET UNLOGGED", "changed  table public.posts"},
    {"ALTER TABLE users ADD CHECK (age < 200)", "new      constraint public.users.users_age_check1"},
    {"ALTER TABLE posts DROP CONSTRAINT posts_user_id_fkey", "posts_user_id_fkey"},
    {"CREATE INDEX ON users (age)", "new      index public.users_age_idx"},
    {"DROP INDEX users_email", "missing  index public.users_email"},
    {"CREATE OR REPLACE VIEW mails AS SELECT email FROM users WHERE age > 1", "changed  view public.mails"},
    {"ALTER VIEW mails SET (security_invoker = true)", "changed  view public.mails"},
    {"DROP MATERIALIZED VIEW counts", "public.counts"},
    {"CREATE OR REPLACE FUNCTION twice(i int) RETURNS int LANGUAGE sql AS 'SELECT i + i'",
     "changed  function public.twice(integer)"},
    {"ALTER FUNCTION twice(int) SECURITY DEFINER", "changed  function public.twice(integer)"},
    {"ALTER TABLE users DISABLE TRIGGER touch", "public.users.touch"},
    {"ALTER POLICY own ON posts USING (true)", "public.posts.own"},
    {"DROP RULE quiet ON posts", "public.posts.quiet"},
    {"ALTER TYPE mood ADD VALUE 'mad'", "public.mood", "enum_type"},
    {"ALTER TYPE pair ADD ATTRIBUTE c int", "public.pair", "composite_type"},
    {"ALTER DOMAIN short SET DEFAULT ''", "changed  domain public.short", "domain"},
    {"ALTER SEQUENCE app.numbers INCREMENT 5", "changed  sequence app.numbers"},
    {"CREATE TABLE logs_1 PARTITION OF logs DEFAULT", "new      table public.logs_1"},
    {"DROP STATISTICS together", "public.together"},
    {"COMMENT ON TABLE users IS 'people'", "changed  table public.users"},
    {"COMMENT ON COLUMN users.email IS 'mail'", "changed  column public.users.email"},
    {"GRANT SELECT ON users TO PUBLIC", "changed  table public.users"},
    {"GRANT UPDATE (email) ON users TO PUBLIC", "changed  column public.users.email"},
    {"CREATE SCHEMA more", "new      schema more"},
    {"ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC", "new      "},
    {"CREATE PUBLICATION p FOR TABLE users", "publication p"},
    {"CREATE CAST (mood AS int) WITH INOUT", "new      cast", "cast"},
    {"CREATE EVENT TRIGGER e ON sql_drop EXECUTE FUNCTION pg_catalog.nothing()", "ERROR"},
    {"ALTER TABLE users REPLICA IDENTITY FULL", "changed  table public.users"},
    {"ALTER TABLE users CLUSTER ON users_email", "public.users_email"},
};

TEST_F(Drift, EveryKindIsRefusedAndNamed) {
  file("1_start.up.sql", kStart);
  const auto start = migrate({"up"});
  ASSERT_EQ(start.code, 0) << show(start);
  file("2_next.up.sql", "CREATE TABLE next (i int);\n");
  const std::string model = database_;
  int refused = 0;
  for (const auto& change : kChanges) {
    SCOPED_TRACE(change.sql);
    if (*change.kind != '\0' && schema::find_kind(change.kind) == nullptr) {
      std::fprintf(stderr, "SKIPPED: the kind %s is not described yet\n", change.kind);
      continue;
    }
    fresh(model);
    if (sql(change.sql).starts_with("ERROR")) {
      EXPECT_STREQ(change.named, "ERROR");
      continue;
    }
    const auto outcome = migrate({"up"});
    EXPECT_EQ(outcome.code, 7) << show(outcome);
    EXPECT_THAT(outcome.err, HasSubstr("[drift]"));
    EXPECT_THAT(outcome.err, HasSubstr(change.named));
    EXPECT_EQ(sql("SELECT to_regclass('next') IS NULL AND count(*) = 1 FROM pgarchitect.migration"), "t");
    ++refused;
  }
  EXPECT_GE(refused, 35);
}

TEST_F(Drift, WhatIsNoChangeIsNoDrift) {
  file("1_start.up.sql", kStart);
  ASSERT_EQ(migrate({"up"}).code, 0);
  file("2_next.up.sql", "CREATE TABLE next (i int);\n");
  const std::string model = database_;
  for (const auto* harmless :
       {"INSERT INTO users (email) VALUES ('x'); ANALYZE; REFRESH MATERIALIZED VIEW counts", "SELECT nextval('app.numbers')",
        "CREATE TABLE t (i int); DROP TABLE t", "CREATE SCHEMA pgarchitect_parked; CREATE TABLE pgarchitect_parked.t (i int)",
        "CREATE TEMP TABLE t (i int)", "REINDEX TABLE users"}) {
    SCOPED_TRACE(harmless);
    fresh(model);
    EXPECT_THAT(sql(harmless), ::testing::Not(HasSubstr("ERROR")));
    EXPECT_EQ(migrate({"verify"}).code, 0);
    EXPECT_EQ(migrate({"up"}).code, 0);
  }
}

TEST_F(Drift, PermittedByNameAndTakenOver) {
  file("1_start.up.sql", "CREATE TABLE a (i int);\n");
  ASSERT_EQ(migrate({"up"}).code, 0);
  file("2_next.up.sql", "CREATE TABLE b (i int);\n");
  sql("CREATE TABLE stray (i int)");
  const auto permitted = migrate({"up", "--allow", "drift"});
  EXPECT_EQ(permitted.code, 0) << show(permitted);
  EXPECT_THAT(permitted.err, HasSubstr("table public.stray"));
  EXPECT_EQ(migrate({"verify"}).code, 0);
}

// Reading must run nothing of the user's.
TEST_F(Drift, NothingOfTheUsersIsExecuted) {
  file("1_start.up.sql",
       "CREATE TABLE ran (i int);\nCREATE FUNCTION bad() RETURNS int LANGUAGE plpgsql AS 'BEGIN INSERT INTO ran VALUES (1); "
       "RETURN 1; END';\n"
       "CREATE TABLE a (i int DEFAULT bad(), CHECK (i IS DISTINCT FROM bad() - 2));\nCREATE VIEW v AS SELECT bad() AS x;\n");
  ASSERT_EQ(migrate({"up"}).code, 0);
  EXPECT_EQ(migrate({"verify"}).code, 0);
  EXPECT_EQ(sql("SELECT count(*) FROM ran"), "0");
}

}  // namespace
}  // namespace pga::migrate
