// Rows are judged by the server and by queries of this test, never by what fill() says about itself.
#include "seed/fill.h"

#include <gmock/gmock.h>

#include <chrono>
#include <filesystem>

#include "base/quote.h"
#include "base/text.h"
#include "postgres/catalog.h"
#include "source/source.h"
#include "support.h"

namespace pga::seed {
namespace {

using postgres::Connection;

Connection connect(postgres::Server& server, const std::string& database) {
  auto connection = Connection::open(server.url(database));
  EXPECT_TRUE(connection) << to_text(connection.error());
  return std::move(*connection);
}

std::string ask(Connection& connection, const std::string& sql) {
  auto rows = connection.execute_rows(sql);
  EXPECT_TRUE(rows) << to_text(rows.error());
  return rows && rows->size() > 0 ? std::string(rows->text(0, 0)) : "";
}

Filled fill_all(Connection& connection, const FillOptions& options = {}) {
  const auto model = postgres::read_catalog(connection);
  EXPECT_TRUE(model) << to_text(model.error());
  auto filled = fill(connection, *model, options);
  EXPECT_TRUE(filled) << to_text(filled.error());
  return filled ? *filled : Filled{};
}

std::string reasons(const Filled& filled) {
  std::string out;
  for (const auto& [id, reason] : filled.not_filled) out += to_text(id) + ": " + reason + "\n";
  return out;
}

// Every validated constraint is validated once more by the server: it is marked as not validated first, which no ALTER does.
void expect_constraints_hold(Connection& connection) {
  auto rows = connection.execute_rows(
      "SELECT format('UPDATE pg_catalog.pg_constraint SET convalidated = false WHERE oid = %s; ALTER TABLE %s VALIDATE "
      "CONSTRAINT %I', "
      "k.oid, k.conrelid::regclass, k.conname), k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid "
      "WHERE k.contype IN ('f', 'c') AND k.convalidated AND c.relkind IN ('r', 'p') AND k.conrelid >= 16384 AND k.conparentid = "
      "0 "
      "AND k.coninhcount = 0 AND to_jsonb(k)->>'conenforced' IS DISTINCT FROM 'false' ORDER BY k.oid");
  ASSERT_TRUE(rows) << to_text(rows.error());
  for (int r = 0; r < rows->size(); ++r) {
    const auto checked =
        connection.execute("BEGIN; SET LOCAL allow_system_table_mods = on; " + std::string(rows->text(r, 0)) + "; ROLLBACK");
    EXPECT_TRUE(checked) << rows->text(r, 1) << "\n" << to_text(checked.error());
    if (!checked) (void)connection.execute("ROLLBACK");
  }
}

// The rows of every table as one text, in order of themselves.
std::string checksum(Connection& connection) {
  auto tables = connection.execute_rows(
      "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND "
      "c.oid >= 16384 AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1");
  EXPECT_TRUE(tables) << to_text(tables.error());
  std::string out;
  for (int r = 0; tables && r < tables->size(); ++r) {
    const std::string table(tables->text(r, 0));
    out +=
        table + " " +
        ask(connection, "SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text)), '') FROM ONLY " +
                            table + " t") +
        "\n";
  }
  return out;
}

class Fill : public ::testing::Test {
 protected:
  void SetUp() override {
    server_ = testing::server(15);
    if (server_ == nullptr) GTEST_SKIP() << "no PostgreSQL 15 on this machine";
  }
  // Loads, fills, and proves the constraints again. Every table has to have rows.
  Connection filled(const std::string& sql, const FillOptions& options = {}) {
    database_ = testing::database(*server_, sql);
    auto connection = connect(*server_, database_);
    result_ = fill_all(connection, options);
    EXPECT_EQ(reasons(result_), "");
    expect_constraints_hold(connection);
    return connection;
  }
  postgres::Server* server_ = nullptr;
  std::string database_;
  Filled result_;
};

TEST_F(Fill, EveryBuiltInTypeHasValues) {
  const std::vector<std::string> types = {"boolean",
                                          "smallint",
                                          "integer",
                                          "bigint",
                                          "real",
                                          "double precision",
                                          "numeric",
                                          "numeric(5,2)",
                                          "numeric(3,3)",
                                          "numeric(6,-2)",
                                          "money",
                                          "text",
                                          "varchar",
                                          "varchar(3)",
                                          "char",
                                          "char(5)",
                                          "\"char\"",
                                          "name",
                                          "bytea",
                                          "date",
                                          "time",
                                          "time(0)",
                                          "timetz",
                                          "timestamp",
                                          "timestamptz",
                                          "interval",
                                          "interval day to second",
                                          "uuid",
                                          "json",
                                          "jsonb",
                                          "jsonpath",
                                          "xml",
                                          "inet",
                                          "cidr",
                                          "macaddr",
                                          "macaddr8",
                                          "point",
                                          "line",
                                          "lseg",
                                          "box",
                                          "path",
                                          "polygon",
                                          "circle",
                                          "bit(3)",
                                          "varbit(7)",
                                          "varbit",
                                          "tsvector",
                                          "tsquery",
                                          "pg_lsn",
                                          "pg_snapshot",
                                          "txid_snapshot",
                                          "oid",
                                          "xid",
                                          "xid8",
                                          "cid",
                                          "tid",
                                          "int2vector",
                                          "oidvector",
                                          "regclass",
                                          "regtype",
                                          "regproc",
                                          "regprocedure",
                                          "regoper",
                                          "regoperator",
                                          "regnamespace",
                                          "regrole",
                                          "regcollation",
                                          "regconfig",
                                          "regdictionary",
                                          "aclitem",
                                          "refcursor",
                                          "int4range",
                                          "int8range",
                                          "numrange",
                                          "tsrange",
                                          "tstzrange",
                                          "daterange",
                                          "int4multirange",
                                          "tstzmultirange",
                                          "integer[]",
                                          "text[][]",
                                          "varchar(4)[]",
                                          "jsonb[]",
                                          "daterange[]",
                                          "numeric(4,1)[]"};
  std::string sql = "CREATE TABLE every (id int PRIMARY KEY";
  for (size_t i = 0; i < types.size(); ++i) sql += ", c" + std::to_string(i) + " " + types[i] + " NOT NULL";
  auto connection = filled(sql + ");");
  EXPECT_EQ(ask(connection, "SELECT count(*) FROM every"), "20");
}

TEST_F(Fill, UserTypes) {
  auto connection = filled(R"(
    CREATE TYPE colour AS ENUM ('red', 'green', 'it''s blue');
    CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
    CREATE DOMAIN small AS positive CHECK (VALUE < 5) NOT NULL;
    CREATE DOMAIN code AS text CHECK (VALUE ~ '^[A-Z]{2}-\d{3,}$');
    CREATE DOMAIN codes AS code[] CHECK (cardinality(VALUE) BETWEEN 1 AND 2);
    CREATE TYPE pair AS (a integer, b colour, c code, d text[]);
    CREATE TYPE floats AS RANGE (SUBTYPE = float8);
    CREATE TYPE texts AS RANGE (SUBTYPE = text);
    CREATE TABLE t (id serial PRIMARY KEY, a colour NOT NULL, b small, c code NOT NULL, d codes NOT NULL, e pair NOT NULL, f floats NOT NULL,
                    g texts NOT NULL, h colour[] NOT NULL, i pair[] NOT NULL, j floats_multirange);
    CREATE TABLE typed OF pair;
  )");
  EXPECT_EQ(ask(connection, "SELECT count(*) FROM t WHERE b BETWEEN 1 AND 4 AND c ~ '^[A-Z]{2}-[0-9]{3,}$'"), "20");
  EXPECT_EQ(ask(connection, "SELECT count(DISTINCT a) FROM t"), "3");
}

TEST_F(Fill, ExtensionTypes) {
  auto connection = filled(
      "CREATE EXTENSION citext; CREATE EXTENSION hstore; CREATE EXTENSION ltree; CREATE EXTENSION cube;"
      "CREATE TABLE t (a citext UNIQUE NOT NULL, b hstore NOT NULL, c ltree NOT NULL, d cube NOT NULL);");
  EXPECT_EQ(ask(connection, "SELECT count(*) FROM t"), "20");
}

// One check each, on a table of its own: it must get many rows, so that a filler that gives up early fails.
TEST_F(Fill, ChecksOfManyForms) {
  const std::vector<std::string> tables = {
      "(a integer CHECK (a > 0))",
      "(a integer CHECK (a BETWEEN 1901 AND 2155))",
      "(a integer NOT NULL CHECK (a % 7 = 3))",
      "(a text NOT NULL CHECK (a IN ('one', 'two', 'three')))",
      "(a text NOT NULL CHECK (a = ANY (ARRAY['one', 'two'])))",
      "(a varchar(40) NOT NULL CHECK (length(a) = 32))",
      "(a text NOT NULL CHECK (char_length(a) BETWEEN 10 AND 12))",
      "(a bytea NOT NULL CHECK (octet_length(a) = 32))",
      "(a text NOT NULL CHECK (a ~ '^[a-z0-9][a-z0-9:-]{0,48}[a-z0-9]$'))",
      "(a text NOT NULL CHECK (a ~ '^(?:\\+|00)[1-9]\\d{6,14}$'))",
      "(a text NOT NULL CHECK (a ~* '^[^@[:space:]]+@[^@[:space:]]+\\.[a-z]{2,}$'))",
      "(a text NOT NULL CHECK (a LIKE 'https://%'))",
      "(a text NOT NULL CHECK (a = lower(a)), b text NOT NULL CHECK (b = upper(b) AND b <> lower(b)))",
      "(a text NOT NULL CHECK (btrim(a) <> ''))",
      "(a date NOT NULL, b date NOT NULL, CHECK (a < b))",
      "(a timestamptz NOT NULL CHECK (a >= '2031-05-05 00:00+00' AND a < '2031-05-06 00:00+00'))",
      "(a integer, b integer, CHECK ((a IS NULL) <> (b IS NULL)))",
      "(a integer, b integer, c integer, d integer, CHECK (num_nonnulls(a, b, c, d) = 1))",
      "(kind text NOT NULL CHECK (kind IN ('person', 'company')), p text, c text, CHECK (kind = 'person' AND p IS NOT NULL AND c "
      "IS NULL "
      "OR kind = 'company' AND c IS NOT NULL AND p IS NULL))",
      "(kind text NOT NULL, a text, CHECK (kind <> 'legacy' OR a IS NOT NULL))",
      "(price integer NOT NULL, tax integer NOT NULL, total integer NOT NULL CHECK (price >= 0), CHECK (total = price + tax))",
      "(a jsonb NOT NULL CHECK (jsonb_typeof(a) = 'object'))",
      "(a jsonb NOT NULL CHECK (a ? 'name' AND jsonb_typeof(a -> 'name') = 'string'))",
      "(a text[] NOT NULL CHECK (array_length(a, 1) = 2))",
      "(a tstzrange NOT NULL CHECK (NOT isempty(a) AND lower(a) IS NOT NULL AND upper(a) IS NOT NULL))",
      "(a inet NOT NULL CHECK (family(a) = 4))",
      "(a integer NOT NULL, b integer GENERATED ALWAYS AS (a * 2) STORED CHECK (b > 10 AND b < 60))",
      "(a text NOT NULL CHECK ((a::integer) > 5))",
      "(a numeric(5,2) NOT NULL CHECK (a > 0 AND a <= 100))",
      "(a boolean NOT NULL CHECK (a), b boolean NOT NULL, CHECK (NOT b OR a))",
      "(id serial PRIMARY KEY, a integer NOT NULL CHECK (a <> id))",
  };
  std::string sql;
  for (size_t i = 0; i < tables.size(); ++i) sql += "CREATE TABLE t" + std::to_string(i) + " " + tables[i] + ";\n";
  auto connection = filled(sql);
  for (size_t i = 0; i < tables.size(); ++i) {
    const auto count = ask(connection, "SELECT count(*) FROM t" + std::to_string(i));
    EXPECT_GE(std::atoi(count.c_str()), 15) << tables[i];
  }
}

TEST_F(Fill, UniqueKeys) {
  auto connection = filled(R"(
    CREATE EXTENSION citext;
    CREATE TABLE a (x text PRIMARY KEY, y integer UNIQUE, z boolean UNIQUE NOT NULL);
    CREATE TABLE b (x integer, y text, UNIQUE NULLS NOT DISTINCT (x), UNIQUE (x, y));
    CREATE TABLE c (name text NOT NULL, active boolean NOT NULL, n integer NOT NULL);
    CREATE UNIQUE INDEX ON c (lower(name));
    CREATE UNIQUE INDEX ON c (active) WHERE active;
    CREATE TABLE d (m char(1) PRIMARY KEY);
    CREATE TABLE e (c citext UNIQUE NOT NULL, v varchar(2) NOT NULL UNIQUE, s text GENERATED ALWAYS AS (left(c::text, 6)) STORED UNIQUE);
  )");
  EXPECT_EQ(ask(connection, "SELECT count(*) FROM a"), "2");  // a boolean has two values
  EXPECT_EQ(ask(connection, "SELECT count(*) FROM d"), "20");
  EXPECT_GE(std::atoi(ask(connection, "SELECT count(*) FROM c").c_str()), 10);
}

TEST_F(Fill, ForeignKeys) {
  auto connection = filled(R"(
    CREATE TABLE tenants (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
    CREATE TABLE users (tenant bigint NOT NULL REFERENCES tenants, id integer NOT NULL, email text NOT NULL UNIQUE, PRIMARY KEY (tenant, id));
    CREATE TABLE posts (tenant bigint NOT NULL REFERENCES tenants, author integer NOT NULL, id serial, PRIMARY KEY (tenant, id),
                        FOREIGN KEY (tenant, author) REFERENCES users);
    CREATE TABLE likes (tenant bigint, post integer, author integer, PRIMARY KEY (tenant, post, author),
                        FOREIGN KEY (tenant, post) REFERENCES posts (tenant, id), FOREIGN KEY (tenant, author) REFERENCES users (tenant, id));
    CREATE TABLE full_match (a bigint, b integer, FOREIGN KEY (a, b) REFERENCES users MATCH FULL);
    CREATE TABLE profile (tenant bigint, id integer, bio text, PRIMARY KEY (tenant, id), FOREIGN KEY (tenant, id) REFERENCES users);
    CREATE TABLE comment (id serial PRIMARY KEY, post_tenant bigint, post integer, owner text REFERENCES users (email),
                          FOREIGN KEY (post_tenant, post) REFERENCES posts, CHECK (num_nonnulls(post, owner) = 1), CHECK ((post IS NULL) = (post_tenant IS NULL)));
  )");
  EXPECT_GE(std::atoi(ask(connection, "SELECT count(*) FROM likes").c_str()), 5);
  EXPECT_GT(std::atoi(ask(connection, "SELECT count(*) - count(DISTINCT tenant) FROM posts").c_str()), 0);  // several a parent
}

TEST_F(Fill, CyclesOfForeignKeys) {
  auto connection = filled(R"(
    CREATE TABLE tree (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, parent integer REFERENCES tree, CHECK (parent <> id));
    CREATE TABLE must (id serial PRIMARY KEY, parent integer NOT NULL REFERENCES must);
    CREATE TABLE a (id serial PRIMARY KEY, b integer);
    CREATE TABLE b (id serial PRIMARY KEY, a integer NOT NULL REFERENCES a);
    ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b;
    CREATE TABLE c (id serial PRIMARY KEY, d integer NOT NULL);
    CREATE TABLE d (id serial PRIMARY KEY, c integer NOT NULL REFERENCES c DEFERRABLE INITIALLY DEFERRED);
    ALTER TABLE c ADD FOREIGN KEY (d) REFERENCES d DEFERRABLE;
    CREATE TABLE e (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, f text NOT NULL);
    CREATE TABLE f (id text PRIMARY KEY, e integer NOT NULL REFERENCES e);
    ALTER TABLE e ADD FOREIGN KEY (f) REFERENCES f;
  )");
  EXPECT_GT(std::atoi(ask(connection, "SELECT count(parent) FROM tree").c_str()), 3);
  EXPECT_GT(std::atoi(ask(connection, "SELECT count(b) FROM a").c_str()), 3);
  // The next value of a sequence is free.
  EXPECT_EQ(ask(connection, "INSERT INTO must (parent) SELECT min(id) FROM must RETURNING 'new'"), "new");
}

TEST_F(Fill, ExclusionConstraints) {
  auto connection = filled(R"(
    CREATE EXTENSION btree_gist;
    CREATE TABLE rooms (id serial PRIMARY KEY);
    CREATE TABLE bookings (room integer NOT NULL REFERENCES rooms, during tstzrange NOT NULL, EXCLUDE USING gist (room WITH =, during WITH &&));
    CREATE TABLE circles (c circle NOT NULL, EXCLUDE USING gist (c WITH &&));
    CREATE TABLE partial (a integer NOT NULL, r int4range NOT NULL, gone boolean NOT NULL, EXCLUDE USING gist (a WITH =, r WITH &&) WHERE (NOT gone));
  )");
  EXPECT_EQ(ask(connection, "SELECT count(*) FROM circles"), "20");
  EXPECT_GE(std::atoi(ask(connection, "SELECT count(*) FROM bookings").c_str()), 10);
}

TEST_F(Fill, EveryPartitionHasRows) {
  auto connection = filled(R"(
    CREATE TABLE log (at timestamptz NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY, kind text NOT NULL, PRIMARY KEY (at, id, kind)) PARTITION BY RANGE (at);
    CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2026-02-01') PARTITION BY LIST (kind);
    CREATE TABLE log_1_a PARTITION OF log_1 FOR VALUES IN ('x', 'y');
    CREATE TABLE log_1_rest PARTITION OF log_1 DEFAULT;
    CREATE TABLE log_2 PARTITION OF log FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
    CREATE TABLE log_rest PARTITION OF log DEFAULT;
    CREATE TABLE h (id serial PRIMARY KEY, v text) PARTITION BY HASH (id);
    CREATE TABLE h0 PARTITION OF h FOR VALUES WITH (MODULUS 3, REMAINDER 0);
    CREATE TABLE h1 PARTITION OF h FOR VALUES WITH (MODULUS 3, REMAINDER 1);
    CREATE TABLE h2 PARTITION OF h FOR VALUES WITH (MODULUS 3, REMAINDER 2);
    CREATE TABLE n (a integer, b text) PARTITION BY LIST (a);
    CREATE TABLE n_null PARTITION OF n FOR VALUES IN (NULL, 5);
    CREATE TABLE r (a integer, b integer) PARTITION BY RANGE (a, b);
    CREATE TABLE r1 PARTITION OF r FOR VALUES FROM (MINVALUE, MINVALUE) TO (10, 5);
    CREATE TABLE r2 PARTITION OF r FOR VALUES FROM (10, 5) TO (10, 20);
    CREATE TABLE r3 PARTITION OF r FOR VALUES FROM (1000, 0) TO (MAXVALUE, MAXVALUE);
    CREATE TABLE refers (id integer NOT NULL REFERENCES h);
    CREATE TABLE base (a integer NOT NULL, b text);
    CREATE TABLE child (c integer CHECK (c > 100)) INHERITS (base);
  )");
  EXPECT_EQ(result_.not_filled.size(), 0U);
}

TEST_F(Fill, TriggersAndRules) {
  database_ = testing::database(*server_, R"(
    CREATE TABLE even (a integer NOT NULL);
    CREATE FUNCTION even() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.a % 2 <> 0 THEN RAISE EXCEPTION 'odd'; END IF; RETURN NEW; END $$;
    CREATE TRIGGER t BEFORE INSERT ON even FOR EACH ROW EXECUTE FUNCTION even();
    CREATE TABLE never (a integer NOT NULL);
    CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'read only'; END $$;
    CREATE TRIGGER t BEFORE INSERT ON never FOR EACH ROW EXECUTE FUNCTION never();
    CREATE TABLE vanish (a integer);
    CREATE FUNCTION vanish() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
    CREATE TRIGGER t BEFORE INSERT ON vanish FOR EACH ROW EXECUTE FUNCTION vanish();
    CREATE TABLE made (a integer NOT NULL, b text NOT NULL, at timestamptz NOT NULL DEFAULT now());
    CREATE FUNCTION made() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.at := now(); RETURN NEW; END $$;
    CREATE TRIGGER t BEFORE INSERT OR UPDATE ON made FOR EACH ROW EXECUTE FUNCTION made();
  )");
  auto connection = connect(*server_, database_);
  const auto result = fill_all(connection);
  EXPECT_EQ(reasons(result), "");
  EXPECT_EQ(ask(connection, "SELECT count(*) FROM even WHERE a % 2 <> 0"), "0");
  EXPECT_GE(std::atoi(ask(connection, "SELECT count(*) FROM even").c_str()), 10);
  EXPECT_EQ(ask(connection, "SELECT count(*) FROM made WHERE at > now() - interval '1 day'"), "0");
  const auto note = [&](const char* table) { return result.notes.contains({schema::KindId::table, {"public", table}}); };
  EXPECT_TRUE(note("never"));
  EXPECT_TRUE(note("vanish"));
  EXPECT_FALSE(note("even"));
}

TEST_F(Fill, WhatCannotBeFilledIsSaid) {
  database_ = testing::database(*server_, R"(
    CREATE TABLE impossible (a integer NOT NULL CHECK (a > 5 AND a < 3));
    CREATE TABLE child (a integer NOT NULL, id integer NOT NULL);
    ALTER TABLE impossible ADD PRIMARY KEY (a);
    ALTER TABLE child ADD FOREIGN KEY (a) REFERENCES impossible;
    CREATE EXTENSION file_fdw; CREATE SERVER s FOREIGN DATA WRAPPER file_fdw;
    CREATE FOREIGN TABLE far (a integer) SERVER s OPTIONS (filename '/nowhere');
  )");
  auto connection = connect(*server_, database_);
  const auto result = fill_all(connection);
  EXPECT_THAT(result.not_filled.at({schema::KindId::table, {"public", "impossible"}}),
              ::testing::HasSubstr("impossible_a_check"));
  EXPECT_THAT(result.not_filled.at({schema::KindId::table, {"public", "child"}}), ::testing::HasSubstr("child_a_fkey"));
  EXPECT_THAT(result.not_filled.at({schema::KindId::table, {"public", "far"}}), ::testing::HasSubstr("foreign table"));
}

TEST_F(Fill, ValuesVary) {
  auto connection = filled("CREATE TABLE t (id serial PRIMARY KEY, a integer, b text, c date NOT NULL);", {.rows = 200});
  EXPECT_EQ(ask(connection,
                "SELECT bool_or(a = 0) AND bool_or(a < 0) AND bool_or(b = '') AND bool_or(octet_length(b) > length(b)) AND "
                "bool_or(length(b) > 10000) AND bool_or(c > '9000-01-01') AND bool_or(c < '0001-01-01') FROM t"),
            "t");
  const int nulls = std::atoi(ask(connection, "SELECT count(*) FROM t WHERE a IS NULL").c_str());
  EXPECT_GT(nulls, 15);
  EXPECT_LT(nulls, 70);
}

TEST_F(Fill, HostileNames) {
  auto connection = filled(R"(
    CREATE TABLE "a""b;--'\ $$ x" ("c'd" integer NOT NULL CHECK ("c'd" > 7), "select" text UNIQUE, "new
line" text NOT NULL GENERATED ALWAYS AS ("select" || 'x') STORED);
  )",
                           {.null_share = 0});
  EXPECT_EQ(ask(connection, R"(SELECT count(*) FROM "a""b;--'\ $$ x" WHERE "c'd" > 7)"), "20");
}

class FillMajors : public ::testing::TestWithParam<int> {};

TEST_P(FillMajors, EventsExample) {
  auto* server = testing::server(GetParam());
  if (server == nullptr) GTEST_SKIP() << "no PostgreSQL " << GetParam() << " on this machine";
  for (const char* file : {"v1.sql", "v2.sql"}) {
    const auto source = source::parse_source(std::string(PGA_SOURCE_DIR "/examples/events/") + file);
    auto loaded = source::load(*source, *server);
    if (!loaded && GetParam() < 15) GTEST_SKIP() << "needs a newer server: " << to_text(loaded.error());
    ASSERT_TRUE(loaded) << to_text(loaded.error());
    std::string sums[2];
    for (auto& sum : sums) {
      const auto clone = server->create_database(loaded->database);
      ASSERT_TRUE(clone) << to_text(clone.error());
      auto connection = connect(*server, *clone);
      const auto begin = std::chrono::steady_clock::now();
      const auto filled = fill(connection, loaded->model);
      const auto spent = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin).count();
      ASSERT_TRUE(filled) << to_text(filled.error());
      EXPECT_EQ(reasons(*filled), "") << file;
      std::printf("%s on %d: %lld ms\n", file, GetParam(), static_cast<long long>(spent));
      expect_constraints_hold(connection);
      sum = checksum(connection);
    }
    EXPECT_EQ(sums[0], sums[1]) << file;
  }
}
INSTANTIATE_TEST_SUITE_P(Majors, FillMajors, ::testing::Values(13, 14, 15, 16, 17, 18));

// Real schemas: the share of tables that have rows; those without are listed with the reason.
TEST_F(Fill, RealSchemas) {
  const auto folder = testing::shared("corpus/schemas");
  if (!folder) GTEST_SKIP() << "the corpus is not here";
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(*folder)) files.push_back(entry.path().string());
  std::ranges::sort(files);
  size_t tables = 0;
  size_t empty = 0;
  for (const auto& file : files) {
    const auto source = source::parse_source(file);
    ASSERT_TRUE(source) << to_text(source.error());
    auto loaded = source::load(*source, *server_);
    if (!loaded) {
      std::printf("SKIPPED: %s: %s\n", file.c_str(), to_text(loaded.error()).c_str());
      continue;
    }
    auto connection = connect(*server_, loaded->database);
    const auto begin = std::chrono::steady_clock::now();
    const auto filled = fill(connection, loaded->model);
    const auto spent = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin).count();
    ASSERT_TRUE(filled) << file << to_text(filled.error());
    for (const auto& [id, rows] : filled->rows) tables += loaded->model.find(id)->text("form") == "foreign" ? 0 : 1;
    for (const auto& [id, reason] : filled->not_filled) empty += loaded->model.find(id)->text("form") == "foreign" ? 0 : 1;
    std::printf("%s: %zu tables, %zu without rows, %lld ms\n%s", std::filesystem::path(file).filename().c_str(),
                filled->rows.size(), filled->not_filled.size(), static_cast<long long>(spent), reasons(*filled).c_str());
    for (const auto& [id, note] : filled->notes) std::printf("  %s: %s\n", to_text(id).c_str(), note.c_str());
    expect_constraints_hold(connection);
  }
  ASSERT_GT(tables, 0U);
  std::printf("%zu of %zu tables have rows\n", tables - empty, tables);
  EXPECT_GE(static_cast<double>(tables - empty), 0.97 * static_cast<double>(tables));
}

TEST_F(Fill, ManyTables) {
  std::string sql;
  for (int i = 0; i < 500; ++i) {
    const std::string name = "t" + std::to_string(i);
    sql += "CREATE TABLE " + name +
           " (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE, n integer CHECK (n >= 0), at "
           "timestamptz NOT NULL DEFAULT now()" +
           (i == 0 ? std::string() : ", parent bigint REFERENCES t" + std::to_string(i / 3)) + ");\n";
  }
  const auto database = testing::database(*server_, sql);
  auto connection = connect(*server_, database);
  const auto model = postgres::read_catalog(connection);
  const auto begin = std::chrono::steady_clock::now();
  const auto filled = fill(connection, *model);
  const auto spent = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin).count();
  ASSERT_TRUE(filled) << to_text(filled.error());
  EXPECT_EQ(reasons(*filled), "");
  std::printf("500 tables of 20 rows: %lld ms\n", static_cast<long long>(spent));
  EXPECT_LT(spent, 30000);
}

}  // namespace
}  // namespace pga::seed
