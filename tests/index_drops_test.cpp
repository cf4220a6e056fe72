// Indexes that can go: planted faults are all found, and nothing that is needed is named. What is expected follows from what each
// index is made for (its comment below).
#include <gmock/gmock.h>

#include "advise/advice.h"
#include "base/text.h"
#include "postgres/catalog.h"
#include "postgres/twin/read_statistics.h"
#include "proof/pipeline.h"
#include "support.h"

namespace pga::testing {
namespace {
using postgres::Connection;

constexpr const char* kSchema = R"(
CREATE TABLE parent (id int PRIMARY KEY, x int);
CREATE TABLE child (id int PRIMARY KEY, parent_id int REFERENCES parent, other_id int REFERENCES parent, a int, b int, c int NOT NULL, d text,
  UNIQUE (a, c));
INSERT INTO parent SELECT i, i FROM generate_series(1, 1000) i;
INSERT INTO child SELECT i, 1 + i % 1000, 1 + i % 999, i % 500, i, i, 'd' || i % 100 FROM generate_series(1, 20000) i;
CREATE INDEX only_support ON child (parent_id);               -- the only support of a foreign key, never read: stays
CREATE INDEX support ON child (other_id);                     -- redundant: support_too supports the key as well
CREATE INDEX support_too ON child (other_id, a);
CREATE INDEX a_and_b ON child (a, b);
CREATE INDEX a_first ON child (a);                            -- redundant: a_and_b begins with it
CREATE INDEX a_again ON child (a);                            -- duplicate of a_first
CREATE UNIQUE INDEX b_unique ON child (b);                    -- a rule, never read: stays
CREATE INDEX b_plain ON child (b);                            -- duplicate of a unique one
CREATE INDEX a_part ON child (a) WHERE b > 5;                 -- other rows: stays
CREATE INDEX a_down ON child (a DESC NULLS LAST);             -- another order: stays
CREATE INDEX d_hash ON child USING hash (d);                  -- never read: unused
CREATE INDEX d_pattern ON child (d text_pattern_ops);
CREATE INDEX d_plain ON child (d);                            -- another operator class: stays
CREATE UNIQUE INDEX identity ON child (c);                    -- replica identity, never read: stays
ALTER TABLE child REPLICA IDENTITY USING INDEX identity;
CREATE INDEX broken ON child (c, d);                          -- invalid
CREATE INDEX used_by_query ON child (lower(d), a);            -- the workload needs it, whatever the counters say: stays
)";

TEST(IndexDrops, FindsEveryPlantedFaultAndNothingElse) {
  auto* server = testing::server();
  if (server == nullptr) GTEST_SKIP() << "no PostgreSQL 15 on this machine";
  const auto name = database(*server, kSchema);
  auto source = *Connection::open(server->url(name));
  ASSERT_TRUE(source.execute("VACUUM ANALYZE"));
  const auto statistics = postgres::twin::read_statistics(source);
  const auto model = postgres::read_catalog(source);
  ASSERT_TRUE(statistics && model);
  const auto copy = server->create_database();
  {
    auto connection = *Connection::open(server->url(*copy));
    ASSERT_TRUE(proof::build_schema(*model, connection));
  }
  auto twin = postgres::twin::Twin::make(*server, *copy, *statistics);
  ASSERT_TRUE(twin) << to_text(twin.error());
  postgres::twin::WhatIf what_if(*twin);
  advise::Usage usage{.days = 30};
  const auto rows = source.query("SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = 'child'::regclass");
  for (int r = 0; r < rows->size(); ++r) {
    const std::string index(rows->text(r, 0));
    const bool unread =
        index == "only_support" || index == "b_unique" || index == "d_hash" || index == "identity" || index == "used_by_query";
    usage.indexes.push_back({"public", index, unread ? 0 : 9, index != "broken"});
  }
  workload::Workload workload;
  workload.queries.push_back({"q", "SELECT * FROM child WHERE lower(d) = 'd5' AND a = 7", 1, 0});
  const auto drops = [&](const advise::Usage* counters) {
    const auto advice = advise::advise(what_if, *statistics, workload, {.usage = counters});
    EXPECT_TRUE(advice) << to_text(advice.error());
    std::vector<std::string> out;
    for (const auto& drop : advice->drops) out.push_back(drop.name + ": " + drop.kind);
    return out;
  };
  EXPECT_THAT(drops(&usage), ::testing::UnorderedElementsAre("broken: invalid", "a_again: duplicate", "b_plain: duplicate",
                                                             "a_first: redundant", "support: redundant", "d_hash: unused"));
  usage.days = 2;  // too young to prove anything
  EXPECT_THAT(drops(&usage), ::testing::UnorderedElementsAre("broken: invalid", "a_again: duplicate", "b_plain: duplicate",
                                                             "a_first: redundant", "support: redundant"));
}

}  // namespace
}  // namespace pga::testing
