// Index advice against execution: for each shape of query the advised index is really built on generated rows; then the planner
// takes it, and the query touches fewer pages than before. Shapes that an index cannot help get none, and are told why. The judge
// is EXPLAIN (ANALYZE, BUFFERS) of the database itself.
#include <gmock/gmock.h>

#include "advise/advice.h"
#include "base/text.h"
#include "postgres/catalog.h"
#include "postgres/twin/read_statistics.h"
#include "proof/pipeline.h"
#include "sql/json.h"
#include "support.h"

namespace pga::testing {
namespace {
using postgres::Connection;
using postgres::twin::Statistics;
using postgres::twin::Twin;
using postgres::twin::WhatIf;

constexpr const char* kSchema = R"(
CREATE EXTENSION pg_trgm;
CREATE TABLE customers (id int PRIMARY KEY, email text NOT NULL, tenant int NOT NULL, name text NOT NULL, born date, active boolean NOT NULL,
  deleted_at timestamptz, tags text[] NOT NULL, profile jsonb NOT NULL, place point NOT NULL, stay int4range NOT NULL, words tsvector NOT NULL);
INSERT INTO customers SELECT i, 'user' || i || '@example.com', i % 200, md5((i * 7)::text), date '1950-01-01' + (i * 7919) % 20000, i % 50 <> 0,
  CASE WHEN i % 100 <> 1 THEN timestamptz '2025-01-01 00:00+00' + i * interval '1 minute' END, ARRAY['t' || i % 500, 'g' || i % 3],
  jsonb_build_object('plan', 'p' || i % 300, 'score', i % 1000), point((i * 31) % 1000, (i * 17) % 1000), int4range(i % 5000, i % 5000 + 3),
  to_tsvector('simple', 'w' || i % 700 || ' common') FROM generate_series(1, 40000) i;
CREATE TABLE orders (id int PRIMARY KEY, customer int NOT NULL, status text NOT NULL, placed timestamptz NOT NULL, total numeric NOT NULL, code text NOT NULL);
INSERT INTO orders SELECT i, 1 + (i::bigint * 7919) % 40000, CASE WHEN i % 200 = 0 THEN 'open' WHEN i % 3 = 0 THEN 'sent' ELSE 'done' END,
  timestamptz '2025-01-01 00:00+00' + i * interval '2 minutes', (i % 997) / 10.0, 'C' || lpad(((i::bigint * 7919) % 100000)::text, 8, '0') FROM generate_series(1, 120000) i;
CREATE TABLE small (id int, k int);
INSERT INTO small SELECT i, i FROM generate_series(1, 100) i;
VACUUM ANALYZE;
)";

struct Shape {
  const char* name;
  const char* query;
  const char* expected;  // what the definition must hold; "" no index may be advised
};

const Shape kShapes[] = {
    {"equality", "SELECT * FROM customers WHERE email = 'user77@example.com'", "(email)"},
    {"two equalities", "SELECT * FROM orders WHERE customer = 77 AND status = 'open'", "(customer"},
    {"range", "SELECT * FROM orders WHERE total < 0.2 AND total > 0", "total"},
    {"range by time", "SELECT * FROM orders WHERE placed >= '2025-03-01' AND placed < '2025-03-02'", "placed"},
    {"equality and range", "SELECT * FROM customers WHERE tenant = 5 AND born > '2004-01-01'", "(tenant, born)"},
    {"order and limit", "SELECT * FROM orders ORDER BY total DESC LIMIT 10", "(total)"},
    {"equality, order, limit", "SELECT * FROM orders WHERE status = 'sent' ORDER BY total LIMIT 10", "total"},
    {"mixed directions", "SELECT * FROM orders ORDER BY status, total DESC LIMIT 10", "(status, total DESC)"},
    {"keyset", "SELECT * FROM orders WHERE (placed, id) > ('2025-05-01', 5) ORDER BY placed, id LIMIT 20", "placed"},
    {"row comparison", "SELECT * FROM orders WHERE (status, total) < ('done', 0.5) ORDER BY status, total LIMIT 5", "status"},
    {"in list", "SELECT * FROM customers WHERE email IN ('user1@example.com', 'user2@example.com', 'user3@example.com')",
     "(email)"},
    {"or of two columns", "SELECT * FROM customers WHERE email = 'user9@example.com' OR name = 'abc'", "("},
    {"like prefix", "SELECT * FROM orders WHERE code LIKE 'C000777%'", "code"},
    {"like infix", "SELECT * FROM customers WHERE name LIKE '%abcde%'", "gin_trgm_ops"},
    {"ilike", "SELECT * FROM customers WHERE email ILIKE '%user123@%'", "trgm_ops"},
    {"regular expression", "SELECT * FROM customers WHERE name ~ 'abcdef'", "trgm_ops"},
    {"jsonb contains", "SELECT * FROM customers WHERE profile @> '{\"plan\": \"p7\"}'", "USING gin (profile"},
    {"jsonb key", "SELECT * FROM customers WHERE profile ->> 'plan' = 'p7'", "((profile ->> 'plan'::text))"},
    {"jsonb number", "SELECT * FROM customers WHERE (profile ->> 'score')::int = 7", "(profile ->> 'score'::text)"},
    {"array contains", "SELECT * FROM customers WHERE tags @> ARRAY['t77']", "USING gin (tags)"},
    {"array overlaps", "SELECT * FROM customers WHERE tags && ARRAY['t77', 't78']", "USING gin (tags)"},
    {"full text", "SELECT * FROM customers WHERE words @@ to_tsquery('simple', 'w77')", "(words)"},
    {"full text of a column", "SELECT * FROM customers WHERE to_tsvector('simple', name) @@ to_tsquery('simple', 'abc')",
     "to_tsvector('simple'::regconfig, name)"},
    {"join", "SELECT c.name, o.total FROM customers c JOIN orders o ON o.customer = c.id WHERE c.id = 77", "(customer)"},
    {"join through a filter",
     "SELECT o.* FROM customers c JOIN orders o ON o.customer = c.id WHERE c.email = 'user5@example.com'", "(customer)"},
    {"anti-join", "SELECT c.* FROM customers c WHERE c.tenant = 7 AND NOT EXISTS (SELECT FROM orders o WHERE o.customer = c.id)",
     "(customer"},
    {"exists",
     "SELECT c.* FROM customers c WHERE c.tenant = 7 AND EXISTS (SELECT FROM orders o WHERE o.customer = c.id AND o.status = "
     "'open')",
     "customer"},
    {"group by with filter", "SELECT status, count(*) FROM orders WHERE customer = 9 GROUP BY status", "(customer"},
    {"distinct on",
     "SELECT DISTINCT ON (customer) customer, placed FROM orders WHERE customer < 100 ORDER BY customer, placed DESC",
     "(customer"},
    {"rare value", "SELECT * FROM orders WHERE status = 'open'", "status"},
    {"soft delete", "SELECT * FROM customers WHERE deleted_at IS NULL", "deleted_at"},
    {"soft delete and equality", "SELECT * FROM customers WHERE deleted_at IS NULL AND tenant = 101", "("},
    {"boolean", "SELECT * FROM customers WHERE NOT active", "active"},
    {"tenant with order", "SELECT * FROM customers WHERE tenant = 3 ORDER BY born DESC LIMIT 5", "(tenant, born)"},
    {"expression", "SELECT * FROM customers WHERE lower(email) = 'user8@example.com'", "(lower(email))"},
    {"date_trunc", "SELECT count(*) FROM orders WHERE date_trunc('day', placed AT TIME ZONE 'UTC') = '2025-02-03'", "date_trunc"},
    {"minimum", "SELECT min(total) FROM orders", "(total)"},
    {"maximum with filter", "SELECT max(placed) FROM orders WHERE customer = 77", "customer"},
    {"nearest", "SELECT * FROM customers ORDER BY place <-> point(5, 5) LIMIT 5", "gist (place)"},
    {"within a box", "SELECT * FROM customers WHERE place <@ box '((0,0),(10,10))'", "(place)"},
    {"overlapping ranges", "SELECT * FROM customers WHERE stay && int4range(100, 102)", "(stay)"},
    {"range contains", "SELECT * FROM customers WHERE stay @> 77", "(stay)"},
    {"update", "UPDATE orders SET total = 1 WHERE code = 'C00007919'", "(code)"},
    {"delete", "DELETE FROM orders WHERE code = 'C00007919'", "(code)"},
    {"correlated subquery",
     "SELECT c.id, (SELECT max(o.placed) FROM orders o WHERE o.customer = c.id) FROM customers c WHERE c.id < 20", "(customer"},
    // No index helps these.
    {"whole table", "SELECT sum(total) FROM orders WHERE total >= 0", ""},
    {"most rows", "SELECT * FROM customers WHERE tenant > 3", ""},
    {"small table", "SELECT * FROM small WHERE k = 5", ""},
    {"volatile condition", "SELECT * FROM orders WHERE total < random()", ""},
    {"not equal", "SELECT * FROM customers WHERE tenant <> 5", ""},
};

class IndexTruth : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    server_ = testing::server();
    if (server_ == nullptr) return;
    name_ = database(*server_);
    auto source = Connection::open(server_->url(name_));
    ASSERT_TRUE(source);
    for (const auto& statement : split(kSchema, ';')) {
      if (!trim(statement).empty()) {
        const auto done = source->execute(statement);
        ASSERT_TRUE(done) << to_text(done.error()) << statement;
      }
    }
  }
  void SetUp() override {
    if (server_ == nullptr) GTEST_SKIP() << "no PostgreSQL 15 on this machine";
  }
  static postgres::Server* server_;
  static std::string name_;
};
postgres::Server* IndexTruth::server_ = nullptr;
std::string IndexTruth::name_;

