// Plans of large schemas: only the part that a change concerns is built on the private server. What comes out is run on the whole
// and judged by pg_dump; the part must hold what PostgreSQL keeps no record of, too (a table that a trigger's function names).
#include <gmock/gmock.h>

#include <filesystem>

#include "base/text.h"
#include "pairs/pair_runner.h"
#include "program.h"
#include "proof/concerned.h"
#include "support.h"

namespace pga {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kTables = 320;

// Tables in a chain of foreign keys, each with a key, eight columns and an index: over 3,000 objects.
std::string filler() {
  std::string out = "CREATE TYPE level AS ENUM ('low', 'middle', 'high');\n";
  for (int i = 0; i < kTables; ++i) {
    const std::string n = std::to_string(i);
    out += "CREATE TABLE t" + n + " (id bigint PRIMARY KEY, a text NOT NULL, b integer DEFAULT " + n +
           ", c date, d numeric, e boolean, f text CHECK (f <> ''), g timestamptz" +
           (i > 0 ? ", parent bigint REFERENCES t" + std::to_string(i - 1) : "") + ");\n" + "CREATE INDEX ON t" + n + " (b);\n";
  }
  return out;
}

std::string common() {
  return R"(
CREATE TABLE audit_rows (at timestamptz NOT NULL, what text NOT NULL);
CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN INSERT INTO public.audit_rows VALUES (now(), TG_TABLE_NAME); RETURN NULL; END $$;
CREATE TRIGGER audit AFTER INSERT ON t7 FOR EACH STATEMENT EXECUTE FUNCTION audit();
)";
}

std::string old_schema() {
  return filler() + common() + R"(
CREATE VIEW v7 AS SELECT id, b FROM t7;
CREATE VIEW above AS SELECT b FROM v7;
ALTER TABLE t9 ADD level level NOT NULL DEFAULT 'low';
CREATE TABLE measures (at date NOT NULL, v integer) PARTITION BY RANGE (at);
CREATE TABLE measures_1 PARTITION OF measures FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE FUNCTION twice(i integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT i * 2';
ALTER TABLE t20 ADD CHECK (twice(b) > -100);
)";
}

std::string new_schema() {
  return filler() + common() + R"(
ALTER TABLE t7 ALTER b TYPE bigint;
CREATE VIEW v7 AS SELECT id, b FROM t7;
CREATE VIEW above AS SELECT b FROM v7;
ALTER TABLE t9 ADD level level NOT NULL DEFAULT 'low';
CREATE TABLE measures (at date NOT NULL, v integer, w text) PARTITION BY RANGE (at);
CREATE TABLE measures_1 PARTITION OF measures FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE FUNCTION twice(i integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 2 * i';
ALTER TABLE t20 ADD CHECK (twice(b) > -100);
CREATE TABLE fresh (id bigint PRIMARY KEY, of_t300 bigint NOT NULL REFERENCES t300);
CREATE INDEX ON t50 (c) WHERE e;
)";
}

class LargeSchema : public ::testing::Test {
 protected:
  void SetUp() override {
    server_ = testing::server();
    if (server_ == nullptr) GTEST_SKIP() << "SKIPPED: no PostgreSQL 15";
  }
  postgres::Server* server_ = nullptr;
};

TEST_F(LargeSchema, ThePartHoldsWhatAChangeConcernsAndNoMore) {
  const auto from = testing::load_text(*server_, old_schema(), "old.sql"),
             to = testing::load_text(*server_, new_schema(), "new.sql");
  ASSERT_TRUE(from && to);
  const auto part = proof::concerned(from->model, to->model);
  ASSERT_TRUE(part);
  using schema::KindId;
  const auto has = [&](KindId kind, std::vector<std::string> path) { return part->from.find(kind, std::move(path)) != nullptr; };
  EXPECT_TRUE(has(KindId::table, {"public", "t7"}));
  EXPECT_TRUE(has(KindId::view, {"public", "above"})) << "needs a view that needs the changed column";
  EXPECT_TRUE(has(KindId::table, {"public", "t6"})) << "a changed table refers to it";
  EXPECT_TRUE(has(KindId::constraint, {"public", "t6", "t6_pkey"}));
  EXPECT_TRUE(has(KindId::constraint, {"public", "t8", "t8_parent_fkey"})) << "refers to a changed table";
  EXPECT_TRUE(has(KindId::table, {"public", "audit_rows"})) << "named by the body of a trigger's function";
  EXPECT_TRUE(has(KindId::table, {"public", "measures_1"}));
  EXPECT_TRUE(has(KindId::table, {"public", "t300"})) << "a new table refers to it";
  EXPECT_TRUE(has(KindId::table, {"public", "t20"})) << "its check calls a changed function";
  EXPECT_FALSE(has(KindId::table, {"public", "t9"})) << "nothing that differs concerns it";
  EXPECT_FALSE(has(KindId::table, {"public", "t150"}));
  EXPECT_FALSE(has(KindId::index, {"public", "t300_b_idx"})) << "a table that is leaned on keeps only its keys";
  EXPECT_LT(part->objects * 10, part->of);
}

TEST_F(LargeSchema, TheSamePlanAsFromTheWhole) {
  const auto from = testing::load_text(*server_, old_schema(), "old.sql"),
             to = testing::load_text(*server_, new_schema(), "new.sql");
  ASSERT_TRUE(from && to);
  for (const bool online : {true, false}) {
    const auto result = testing::run_pair(*server_, *from, *to, {.online = online, .part = true});
    EXPECT_TRUE(result.good()) << result.why << "\n" << result.difference << "\n" << result.script;
  }
}

TEST_F(LargeSchema, AnEventTriggerMayLookAtEverything) {
  const std::string trigger =
      "CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"
      "CREATE EVENT TRIGGER watch ON ddl_command_end EXECUTE FUNCTION watch();";
  const auto from = testing::load_text(*server_, trigger, "old.sql"), to = testing::load_text(*server_, trigger, "new.sql");
  ASSERT_TRUE(from && to);
  EXPECT_FALSE(proof::concerned(from->model, to->model));
}

TEST_F(LargeSchema, TheProofSaysHowFarItReaches) {
  const auto one = testing::database(*server_, old_schema()), two = testing::database(*server_, new_schema());
  std::string pattern = (std::filesystem::temp_directory_path() / "pga_large_XXXXXX").string();
  ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
  const auto outcome = testing::Program({"plan", server_->url(one), server_->url(two), "-o", pattern + "/migrations",
                                         "--no-input", "--allow", "all"},
                                        pattern + "/run")
                           .wait();
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("objects that the change concerns, not on the rest"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("wrong")));
  std::string text;
  for (const auto& file : std::filesystem::directory_iterator(pattern + "/migrations")) text += testing::read_file(file.path());
  EXPECT_THAT(text, HasSubstr("proven on the "));
  std::filesystem::remove_all(pattern);
}

}  // namespace
}  // namespace pga
