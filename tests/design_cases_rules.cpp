// Who may do what, rules between columns, things of several kinds, sums.
#include "design_cases.h"

namespace pga::testing {
namespace {

const char* const kShop =
    "CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE); CREATE TABLE orders "
    "(id "
    "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id bigint NOT NULL REFERENCES users, status text NOT NULL, "
    "tracking_no "
    "text, placed_at timestamptz NOT NULL DEFAULT now()); CREATE TABLE comments (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY "
    "KEY, author_id bigint NOT NULL REFERENCES users, body text NOT NULL);";
const char* const kShopRows =
    "INSERT INTO users (email) VALUES ('a@x.org'), ('b@x.org'); INSERT INTO comments (author_id, body) VALUES (1, 'one'), (2, "
    "'two'); INSERT INTO orders "
    "(user_id, status) VALUES (1, 'new'); DO $$BEGIN IF to_regrole('design_app') IS NULL THEN CREATE ROLE design_app; END IF; "
    "END$$; GRANT SELECT, INSERT, UPDATE, "
    "DELETE ON ALL TABLES IN SCHEMA public TO design_app;";

}  // namespace

std::vector<DesignCase> design_cases_rules() {
  return {
      {"policy_own",
       "users can only edit their own comments",
       kShop,
       kShopRows,
       {"SET ROLE design_app", "SET app.user_id = '1'", "UPDATE comments SET body = 'changed'",
        "DO $$BEGIN ASSERT (SELECT array_agg(body ORDER BY id) = '{changed,two}' FROM comments); END$$", "RESET app.user_id",
        "UPDATE comments SET body = 'nobody'",
        "DO $$BEGIN ASSERT (SELECT array_agg(body ORDER BY id) = '{changed,two}' FROM comments); END$$", "SET app.user_id = '1'"},
       {{"UPDATE comments SET author_id = 2 WHERE author_id = 1", "row-level security"},
        {"INSERT INTO comments (author_id, body) VALUES (99, 'x')", "comments_author_id_fkey"},
        {"ALTER TABLE comments DISABLE ROW LEVEL SECURITY", "must be owner"},
        {"DROP POLICY comments_update_allowed ON comments", "must be owner"}},
       {{"UPDATE comments SET body = 'x' WHERE author_id = 1", "idx_comments_author_id"}}},
      {"policy_role",
       "only admins can delete orders",
       kShop,
       kShopRows,
       {"SET ROLE design_app", "DELETE FROM orders", "DO $$BEGIN ASSERT (SELECT count(*) = 1 FROM orders); END$$",
        "INSERT INTO orders (user_id, status) VALUES (2, 'new')", "SET app.role = 'admin'",
        "DELETE FROM orders WHERE user_id = 2", "DO $$BEGIN ASSERT (SELECT count(*) = 1 FROM orders); END$$",
        "UPDATE orders SET status = 'paid'"},
       {{"INSERT INTO orders (user_id, status) VALUES (99, 'new')", "orders_user_id_fkey"},
        {"ALTER TABLE orders NO FORCE ROW LEVEL SECURITY", "must be owner"},
        {"DROP POLICY orders_delete_allowed ON orders", "must be owner"},
        {"TRUNCATE orders", "permission denied"}},
       {}},
      {"implication",
       "if status is shipped then tracking_no must be set",
       kShop,
       kShopRows,
       {"UPDATE orders SET status = 'shipped', tracking_no = 'T1'", "UPDATE orders SET status = 'new', tracking_no = NULL",
        "INSERT INTO orders (user_id, status, tracking_no) VALUES (1, 'shipped', 'T2')",
        "INSERT INTO orders (user_id, status) VALUES (1, 'paid')"},
       {{"UPDATE orders SET status = 'shipped', tracking_no = NULL", "orders_tracking_no_exactly_when"},
        {"INSERT INTO orders (user_id, status) VALUES (1, 'shipped')", "orders_tracking_no_exactly_when"},
        {"INSERT INTO orders (user_id, status, tracking_no) VALUES (1, 'paid', 'T')", "orders_tracking_no_exactly_when"},
        {"UPDATE orders SET tracking_no = 'T9' WHERE status = 'new'", "orders_tracking_no_exactly_when"}},
       {}},
      {"implication_one_way",
       "if status is shipped then tracking_no must be set",
       kShop,
       kShopRows,
       {"UPDATE orders SET status = 'shipped', tracking_no = 'T1'", "UPDATE orders SET status = 'returned'",
        "INSERT INTO orders (user_id, status, tracking_no) VALUES (1, 'paid', 'T')",
        "INSERT INTO orders (user_id, status) VALUES (1, 'paid')"},
       {{"UPDATE orders SET status = 'shipped', tracking_no = NULL", "orders_tracking_no_when"},
        {"INSERT INTO orders (user_id, status) VALUES (1, 'shipped')", "orders_tracking_no_when"},
        {"INSERT INTO orders (user_id, tracking_no) VALUES (1, 'T')", "status"},
        {"INSERT INTO orders (user_id, status) VALUES (99, 'new')", "orders_user_id_fkey"}},
       {},
       {{"order-implication-both-ways", "one-way"}}},
      {"kinds_of",
       "a customer is a kind of party. A supplier is a kind of party.",
       "",
       "",
       {"INSERT INTO parties (kind) VALUES ('customer'), ('supplier')", "INSERT INTO customers (party_id) VALUES (1)",
        "INSERT INTO suppliers (party_id) VALUES (2)", "DELETE FROM parties WHERE id = 2"},
       {{"INSERT INTO suppliers (party_id) VALUES (1)", "suppliers_party_fkey"},
        {"INSERT INTO parties (kind) VALUES ('partner')", "parties_kind_known"},
        {"UPDATE customers SET kind = 'supplier'", "customers_kind_fixed"},
        {"INSERT INTO customers (party_id) VALUES (9)", "customers_party_fkey"}},
       {{"SELECT * FROM customers WHERE party_id = 1", "customers_pkey"}}},
      {"kinds_at_once",
       "a company can be customer and supplier",
       "",
       "",
       {"INSERT INTO companies DEFAULT VALUES", "INSERT INTO customers (company_id) VALUES (1)",
        "INSERT INTO suppliers (company_id) VALUES (1)", "INSERT INTO companies DEFAULT VALUES"},
       {{"INSERT INTO customers (company_id) VALUES (1)", "customers_company_id_key"},
        {"INSERT INTO suppliers (company_id) VALUES (9)", "suppliers_company_id_fkey"},
        {"INSERT INTO customers DEFAULT VALUES", "company_id"},
        {"UPDATE suppliers SET company_id = NULL", "company_id"}},
       {{"SELECT * FROM customers WHERE company_id = 1", "customers_company_id_key"}},
       {{"company-kinds-exclusive", "several"}}},
      {"sums",
       "count orders per user per month",
       kShop,
       kShopRows,
       {"INSERT INTO orders (user_id, status, placed_at) VALUES (1, 'new', '2026-01-05'), (1, 'new', '2026-01-06'), (2, 'new', "
        "'2026-01-07')",
        "DELETE FROM orders WHERE placed_at > '2026-02-01'",
        "DO $$BEGIN ASSERT (SELECT array_agg(n ORDER BY user_id) = '{2,1}' FROM (SELECT user_id, date_trunc('month', placed_at), "
        "count(*) AS n FROM orders GROUP BY 1, 2) s); END$$",
        "ANALYZE orders"},
       {{"INSERT INTO orders (user_id, status) VALUES (99, 'new')", "orders_user_id_fkey"},
        {"INSERT INTO orders (user_id) VALUES (1)", "status"},
        {"INSERT INTO orders (status) VALUES ('new')", "user_id"},
        {"INSERT INTO orders (user_id, status, placed_at) VALUES (1, 'new', NULL)", "placed_at"}},
       {{"SELECT placed_at FROM orders WHERE user_id = 1 ORDER BY placed_at", "idx_orders_user_id_placed_at"}}},
  };
}

}  // namespace pga::testing
