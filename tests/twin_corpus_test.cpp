// The statistics twin of real schemas, filled with generated rows: the same plans with the same numbers as the source itself, for
// queries that its keys, indexes and foreign keys suggest. Skips loudly where the corpus is not at hand.
#include <gtest/gtest.h>

#include "base/quote.h"
#include "base/text.h"
#include "postgres/catalog.h"
#include "postgres/twin/read_statistics.h"
#include "postgres/twin/twin.h"
#include "proof/pipeline.h"
#include "seed/fill.h"
#include "source/source.h"
#include "sql/json.h"
#include "support.h"

namespace pga::testing {
namespace {
using postgres::Connection;

std::string dump(const sql::Node& node) {
  std::string out;
  for (const auto& [name, value] : node.fields) {
    if (name != "Plans" && name != "Output") out += name + "=" + value.value + " ";
  }
  out += "\n";
  if (const auto* inner = node.child("Plans"); inner != nullptr) {
    for (const auto& child : inner->items) out += dump(child);
  }
  return out;
}

// A look-up, a range and an order for the first column of each index, and a join for each foreign key.
constexpr const char* kSuggested = R"(
SELECT format('SELECT * FROM %s ORDER BY %s LIMIT 10', t.oid::regclass, pg_get_indexdef(i.indexrelid, 1, false))
FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
WHERE t.relkind = 'r' AND a.amname = 'btree' AND i.indpred IS NULL AND t.relnamespace::regnamespace::text NOT IN ('pg_catalog', 'pg_toast')
UNION ALL
SELECT format('SELECT * FROM %I.%I WHERE %I = %L', schemaname, tablename, attname, trim(both '"' from (histogram_bounds::text::text[])[3])) FROM pg_stats
WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND histogram_bounds IS NOT NULL AND array_length(histogram_bounds::text::text[], 1) > 3
UNION ALL
SELECT format('SELECT * FROM %I.%I WHERE %I > %L', schemaname, tablename, attname, trim(both '"' from (histogram_bounds::text::text[])[array_upper(histogram_bounds::text::text[], 1)])) FROM pg_stats
WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND histogram_bounds IS NOT NULL
UNION ALL
SELECT format('SELECT * FROM %s a JOIN %s b ON a.%I = b.%I', k.conrelid::regclass, k.confrelid::regclass, x.attname, y.attname)
FROM pg_constraint k JOIN pg_attribute x ON x.attrelid = k.conrelid AND x.attnum = k.conkey[1]
JOIN pg_attribute y ON y.attrelid = k.confrelid AND y.attnum = k.confkey[1] WHERE k.contype = 'f'
)";

class TwinOfCorpus : public ::testing::TestWithParam<const char*> {};

TEST_P(TwinOfCorpus, PlansAsTheFilledSchemaDoes) {
  auto* server = testing::server();
  const auto file = shared(std::string("corpus/schemas/") + GetParam() + ".sql");
  if (server == nullptr || !file) GTEST_SKIP() << "no PostgreSQL 15 or no corpus on this machine";
  source::LoadOptions options;
  options.build = proof::build_schema;
  const auto loaded = source::load(*source::parse_source(*file), *server, options);
  ASSERT_TRUE(loaded) << to_text(loaded.error());
  auto connection = *Connection::open(server->url(loaded->database));
  const auto filled = seed::fill(connection, loaded->model, {.rows = 400});
  ASSERT_TRUE(filled) << to_text(filled.error());
  ASSERT_TRUE(connection.execute("VACUUM ANALYZE"));
  ASSERT_TRUE(connection.execute("CHECKPOINT"));
  ASSERT_TRUE(connection.execute("SET search_path = ''"));
  const auto statistics = postgres::twin::read_statistics(connection);
  ASSERT_TRUE(statistics) << to_text(statistics.error());
  const auto copy = server->create_database();
  {
    auto empty = *Connection::open(server->url(*copy));
    ASSERT_TRUE(proof::build_schema(loaded->model, empty));
  }
  auto twin = postgres::twin::Twin::make(*server, *copy, *statistics);
  ASSERT_TRUE(twin) << to_text(twin.error());
  const auto queries = connection.query(kSuggested);
  ASSERT_TRUE(queries) << to_text(queries.error());
  int same = 0, all = 0;
  for (int r = 0; r < queries->size(); ++r) {
    const std::string query(queries->text(r, 0));
    const auto rows = connection.query("EXPLAIN (VERBOSE, FORMAT JSON) " + query);
    if (!rows) continue;  // a value that its type does not take in this form
    const auto tree = sql::parse_json(rows->text(0, 0));
    const auto here = twin->explain(query);
    ASSERT_TRUE(here) << query << to_text(here.error());
    const auto want = dump(*tree->items[0].child("Plan")), have = dump(*here);
    ++all;
    same += want == have ? 1 : 0;
    EXPECT_EQ(want, have) << query << "\n" << join(twin->notes(), "\n");
  }
  EXPECT_GT(all, 30);
  RecordProperty("queries", all);
  std::printf("%s: %d of %d plans equal in every field\n", GetParam(), same, all);
}

INSTANTIATE_TEST_SUITE_P(Schemas, TwinOfCorpus, ::testing::Values("pagila", "ledgersmb", "zabbix"),
                         [](const auto& one) { return std::string(one.param); });

}  // namespace
}  // namespace pga::testing