// Pages that a query touches, and its plan in one line. What it changes is taken back.
struct Executed {
  long long pages = 0;
  std::string plan;
};
Executed execute(Connection& connection, const std::string& query) {
  EXPECT_TRUE(connection.execute("BEGIN"));
  const auto rows = connection.query("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + query);
  EXPECT_TRUE(connection.execute("ROLLBACK"));
  EXPECT_TRUE(rows) << query << to_text(rows.error());
  if (!rows) return {};
  const auto tree = sql::parse_json(rows->text(0, 0));
  const auto& plan = *tree->items[0].child("Plan");
  return {plan.integer("Shared Hit Blocks") + plan.integer("Shared Read Blocks"), std::string(rows->text(0, 0))};
}

TEST_F(IndexTruth, WhatIsAdvisedIsUsedAndSavesPages) {
  auto source = *Connection::open(server_->url(name_));
  const auto statistics = postgres::twin::read_statistics(source);
  ASSERT_TRUE(statistics);
  const auto model = postgres::read_catalog(source);
  const auto copy = server_->create_database();
  {
    auto connection = *Connection::open(server_->url(*copy));
    ASSERT_TRUE(proof::build_schema(*model, connection));
  }
  auto twin = Twin::make(*server_, *copy, *statistics);
  ASSERT_TRUE(twin);
  WhatIf what_if(*twin);
  int helped = 0;
  for (const auto& shape : kShapes) {
    SCOPED_TRACE(shape.name);
    workload::Workload workload;
    workload.queries.push_back({shape.name, shape.query, 1, 0});
    const auto advice = advise::advise(what_if, *statistics, workload, {.drops = false});
    ASSERT_TRUE(advice) << to_text(advice.error());
    ASSERT_TRUE(what_if.show({}));
    if (std::string_view(shape.expected).empty()) {
      EXPECT_TRUE(advice->indexes.empty()) << advice->indexes[0].definition.sql();
      EXPECT_FALSE(advice->queries[0].why.empty());
      continue;
    }
    EXPECT_FALSE(advice->indexes.empty()) << advice->queries[0].why << "\n" << join(advice->queries[0].plan_before, "\n");
    if (advice->indexes.empty()) continue;
    std::string all;
    for (const auto& index : advice->indexes) all += index.definition.sql() + "\n";
    EXPECT_THAT(all, ::testing::HasSubstr(shape.expected));
    const auto before = execute(source, shape.query);
    for (const auto& index : advice->indexes) {
      const auto made = source.execute(index.definition.sql(index.name));
      EXPECT_TRUE(made) << to_text(made.error());
    }
    EXPECT_TRUE(source.execute("VACUUM ANALYZE customers, orders"));
    const auto after = execute(source, shape.query);
    for (const auto& index : advice->indexes) {
      EXPECT_THAT(after.plan, ::testing::HasSubstr("\"" + index.name + "\"")) << all;
      EXPECT_TRUE(source.execute("DROP INDEX " + index.name));
    }
    EXPECT_LT(after.pages, before.pages) << all;
    ++helped;
  }
  EXPECT_GE(helped, 30);
}

}  // namespace
}  // namespace pga::testing
