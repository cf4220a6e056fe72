// What is told from a statement's text. PostgreSQL's manual says of each which cannot run inside a transaction block.
#include "migrate/statement.h"

#include <gtest/gtest.h>

namespace pga::migrate {
namespace {

struct Case {
  const char* sql;
  Nature nature;
  const char* index = "";
  const char* table = "";
};

TEST(Statements, NatureAndNames) {
  const Case cases[] = {
      {"CREATE TABLE t (i int)", Nature::plain},
      {"create unique index concurrently if not exists \"I x\" on only app.\"T\" using btree (a)", Nature::create_index,
       "\"I x\"", "app.\"T\""},
      {"CREATE INDEX CONCURRENTLY ON t (a)", Nature::create_index, "", "t"},
      {"CREATE /* x */ INDEX -- y\n CONCURRENTLY i ON t (a)", Nature::create_index, "i", "t"},
      {"CREATE INDEX concurrently_i ON t (a)", Nature::plain},
      {"DROP INDEX CONCURRENTLY IF EXISTS app.i", Nature::drop_index, "app.i"},
      {"DROP INDEX i", Nature::plain},
      {"REINDEX INDEX CONCURRENTLY i", Nature::reindex, "i"},
      {"REINDEX (VERBOSE, CONCURRENTLY) TABLE app.t", Nature::reindex, "", "app.t"},
      {"REINDEX (CONCURRENTLY false) TABLE t", Nature::plain},
      {"REINDEX DATABASE d", Nature::repeatable},
      {"ALTER TABLE IF EXISTS p DETACH PARTITION p1 CONCURRENTLY", Nature::detach, "", "p"},
      {"ALTER TABLE p DETACH PARTITION p1", Nature::plain},
      {"VACUUM (ANALYZE) t", Nature::repeatable},
      {"ALTER SYSTEM SET work_mem = '1MB'", Nature::repeatable},
      {"CREATE DATABASE x", Nature::alone},
      {"DO $$ BEGIN END $$", Nature::block},
      {"CALL p()", Nature::block},
      {"SET search_path = a", Nature::session},
      {"SET LOCAL lock_timeout = 1", Nature::plain},
      {"SET CONSTRAINTS ALL DEFERRED", Nature::plain},
      {"SELECT pg_catalog.set_config('search_path', '', false)", Nature::session},
      {"SELECT 1", Nature::plain},
      {"START TRANSACTION", Nature::begin},
      {"COMMIT", Nature::end},
      {"COMMIT PREPARED 'x'", Nature::alone},
      {"ROLLBACK", Nature::transaction},
      {"ALTER TYPE mood ADD VALUE 'x'", Nature::plain},
  };
  for (const auto& one : cases) {
    const auto found = statement_of(one.sql);
    EXPECT_EQ(found.nature, one.nature) << one.sql;
    EXPECT_EQ(found.index, one.index) << one.sql;
    if (found.nature != Nature::plain) {
      EXPECT_EQ(found.table, one.table) << one.sql;
    }
  }
}

TEST(Statements, WhatLosesRowsInFilesWithoutMarks) {
  const auto loses = [](const char* sql) { return !hazards_of({.sql = sql}, false).empty(); };
  for (const char* sql : {"DROP TABLE t", "drop schema s cascade", "TRUNCATE t", "DELETE FROM t", "ALTER TABLE t DROP COLUMN a",
                          "ALTER TABLE t ADD b int, DROP a", "DROP MATERIALIZED VIEW v"})
    EXPECT_TRUE(loses(sql)) << sql;
  for (const char* sql : {"DROP INDEX i", "DROP VIEW v", "ALTER TABLE t DROP CONSTRAINT c", "ALTER TABLE t ALTER a DROP DEFAULT",
                          "ALTER TABLE t ALTER a DROP NOT NULL", "CREATE TABLE t (i int)"})
    EXPECT_FALSE(loses(sql)) << sql;
}

TEST(Statements, ASummaryHoldsNoLiteral) {
  for (const char* sql : {"ALTER ROLE r PASSWORD 'canary'", "CREATE USER MAPPING FOR u SERVER s OPTIONS (password 'canary')",
                          "SELECT 'canary'", "INSERT INTO t VALUES ($$canary$$)"})
    EXPECT_EQ(summary_of({.sql = sql}).find("canary"), std::string::npos) << sql;
}

}  // namespace
}  // namespace pga::migrate
