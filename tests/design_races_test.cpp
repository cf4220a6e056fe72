// What a pattern promises against two that come at once, shown by two real sessions: the first changes and does not commit, the
// second changes as well (and waits where it has to), the first commits. What is left is what the rule allows, whoever came
// second.
#include <gmock/gmock.h>

#include <thread>

#include "design/design.h"
#include "postgres/catalog.h"
#include "request/statement.h"
#include "source/source.h"
#include "support.h"

namespace pga::testing {
namespace {

struct Race {
  std::string name, request, before, rows;
  std::string first, second;
  std::string refused;  // what the second is told, at the statement or at its commit; "": both go through
  std::string holds;    // a condition that must be true afterwards
};

const std::string kUsers = "CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE);";
const std::string kUserRows = "INSERT INTO users (email) VALUES ('a@x.org'), ('b@x.org'), ('c@x.org');";
const std::string kShop =
    "CREATE TABLE customers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL); CREATE TABLE products (id "
    "bigint GENERATED "
    "ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL); CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY "
    "KEY, customer_id "
    "bigint NOT NULL REFERENCES customers);";
const std::string kShopRows =
    "INSERT INTO customers (name) VALUES ('Ann'), ('Bob'), ('Cid'); INSERT INTO products (name) VALUES ('Shirt'); INSERT INTO "
    "orders (customer_id) VALUES (1), (2), (3);";
const std::string kHash = "decode(repeat('ab', 32), 'hex')";

std::vector<Race> races() {
  return {
      {"booking", "reserve rooms by hour", kUsers, kUserRows + "INSERT INTO rooms DEFAULT VALUES;",
       "INSERT INTO bookings (room_id, user_id, status, during) VALUES (1, 1, 'confirmed', '[2026-01-01 10:00Z,2026-01-01 "
       "11:00Z)')",
       "INSERT INTO bookings (room_id, user_id, status, during) VALUES (1, 2, 'confirmed', '[2026-01-01 10:30Z,2026-01-01 "
       "11:30Z)')",
       "bookings_no_overlap", "(SELECT count(*) = 1 FROM bookings)"},
      {"capacity", "users register for events, max 1 seats",
       kUsers + "CREATE TABLE events (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title text NOT NULL);",
       kUserRows + "INSERT INTO events (title) VALUES ('E');", "INSERT INTO registrations (event_id, user_id) VALUES (1, 1)",
       "INSERT INTO registrations (event_id, user_id) VALUES (1, 2)", "events_seats_taken_capacity",
       "(SELECT seats_taken = 1 FROM events)"},
      {"inventory", "track stock per warehouse", kShop,
       kShopRows + "INSERT INTO warehouses (name) VALUES ('N'); INSERT INTO stock_moves (product_id, warehouse_id, qty, reason) "
                   "VALUES (1, 1, 5, 'receipt');",
       "INSERT INTO stock_moves (product_id, warehouse_id, qty, reason) VALUES (1, 1, -4, 'sale')",
       "INSERT INTO stock_moves (product_id, warehouse_id, qty, reason) VALUES (1, 1, -4, 'sale')", "stock_on_hand_range",
       "(SELECT on_hand = 1 FROM stock)"},
      {"coupons", "discount codes", kShop,
       kShopRows + "INSERT INTO coupons (code, percent_off, max_redemptions) VALUES ('ONE', 10, 1);",
       "INSERT INTO coupon_redemptions (coupon_id, order_id, customer_id) VALUES (1, 1, 1)",
       "INSERT INTO coupon_redemptions (coupon_id, order_id, customer_id) VALUES (1, 2, 2)", "coupons_redeemed_limit",
       "(SELECT redeemed = 1 FROM coupons)"},
      {"refunds", "partial refunds", kShop,
       kShopRows +
           "INSERT INTO payments (order_id, amount, currency, provider, idempotency_key) VALUES (1, 100, 'EUR', 'p', 'k');",
       "INSERT INTO refunds (payment_id, amount) VALUES (1, 60)", "INSERT INTO refunds (payment_id, amount) VALUES (1, 60)",
       "refunds_within_payment", "(SELECT sum(amount) = 60 FROM refunds)"},
      {"last_owner", "invite teammates by email",
       kUsers + "CREATE TABLE teams (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);",
       kUserRows + "INSERT INTO teams (name) VALUES ('T'); INSERT INTO memberships (team_id, user_id, role) VALUES (1, 1, "
                   "'owner'), (1, 2, 'owner');",
       "SET CONSTRAINTS ALL IMMEDIATE; DELETE FROM memberships WHERE user_id = 1",
       "SET CONSTRAINTS ALL IMMEDIATE; DELETE FROM memberships WHERE user_id = 2", "memberships_keep_owner",
       "(SELECT count(*) = 1 FROM memberships WHERE role = 'owner')"},
      {"tree_cycle", "nested categories",
       "CREATE TABLE categories (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);",
       "INSERT INTO categories (name) VALUES ('A'), ('B');", "UPDATE categories SET parent_id = 2 WHERE id = 1",
       "UPDATE categories SET parent_id = 1 WHERE id = 2", "categories_no_cycle",
       "(SELECT count(*) = 1 FROM categories WHERE parent_id IS NOT NULL)"},
      {"invoice_numbers", "invoice numbers without gaps per year", kShop,
       kShopRows + "INSERT INTO invoices (customer_id, series, currency) VALUES (1, 'A', 'EUR'), (2, 'A', 'EUR');",
       "SELECT issue_invoice(1)", "SELECT issue_invoice(2)", "",
       "(SELECT array_agg(number ORDER BY id) = '{1,2}' FROM invoices)"},
      {"open_cart", "shopping cart for guests and users",
       kUsers + "CREATE TABLE products (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);", kUserRows,
       "INSERT INTO carts (user_id) VALUES (1)", "INSERT INTO carts (user_id) VALUES (1)", "idx_carts_user_id",
       "(SELECT count(*) = 1 FROM carts)"},
      {"jobs", "background jobs", "", "INSERT INTO jobs (kind) VALUES ('a'), ('b');",
       "UPDATE jobs SET state = 'running', locked_at = now(), locked_by = 'w1' WHERE id = (SELECT id FROM jobs WHERE queue = "
       "'default' AND state IN ('available', 'retryable') AND run_at <= now() ORDER BY priority, run_at, id LIMIT 1 FOR UPDATE "
       "SKIP LOCKED)",
       "UPDATE jobs SET state = 'running', locked_at = now(), locked_by = 'w2' WHERE id = (SELECT id FROM jobs WHERE queue = "
       "'default' AND state IN ('available', 'retryable') AND run_at <= now() ORDER BY priority, run_at, id LIMIT 1 FOR UPDATE "
       "SKIP LOCKED)",
       "", "(SELECT count(DISTINCT locked_by) = 2 FROM jobs WHERE state = 'running')"},
      {"idempotency", "no duplicate orders on double click", kUsers, kUserRows,
       "INSERT INTO idempotency_keys (user_id, key, request_hash) VALUES (1, 'k', " + kHash + ")",
       "INSERT INTO idempotency_keys (user_id, key, request_hash) VALUES (1, 'k', " + kHash + ")", "idempotency_keys_pkey",
       "(SELECT count(*) = 1 FROM idempotency_keys)"},
      {"counters", "show number of comments on each post",
       "CREATE TABLE posts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title text NOT NULL); CREATE TABLE comments (id "
       "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, post_id bigint NOT NULL REFERENCES posts, body text NOT NULL);",
       "INSERT INTO posts (title) VALUES ('One'), ('Two');", "INSERT INTO comments (post_id, body) VALUES (2, 'a'), (1, 'b')",
       "INSERT INTO comments (post_id, body) VALUES (1, 'c'), (2, 'd')", "",
       "(SELECT bool_and(comments_count = 2) AND count(*) = 2 FROM post_stats)"},
      {"rate_limit", "max 1 requests per minute", "", "",
       "INSERT INTO rate_windows AS w (subject, window_start) VALUES ('u', '2026-01-01') ON CONFLICT (subject, window_start) DO "
       "UPDATE SET hits = w.hits + 1 WHERE w.hits < 1",
       "INSERT INTO rate_windows AS w (subject, window_start) VALUES ('u', '2026-01-01') ON CONFLICT (subject, window_start) DO "
       "UPDATE SET hits = w.hits + 1 WHERE w.hits < 1",
       "", "(SELECT hits = 1 FROM rate_windows)"},
      {"friendship", "friend requests", kUsers, kUserRows,
       "INSERT INTO friendships (user_lo, user_hi, requested_by) VALUES (1, 2, 1)",
       "INSERT INTO friendships (user_lo, user_hi, requested_by) VALUES (1, 2, 2)", "friendships_pkey",
       "(SELECT requested_by = 1 FROM friendships)"},
  };
}

class DesignRace : public ::testing::TestWithParam<Race> {};

TEST_P(DesignRace, WhoComesSecond) {
  const Race& race = GetParam();
  auto* server = testing::server(15);
  if (server == nullptr) GTEST_SKIP() << "SKIPPED: no PostgreSQL 15";
  const auto name = server->create_database();
  ASSERT_TRUE(name);
  auto one = postgres::Connection::open(server->url(*name));
  ASSERT_TRUE(one);
  ASSERT_TRUE(race.before.empty() || one->execute(race.before));
  const auto model = postgres::read_catalog(*one);
  ASSERT_TRUE(model);
  const auto made =
      design::design(request::understand(race.request, design::vocabulary_of(*model)), *model, {.answers = {}, .major = 15});
  ASSERT_TRUE(made) << to_text(made.error());
  ASSERT_TRUE(source::run_script(*one, made->sql, "design"));
  if (!race.rows.empty()) {
    const auto done = one->execute(race.rows);
    ASSERT_TRUE(done) << to_text(done.error());
  }
  auto two = postgres::Connection::open(server->url(*name));
  ASSERT_TRUE(two);
  ASSERT_TRUE(one->execute("BEGIN"));
  const auto first = one->execute(race.first);
  ASSERT_TRUE(first) << to_text(first.error());
  ASSERT_TRUE(two->execute("BEGIN"));
  std::string told;
  std::thread second([&] {
    const auto done = two->execute(race.second);
    if (!done) told = done.error().message;
    const auto end = two->execute(done ? "COMMIT" : "ROLLBACK");
    if (done && !end) told = end.error().message;
  });
  // The second has begun when it waits for the first, or is done; then the first commits.
  auto watcher = postgres::Connection::open(server->url(*name));
  ASSERT_TRUE(watcher);
  for (int tries = 0; tries < 200; ++tries) {
    const auto waiting = watcher->query(
        "SELECT count(*) FILTER (WHERE wait_event_type = 'Lock'), count(*) FILTER (WHERE state = 'active' AND pid <> "
        "pg_backend_pid()) FROM pg_stat_activity WHERE datname = current_database()");
    ASSERT_TRUE(waiting);
    if (waiting->integer(0, 0) > 0 || (tries > 20 && waiting->integer(0, 1) == 0)) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  const auto committed = one->execute("COMMIT");
  second.join();
  ASSERT_TRUE(committed) << to_text(committed.error());
  if (race.refused.empty()) {
    EXPECT_EQ(told, "");
  } else {
    EXPECT_THAT(told, ::testing::HasSubstr(race.refused));
  }
  const auto holds = one->query("SELECT " + race.holds);
  ASSERT_TRUE(holds) << to_text(holds.error());
  EXPECT_TRUE(holds->flag(0, 0)) << race.holds;
  (void)server->drop_database(*name);
}

INSTANTIATE_TEST_SUITE_P(List, DesignRace, ::testing::ValuesIn(races()), [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace pga::testing
