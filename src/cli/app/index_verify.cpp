#include "cli/app/index_verify.h"

#include <algorithm>
#include <chrono>

#include "base/quote.h"
#include "sql/json.h"

namespace pga::app {
namespace {

struct Run {
  double ms = 0;
  long long pages = 0;
};

// The faster of two runs; what a statement writes is taken back.
Result<Run> run(postgres::Connection& connection, const std::string& query) {
  Run best;
  for (int i = 0; i < 2; ++i) {
    PGA_CHECK(connection.execute("SAVEPOINT run"));
    const auto rows = connection.query("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) " + query);
    PGA_CHECK(connection.execute("ROLLBACK TO run; RELEASE run"));
    if (!rows) return fail(rows.error());
    PGA_TRY(const auto tree, sql::parse_json(rows->text(0, 0)));
    const auto* plan = tree.items.empty() ? nullptr : tree.items[0].child("Plan");
    if (plan == nullptr) return fail("not-a-query", "the statement has no plan");
    const Run one{tree.items[0].number("Execution Time"),
                  plan->integer("Shared Hit Blocks") + plan->integer("Shared Read Blocks")};
    if (i == 0 || one.ms < best.ms) best = one;
  }
  return best;
}

Result<Verification> verify_in(postgres::Connection& connection, const advise::Advice& advice) {
  Verification out;
  for (const auto& query : advice.queries) {
    VerifiedQuery one{.name = query.query.name};
    const auto before = run(connection, query.planned);
    if (before) {
      one.before_ms = before->ms;
      one.before_pages = before->pages;
    } else {
      one.problem = before.error().message;
    }
    out.queries.push_back(std::move(one));
  }
  for (const auto& index : advice.indexes) {
    const auto begin = std::chrono::steady_clock::now();
    PGA_CHECK(connection.execute(index.definition.sql(index.name)));
    const double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
    PGA_TRY(const auto size, connection.query("SELECT pg_catalog.pg_relation_size(" +
                                              literal(ident({index.definition.schema, index.name})) + "::regclass)"));
    out.indexes.push_back({index.name, index.bytes(), static_cast<double>(size.integer(0, 0)), ms});
    // An expression's statistics come with ANALYZE only.
    PGA_CHECK(connection.execute("ANALYZE " + ident({index.definition.schema, index.definition.table})));
  }
  for (size_t i = 0; i < advice.queries.size(); ++i) {
    if (!out.queries[i].problem.empty()) continue;
    const auto after = run(connection, advice.queries[i].planned);
    if (after) {
      out.queries[i].after_ms = after->ms;
      out.queries[i].after_pages = after->pages;
    } else {
      out.queries[i].problem = "with the indexes: " + after.error().message;
    }
  }
  return out;
}

}  // namespace

Result<Verification> verify(const std::string& url, const advise::Advice& advice) {
  PGA_TRY(auto connection, postgres::Connection::open(url));
  PGA_CHECK(connection.execute(
      "SET lock_timeout = '5s'; SET statement_timeout = '120s'; SET max_parallel_maintenance_workers = 2; BEGIN"));
  auto out = verify_in(connection, advice);
  (void)connection.execute("ROLLBACK");
  return out;
}

}  // namespace pga::app
