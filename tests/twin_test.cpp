// The statistics twin against its source: EXPLAIN must give the same plan with the same numbers in every node. The expected
// values are what the filled source itself answers.
#include "postgres/twin/twin.h"

#include <gtest/gtest.h>

#include <span>

#include "base/text.h"
#include "postgres/catalog.h"
#include "postgres/twin/read_statistics.h"
#include "postgres/twin/statistics_json.h"
#include "proof/pipeline.h"
#include "sql/json.h"
#include "support.h"

namespace pga::testing {
namespace {
using postgres::Connection;
using postgres::twin::Statistics;
using postgres::twin::Twin;

// An application with every kind of index, partitions, an expression, a domain, an enum, extended statistics, dropped columns.
constexpr const char* kApplication = R"(
CREATE EXTENSION pg_trgm; CREATE EXTENSION btree_gist;
CREATE TYPE mood AS ENUM ('low', 'high', 'none');
CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
CREATE SCHEMA app;
CREATE TABLE app.users (gone int, id bigint PRIMARY KEY, tenant int NOT NULL, mail email NOT NULL, mood mood, name text, born date,
  deleted_at timestamptz, CHECK (tenant > 0));
INSERT INTO app.users SELECT 1, i, 1 + (i * i) % 40, 'u' || i || '@x' || i % 7, CASE i % 10 WHEN 0 THEN 'low' WHEN 1 THEN 'none' ELSE
  'high' END::mood, md5((i % 3000)::text), date '1950-01-01' + (i * 7919) % 20000, CASE WHEN i % 20 = 0 THEN timestamptz
  '2024-01-01 00:00+00' + i * interval '1 minute' END FROM generate_series(1, 30000) i;
ALTER TABLE app.users DROP COLUMN gone;
CREATE UNIQUE INDEX users_mail ON app.users (lower(mail::text));
CREATE INDEX users_tenant ON app.users (tenant, born DESC) INCLUDE (name);
CREATE INDEX users_live ON app.users (born) WHERE deleted_at IS NULL;
CREATE INDEX users_name_trgm ON app.users USING gin (name gin_trgm_ops);
CREATE INDEX users_name_hash ON app.users USING hash (name);
CREATE STATISTICS app.users_st (ndistinct, dependencies, mcv) ON tenant, mood FROM app.users;
CREATE TABLE app.docs (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner bigint REFERENCES app.users, body jsonb, tags text[],
  words tsvector, during int4range, place point, doubled int GENERATED ALWAYS AS (length(body::text) * 2) STORED);
INSERT INTO app.docs (owner, body, tags, words, during, place) SELECT 1 + (i * 31) % 30000, jsonb_build_object('k', i % 50, 'v', i),
  ARRAY['t' || i % 20, 't' || i % 33], to_tsvector('simple', 'word' || i % 100 || ' other' || i % 7), int4range(i % 1000, i % 1000 + 1 + i % 9),
  point(i % 100, i % 77) FROM generate_series(1, 20000) i;
CREATE INDEX docs_body ON app.docs USING gin (body);
CREATE INDEX docs_path ON app.docs USING gin (body jsonb_path_ops);
CREATE INDEX docs_tags ON app.docs USING gin (tags);
CREATE INDEX docs_words ON app.docs USING gin (words);
CREATE INDEX docs_during ON app.docs USING gist (during);
CREATE INDEX docs_place ON app.docs USING gist (place);
CREATE INDEX docs_place_sp ON app.docs USING spgist (place);
CREATE INDEX docs_owner ON app.docs (owner);
CREATE INDEX docs_k ON app.docs (((body ->> 'k')::int));
CREATE TABLE app.events (at timestamptz NOT NULL, kind int NOT NULL, who bigint, note text) PARTITION BY RANGE (at);
CREATE TABLE app.events_1 PARTITION OF app.events FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
CREATE TABLE app.events_2 PARTITION OF app.events FOR VALUES FROM ('2024-02-01') TO ('2024-03-01');
CREATE TABLE app.events_3 PARTITION OF app.events DEFAULT;
INSERT INTO app.events SELECT timestamptz '2024-01-01 00:00+00' + i * interval '2 minutes', (i % 100) * (i % 3), (i * 17) % 30000,
  repeat('x', i % 40) FROM generate_series(0, 49999) i;
CREATE INDEX events_at ON app.events (at);
CREATE INDEX events_brin ON app.events USING brin (at) WITH (pages_per_range = 16);
CREATE INDEX events_kind ON app.events (kind, at);
CREATE MATERIALIZED VIEW app.per_kind AS SELECT kind, count(*) AS n FROM app.events GROUP BY kind;
CREATE INDEX per_kind_n ON app.per_kind (n);
CREATE VIEW app.live AS SELECT * FROM app.users WHERE deleted_at IS NULL;
CREATE TABLE app.empty (id int PRIMARY KEY, x text);
)";

constexpr const char* kQueries[] = {
    "SELECT * FROM app.users WHERE id = 77",
    "SELECT * FROM app.users WHERE id > 29990",
    "SELECT * FROM app.users WHERE id > 100000",
    "SELECT * FROM app.users WHERE id BETWEEN -5 AND 20",
    "SELECT * FROM app.users WHERE lower(mail::text) = 'u5@x5'",
    "SELECT name FROM app.users WHERE tenant = 3 ORDER BY born DESC LIMIT 10",
    "SELECT * FROM app.users WHERE tenant = 3 AND mood = 'low'",
    "SELECT mood, tenant, count(*) FROM app.users GROUP BY 1, 2",
    "SELECT tenant % 5, mood, count(*) FROM app.users GROUP BY 1, 2",
    "SELECT * FROM app.users WHERE tenant % 5 = 1 AND mood = 'low'",
    "SELECT * FROM app.users WHERE deleted_at IS NULL AND born > '2003-06-01'",
    "SELECT * FROM app.live WHERE born < '1950-02-01'",
    "SELECT * FROM app.users WHERE name LIKE '%abcd%'",
    "SELECT * FROM app.users WHERE name = 'cfcd208495d565ef66e7dff9f98764da'",
    "SELECT * FROM app.users WHERE mood IN ('low', 'none') ORDER BY id LIMIT 5",
    "SELECT max(born), min(id) FROM app.users",
    "SELECT * FROM app.docs WHERE body @> '{\"k\": 3}'",
    "SELECT * FROM app.docs WHERE body ? 'k'",
    "SELECT * FROM app.docs WHERE (body ->> 'k')::int = 7",
    "SELECT * FROM app.docs WHERE (body ->> 'k')::int > 47",
    "SELECT * FROM app.docs WHERE tags @> ARRAY['t3']",
    "SELECT * FROM app.docs WHERE tags && ARRAY['t3', 't32']",
    "SELECT * FROM app.docs WHERE words @@ to_tsquery('simple', 'word3 & other3')",
    "SELECT * FROM app.docs WHERE during && int4range(10, 20)",
    "SELECT * FROM app.docs WHERE during @> 77",
    "SELECT * FROM app.docs ORDER BY place <-> point(1, 1) LIMIT 3",
    "SELECT * FROM app.docs WHERE place <@ box '((0,0),(5,5))'",
    "SELECT * FROM app.docs d JOIN app.users u ON u.id = d.owner WHERE u.tenant = 3",
    "SELECT * FROM app.docs d JOIN app.users u ON u.id = d.owner ORDER BY u.id LIMIT 10",
    "SELECT u.name, count(*) FROM app.users u LEFT JOIN app.docs d ON d.owner = u.id GROUP BY u.name",
    "SELECT * FROM app.users u WHERE NOT EXISTS (SELECT FROM app.docs d WHERE d.owner = u.id)",
    "SELECT * FROM app.events WHERE at >= '2024-02-10' AND at < '2024-02-11'",
    "SELECT * FROM app.events WHERE kind = 6 ORDER BY at DESC LIMIT 20",
    "SELECT * FROM app.events WHERE at > '2024-03-10 10:00'",
    "SELECT count(*) FROM app.events WHERE who = 17",
    "SELECT e.kind, count(*) FROM app.events e JOIN app.users u ON u.id = e.who WHERE u.tenant = 2 GROUP BY e.kind",
    "SELECT * FROM app.events_2 WHERE at < '2024-02-01 12:00+00'",
    "SELECT * FROM app.per_kind WHERE n > 900",
    "SELECT * FROM app.empty WHERE id = 1",
    "UPDATE app.users SET name = 'x' WHERE id < 50",
    "DELETE FROM app.events WHERE at < '2024-01-02'",
    "SELECT * FROM app.users a JOIN app.users b ON a.id = b.tenant WHERE a.born < '1955-01-01'",
};

Result<Statistics> read(postgres::Server& server, const std::string& name, const std::string& role = {}) {
  PGA_TRY(auto connection, Connection::open(server.url(name)));
  if (!role.empty()) PGA_CHECK(connection.execute("SET ROLE " + role));
  return postgres::twin::read_statistics(connection);
}

Result<Twin> twin_of(postgres::Server& server, const std::string& name, const Statistics& statistics) {
  PGA_TRY(auto source, Connection::open(server.url(name)));
  PGA_TRY(const auto model, postgres::read_catalog(source));
  PGA_TRY(const auto database, server.create_database());
  {
    PGA_TRY(auto connection, Connection::open(server.url(database)));
    PGA_CHECK(proof::build_schema(model, connection));
  }
  return Twin::make(server, database, statistics);
}

std::string dump(const sql::Node& node, int depth = 0) {
  std::string out(static_cast<size_t>(depth) * 2, ' ');
  for (const auto& [name, value] : node.fields) {
    if (name != "Plans" && name != "Output") out += name + "=" + value.value + (value.items.empty() ? "" : "…") + " ";
  }
  out += "\n";
  if (const auto* inner = node.child("Plans"); inner != nullptr) {
    for (const auto& child : inner->items) out += dump(child, depth + 1);
  }
  return out;
}

struct Count {
  int same = 0, all = 0;
};

// Every field of every node: node types, names, conditions, costs, rows, widths.
Count compare(Connection& source, Twin& twin, std::span<const char* const> queries) {
  Count count;
  for (const char* query : queries) {
    const auto rows = source.query(std::string("EXPLAIN (VERBOSE, FORMAT JSON) ") + query);
    EXPECT_TRUE(rows) << query << "\n" << to_text(rows.error());
    const auto here = twin.explain(query);
    EXPECT_TRUE(here) << query << "\n" << to_text(here.error());
    if (!rows || !here) continue;
    const auto tree = sql::parse_json(rows->text(0, 0));
    const std::string want = dump(*tree->items[0].child("Plan")), have = dump(*here);
    ++count.all;
    if (want == have) ++count.same;
    EXPECT_EQ(want, have) << query;
  }
  return count;
}

class TwinFidelity : public ::testing::TestWithParam<int> {};

TEST_P(TwinFidelity, AnswersAsItsSource) {
  auto* server = testing::server(GetParam());
  if (server == nullptr) GTEST_SKIP() << "no PostgreSQL " << GetParam() << " on this machine";
  const auto name = database(*server, kApplication);
  auto source = *Connection::open(server->url(name));
  if (GetParam() >= 14) {
    ASSERT_TRUE(source.execute("CREATE STATISTICS app.users_ex ON (tenant % 5), mood FROM app.users"));
  }
  ASSERT_TRUE(source.execute("VACUUM ANALYZE"));
  ASSERT_TRUE(source.execute("CHECKPOINT"));  // the counters of GIN are read from the files
  const auto statistics = read(*server, name);
  ASSERT_TRUE(statistics) << to_text(statistics.error());
  EXPECT_EQ(join(statistics->unseen, "; "), "");
  auto twin = twin_of(*server, name, *statistics);
  ASSERT_TRUE(twin) << to_text(twin.error());
  EXPECT_EQ(join(twin->notes(), "; "), "");
  std::vector<const char*> queries;
  for (const char* query : kQueries) {
    // 13 writes a NULL for each dropped column in UPDATE, which counts in the width; the twin has no dropped columns.
    if (GetParam() > 13 || !std::string_view(query).starts_with("UPDATE app.users")) queries.push_back(query);
  }
  const auto count = compare(source, *twin, queries);
  EXPECT_EQ(count.same, count.all);
  // Through a file it is the same.
  const auto again = postgres::twin::statistics_from_json(postgres::twin::to_json(*statistics));
  ASSERT_TRUE(again) << to_text(again.error());
  EXPECT_TRUE(*again == *statistics);
}

INSTANTIATE_TEST_SUITE_P(Majors, TwinFidelity, ::testing::Values(13, 14, 15, 16, 17, 18),
                         [](const auto& one) { return "PostgreSQL" + std::to_string(one.param); });

// A role that may read the tables but is no superuser: pg_stats, heights from EXPLAIN, no counters of GIN, no extended
// statistics.
TEST(TwinReading, NeedsNoSuperuser) {
  auto* server = testing::server();
  if (server == nullptr) GTEST_SKIP() << "no PostgreSQL 15 on this machine";
  const auto name = database(*server, kApplication);
  auto source = *Connection::open(server->url(name));
  ASSERT_TRUE(
      source.execute("DROP STATISTICS app.users_st; DROP INDEX app.users_name_trgm, app.docs_body, "
                     "app.docs_path, app.docs_tags, app.docs_words, app.docs_during, app.users_mail, app.docs_k"));
  ASSERT_TRUE(source.execute("VACUUM ANALYZE"));
  ASSERT_TRUE(
      source.execute("CREATE ROLE reader; GRANT USAGE ON SCHEMA app TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA app "
                     "TO reader"));
  const auto full = read(*server, name);
  const auto statistics = read(*server, name, "reader");
  ASSERT_TRUE(full && statistics) << to_text(statistics.error());
  EXPECT_EQ(join(statistics->unseen, "; "), "");
  ASSERT_EQ(full->relations.size(), statistics->relations.size());
  for (size_t i = 0; i < full->relations.size(); ++i)
    EXPECT_EQ(full->relations[i].height, statistics->relations[i].height) << full->relations[i].name;
  auto twin = twin_of(*server, name, *statistics);
  ASSERT_TRUE(twin) << to_text(twin.error());
  std::vector<const char*> queries;
  for (const char* query : kQueries) {
    // Ranges: pg_stats shows their histograms from 17 on only.
    if (std::string_view(query).find("during") == std::string_view::npos) queries.push_back(query);
  }
  const auto count = compare(source, *twin, queries);
  EXPECT_EQ(count.same, count.all);
}

}  // namespace
}  // namespace pga::testing
