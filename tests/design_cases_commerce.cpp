// Shops, money and what is sold.
#include "design_cases.h"

namespace pga::testing {
namespace {

const char* const kShop =
    "CREATE TABLE customers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL); CREATE TABLE products (id "
    "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL); CREATE TABLE orders (id bigint GENERATED ALWAYS AS "
    "IDENTITY PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers);";
const char* const kShopRows =
    "INSERT INTO customers (name) VALUES ('Ann'), ('Bob'); INSERT INTO products (name) VALUES ('Shirt'), ('Cup'); INSERT INTO "
    "orders (customer_id) VALUES (1), (2), (1);";
const char* const kPeopleAndProducts =
    "CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE); CREATE TABLE products "
    "(id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);";
const char* const kPeopleAndProductRows =
    "INSERT INTO users (email) VALUES ('a@x.org'), ('b@x.org'); INSERT INTO products (name) VALUES ('Shirt'), ('Cup');";

}  // namespace

std::vector<DesignCase> design_cases_commerce() {
  return {
      {"variants",
       "products with size and color",
       kShop,
       kShopRows,
       {"INSERT INTO product_options (product_id, name) VALUES (1, 'Size'), (1, 'Colour'), (2, 'Size')",
        "INSERT INTO product_option_values (product_id, option_id, value) VALUES (1, 1, 'M'), (1, 1, 'L'), (1, 2, 'red'), (2, 3, "
        "'M')",
        "INSERT INTO product_variants (product_id, sku, price) VALUES (1, 'S-M-R', 10), (1, 'S-L-R', 0)",
        "INSERT INTO product_variant_values (variant_id, product_id, option_id, value_id) VALUES (1, 1, 1, 1), (1, 1, 2, 3)"},
       {{"INSERT INTO product_options (product_id, name) VALUES (1, 'Size')", "product_options_product_id_name_key"},
        {"INSERT INTO product_variants (product_id, sku, price) VALUES (2, 'S-M-R', 1)", "product_variants_sku_key"},
        {"INSERT INTO product_variants (product_id, sku, price) VALUES (2, 'X', -1)", "product_variants_price_range"},
        {"INSERT INTO product_variant_values VALUES (1, 1, 1, 2)", "product_variant_values_pkey"},
        {"INSERT INTO product_variant_values VALUES (2, 1, 1, 3)", "product_variant_values_value_fkey"},     // red is no size
        {"INSERT INTO product_variant_values VALUES (2, 2, 3, 4)", "product_variant_values_variant_fkey"}},  // of another product
       {{"SELECT variant_id FROM product_variant_values WHERE product_id = 1 AND option_id = 2 AND value_id = 3",
         "idx_product_variant_values_product_id_option_id_value_id"},
        {"SELECT id FROM product_variants WHERE product_id = 1", "product_variants_product_id_id_key"}}},
      {"price_lists",
       "different prices per customer group",
       kShop,
       kShopRows,
       {"INSERT INTO price_lists (code, currency) VALUES ('retail', 'EUR'), ('wholesale', 'EUR')",
        "INSERT INTO product_prices (product_id, price_list_id, amount, valid) VALUES (1, 1, 10, '[2026-01-01,2026-07-01)'), (1, "
        "1, 12, "
        "'[2026-07-01,)'), (1, 2, 8, '[2026-01-01,)')",
        "INSERT INTO product_prices (product_id, price_list_id, min_qty, amount) VALUES (1, 2, 100, 6)",
        "INSERT INTO product_prices (product_id, price_list_id, amount) VALUES (2, 1, 0)"},
       {{"INSERT INTO product_prices (product_id, price_list_id, amount, valid) VALUES (1, 1, 9, '[2026-06-30,2026-07-02)')",
         "product_prices_no_overlap"},
        {"INSERT INTO product_prices (product_id, price_list_id, amount, valid) VALUES (1, 1, 9, 'empty')",
         "product_prices_valid_not_empty"},
        {"INSERT INTO product_prices (product_id, price_list_id, min_qty, amount) VALUES (2, 2, 0, 9)",
         "product_prices_min_qty_range"},
        {"INSERT INTO price_lists (code, currency) VALUES ('x', 'eur')", "price_lists_currency_shape"},
        {"INSERT INTO product_prices (product_id, price_list_id, amount) VALUES (9, 1, 1)", "product_prices_product_id_fkey"}},
       {{"SELECT amount FROM product_prices WHERE product_id = 1 AND price_list_id = 1 AND valid @> now()",
         "product_prices_no_overlap"}}},
      {"inventory",
       "track stock per warehouse",
       kShop,
       kShopRows,
       {"INSERT INTO warehouses (name) VALUES ('North'), ('South')",
        "INSERT INTO stock_moves (product_id, warehouse_id, qty, reason) VALUES (1, 1, 10, 'receipt')",
        "UPDATE stock SET reserved = reserved + 4 WHERE product_id = 1 AND warehouse_id = 1 AND on_hand - reserved >= 4",
        "INSERT INTO stock_moves (product_id, warehouse_id, qty, reason, transfer_id) VALUES (1, 1, -2, 'transfer', "
        "'00000000-0000-0000-0000-000000000001'), (1, 2, 2, 'transfer', '00000000-0000-0000-0000-000000000001')",
        "DO $$BEGIN ASSERT (SELECT on_hand = 8 AND reserved = 4 FROM stock WHERE warehouse_id = 1); ASSERT (SELECT on_hand = 2 "
        "FROM "
        "stock WHERE warehouse_id = 2); END$$"},
       {{"INSERT INTO stock_moves (product_id, warehouse_id, qty, reason) VALUES (1, 2, -3, 'sale')", "stock_on_hand_range"},
        {"INSERT INTO stock_moves (product_id, warehouse_id, qty, reason) VALUES (1, 1, 0, 'sale')", "stock_moves_qty_not_zero"},
        {"INSERT INTO stock_moves (product_id, warehouse_id, qty, reason) VALUES (1, 1, 1, 'transfer')",
         "stock_moves_transfer_id_given"},
        {"UPDATE stock SET reserved = 9 WHERE warehouse_id = 1", "stock_reserved_range"},
        {"UPDATE stock_moves SET qty = 1", "never changed"},
        {"DELETE FROM stock_moves", "never changed"}},
       {{"SELECT * FROM stock_moves WHERE product_id = 1 AND warehouse_id = 1 ORDER BY created_at DESC LIMIT 20",
         "idx_stock_moves_product_id_warehouse_id_created_at"}}},
      {"cart",
       "shopping cart for guests and users",
       kPeopleAndProducts,
       kPeopleAndProductRows,
       {"INSERT INTO carts (user_id) VALUES (1)", "INSERT INTO carts (guest_token_hash) VALUES (sha256('a'))",
        "INSERT INTO cart_lines (cart_id, product_id, quantity) VALUES (1, 1, 2), (1, 2, 1)",
        "INSERT INTO cart_lines (cart_id, product_id, quantity) VALUES (1, 1, 2) ON CONFLICT (cart_id, product_id) DO UPDATE SET "
        "quantity = cart_lines.quantity + excluded.quantity",
        "UPDATE carts SET status = 'ordered' WHERE id = 1", "INSERT INTO carts (user_id) VALUES (1)"},
       {{"INSERT INTO carts (user_id) VALUES (1)", "idx_carts_user_id"},
        {"INSERT INTO carts (user_id, guest_token_hash) VALUES (2, sha256('b'))", "carts_one_owner"},
        {"INSERT INTO carts DEFAULT VALUES", "carts_one_owner"},
        {"INSERT INTO carts (guest_token_hash) VALUES ('abc')", "carts_guest_token_hash_length"},
        {"INSERT INTO cart_lines (cart_id, product_id, quantity) VALUES (2, 1, 0)", "cart_lines_quantity_range"}},
       {{"SELECT id FROM carts WHERE user_id = 1 AND status = 'open'", "idx_carts_user_id"}}},
      {"orders",
       "orders with order items",
       "CREATE TABLE customers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL); CREATE TABLE products "
       "(id bigint "
       "GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);",
       "INSERT INTO customers (name) VALUES ('Ann'); INSERT INTO products (name) VALUES ('Shirt'), ('Cup');",
       {"INSERT INTO orders (customer_id, number, currency) VALUES (1, '2026-1', 'EUR')",
        "INSERT INTO order_lines (order_id, line_no, product_id, product_name, sku, unit_price, quantity) VALUES (1, 1, 1, "
        "'Shirt', 'S', "
        "9.99, 3)",
        "UPDATE orders SET status = 'placed', placed_at = now()",
        "DO $$BEGIN ASSERT (SELECT line_total = 29.97 FROM order_lines); END$$"},
       {{"INSERT INTO order_lines (order_id, line_no, product_id, product_name, sku, unit_price, quantity) VALUES (1, 1, 2, "
         "'Cup', 'C', 1, 1)",
         "order_lines_pkey"},
        {"INSERT INTO order_lines (order_id, line_no, product_id, product_name, sku, unit_price, quantity) VALUES (1, 2, 2, "
         "'Cup', 'C', -1, 1)",
         "order_lines_unit_price_range"},
        {"INSERT INTO orders (customer_id, number, currency, status) VALUES (1, '2', 'EUR', 'placed')", "orders_placed_at_given"},
        {"INSERT INTO orders (customer_id, number, currency) VALUES (1, '2026-1', 'EUR')", "orders_number_key"},
        {"DELETE FROM products WHERE id = 1", "order_lines_product_id_fkey"},
        {"DELETE FROM customers", "orders_customer_id_fkey"}},
       {{"SELECT * FROM orders WHERE customer_id = 1 ORDER BY placed_at DESC LIMIT 20", "idx_orders_customer_id_placed_at"},
        {"SELECT * FROM order_lines WHERE product_id = 1", "idx_order_lines_product_id"}}},
      {"payments",
       "partial refunds",
       kShop,
       kShopRows,
       {"INSERT INTO payments (order_id, amount, currency, provider, idempotency_key) VALUES (1, 100, 'EUR', 'stripe', 'a')",
        "INSERT INTO refunds (payment_id, amount) VALUES (1, 60)", "INSERT INTO refunds (payment_id, amount) VALUES (1, 40)",
        "INSERT INTO provider_events (provider, event_id, kind, payload) VALUES ('stripe', 'e1', 'paid', '{}')"},
       {{"INSERT INTO refunds (payment_id, amount) VALUES (1, 0.01)", "refunds_within_payment"},
        {"UPDATE refunds SET amount = 61 WHERE id = 1", "refunds_within_payment"},
        {"INSERT INTO payments (order_id, amount, currency, provider, idempotency_key) VALUES (1, 100, 'EUR', 'stripe', 'a')",
         "payments_idempotency_key_key"},
        {"INSERT INTO payments (order_id, amount, currency, provider, idempotency_key) VALUES (1, 0, 'EUR', 'stripe', 'b')",
         "payments_amount_range"},
        {"INSERT INTO provider_events (provider, event_id, kind, payload) VALUES ('stripe', 'e1', 'paid', '{}')",
         "provider_events_pkey"},
        {"DELETE FROM orders WHERE id = 1", "payments_order_id_fkey"}},
       {{"SELECT * FROM payments WHERE order_id = 1", "idx_payments_order_id"},
        {"SELECT * FROM provider_events WHERE handled_at IS NULL ORDER BY received_at LIMIT 10",
         "idx_provider_events_received_at"}}},
      {"ledger",
       "wallet balance with transactions",
       "",
       "",
       {"INSERT INTO ledger_accounts (code, currency) VALUES ('cash', 'EUR'), ('customer:1', 'EUR'), ('dollars', 'USD')",
        "INSERT INTO ledger_entries (description, idempotency_key) VALUES ('paid in', 'k1'); INSERT INTO ledger_postings "
        "(entry_id, account_id, "
        "currency, amount) VALUES (1, 1, 'EUR', 500), (1, 2, 'EUR', -500)",
        "INSERT INTO ledger_entries (description, idempotency_key, reverses_id) VALUES ('taken back', 'k2', 1); INSERT INTO "
        "ledger_postings "
        "(entry_id, account_id, currency, amount) VALUES (2, 1, 'EUR', -500), (2, 2, 'EUR', 500)"},
       {{"INSERT INTO ledger_entries (description, idempotency_key) VALUES ('nothing', 'k3')", "ledger_entries_balanced"},
        {"INSERT INTO ledger_entries (id, description, idempotency_key) OVERRIDING SYSTEM VALUE VALUES (90, 'x', 'k4'); INSERT "
         "INTO "
         "ledger_postings (entry_id, account_id, currency, amount) VALUES (90, 1, 'EUR', 5), (90, 2, 'EUR', -4)",
         "ledger_entries_balanced"},
        {"INSERT INTO ledger_entries (id, description, idempotency_key) OVERRIDING SYSTEM VALUE VALUES (91, 'x', 'k5'); INSERT "
         "INTO "
         "ledger_postings (entry_id, account_id, currency, amount) VALUES (91, 1, 'EUR', 5), (91, 3, 'USD', -5)",
         "ledger_entries_balanced"},
        {"INSERT INTO ledger_postings (entry_id, account_id, currency, amount) VALUES (1, 1, 'EUR', 1)",
         "ledger_postings_in_entry"},
        {"INSERT INTO ledger_postings (entry_id, account_id, currency, amount) VALUES (1, 1, 'USD', 1)",
         "ledger_postings_account_fkey"},
        {"INSERT INTO ledger_entries (description, idempotency_key) VALUES ('again', 'k1')",
         "ledger_entries_idempotency_key_key"},
        {"UPDATE ledger_postings SET amount = 1", "never changed"},
        {"DELETE FROM ledger_entries", "never changed"},
        {"TRUNCATE ledger_postings", "never changed"}},
       {{"SELECT sum(amount) FROM ledger_postings WHERE account_id = 1 AND created_at >= '2026-01-01'",
         "idx_ledger_postings_account_id_created_at"}}},
      {"invoices",
       "invoice numbers without gaps per year",
       kShop,
       kShopRows,
       {"INSERT INTO invoices (customer_id, series, currency) VALUES (1, 'A', 'EUR'), (2, 'A', 'EUR'), (1, 'A', 'EUR')",
        "INSERT INTO invoice_lines (invoice_id, line_no, description, quantity, unit_price, tax_rate) VALUES (1, 1, 'Work', 2, "
        "50, 0.19)",
        "SELECT issue_invoice(1)", "BEGIN", "SELECT issue_invoice(2)", "ROLLBACK", "SELECT issue_invoice(3)",
        "UPDATE invoices SET status = 'paid' WHERE id = 1",
        "DO $$BEGIN ASSERT (SELECT array_agg(number ORDER BY number) = '{1,2}' FROM invoices WHERE number IS NOT NULL); END$$",
        "DELETE FROM invoices WHERE id = 2"},
       {{"UPDATE invoices SET currency = 'USD' WHERE id = 1", "invoices_frozen"},
        {"DELETE FROM invoices WHERE id = 1", "invoices_frozen"},
        {"UPDATE invoice_lines SET unit_price = 1", "invoice_lines_frozen"},
        {"INSERT INTO invoice_lines (invoice_id, line_no, description, unit_price, tax_rate) VALUES (1, 2, 'More', 1, 0)",
         "invoice_lines_frozen"},
        {"SELECT issue_invoice(1)", "there is no draft"},
        {"INSERT INTO invoices (customer_id, series, currency, status) VALUES (1, 'A', 'EUR', 'issued')",
         "invoices_number_given"}},
       {{"SELECT * FROM invoices WHERE customer_id = 1 ORDER BY issued_at DESC LIMIT 10", "idx_invoices_customer_id_issued_at"}}},
      {"subscriptions",
       "monthly plans with trial",
       kShop,
       kShopRows,
       {"INSERT INTO plans (code, name) VALUES ('pro', 'Pro')",
        "INSERT INTO plan_prices (plan_id, currency, amount, valid) VALUES (1, 'EUR', 10, '[2026-01-01,2026-06-01)'), (1, 'EUR', "
        "12, '[2026-06-01,)')",
        "INSERT INTO subscriptions (customer_id, plan_price_id, period, anchor_day) VALUES (1, 1, '[2026-01-31,2026-02-28)', 31)",
        "UPDATE subscriptions SET status = 'ended', ended_at = now()",
        "INSERT INTO subscriptions (customer_id, plan_price_id, period, anchor_day) VALUES (1, 2, '[2026-07-01,2026-08-01)', 1)"},
       {{"INSERT INTO subscriptions (customer_id, plan_price_id, period, anchor_day) VALUES (1, 1, '[2026-01-01,2026-02-01)', 1)",
         "idx_subscriptions_customer_id"},
        {"INSERT INTO plan_prices (plan_id, currency, amount) VALUES (1, 'EUR', 5)", "plan_prices_no_overlap"},
        {"UPDATE plan_prices SET amount = 1", "plan_prices_fixed"},
        {"UPDATE subscriptions SET status = 'active' WHERE id = 1", "subscriptions_ended_at_given"},
        {"INSERT INTO subscriptions (customer_id, plan_price_id, period, anchor_day) VALUES (2, 1, '[2026-01-01,)', 1)",
         "subscriptions_period_bounded"}},
       {{"SELECT id FROM subscriptions WHERE customer_id = 1 AND status <> 'ended'", "idx_subscriptions_customer_id"},
        {"SELECT id FROM subscriptions WHERE upper(period) <= now() AND status IN ('trialing', 'active', 'past_due')",
         "idx_subscriptions_renewal"}}},
      {"metering",
       "bill by api calls",
       kShop,
       kShopRows,
       {"INSERT INTO usage_events (customer_id, meter, qty, dedupe_key, at) VALUES (1, 'api_calls', 2, 'a', date_trunc('hour', "
        "now(), 'UTC')), (1, "
        "'api_calls', 3, 'b', date_trunc('hour', now(), 'UTC')), (2, 'api_calls', 1, 'a', date_trunc('hour', now(), 'UTC'))",
        "SELECT usage_sum_up(now() - interval '1 hour')", "SELECT usage_sum_up(now() - interval '1 hour')",
        "DO $$BEGIN ASSERT (SELECT array_agg(qty ORDER BY qty) = '{1,5}' FROM usage_hours); END$$"},
       {{"INSERT INTO usage_events (customer_id, meter, qty, dedupe_key, at) VALUES (1, 'api_calls', 2, 'a', date_trunc('hour', "
         "now(), 'UTC'))",
         "_pkey"},
        {"INSERT INTO usage_events (customer_id, meter, qty, dedupe_key) VALUES (1, 'm', 0, 'c')", "usage_events_qty_range"},
        {"INSERT INTO usage_hours (customer_id, meter, hour, qty) VALUES (1, 'm', '2026-01-01 00:30Z', 1)",
         "usage_hours_hour_whole"},
        {"INSERT INTO usage_hours (customer_id, meter, hour, qty) VALUES (9, 'm', '2026-01-01 00:00Z', 1)",
         "usage_hours_customer_id_fkey"}},
       {{"SELECT meter, sum(qty) FROM usage_hours WHERE customer_id = 1 GROUP BY meter", "usage_hours_pkey"}}},
      {"coupons",
       "discount codes",
       kShop,
       kShopRows,
       {"INSERT INTO coupons (code, percent_off, max_redemptions) VALUES ('SUMMER', 10, 2)",
        "INSERT INTO coupons (code, amount_off, currency) VALUES ('FIVE', 5, 'EUR')",
        "INSERT INTO coupon_redemptions (coupon_id, order_id, customer_id) VALUES (1, 1, 1)",
        "INSERT INTO coupon_redemptions (coupon_id, order_id, customer_id) VALUES (1, 2, 2)"},
       {{"INSERT INTO coupon_redemptions (coupon_id, order_id, customer_id) VALUES (1, 3, 1)",
         "coupon_redemptions_coupon_id_customer_id_key"},
        {"INSERT INTO customers (name) VALUES ('Cid'); INSERT INTO orders (customer_id) VALUES (3); INSERT INTO "
         "coupon_redemptions (coupon_id, "
         "order_id, customer_id) SELECT 1, max(o.id), 3 FROM orders o",
         "coupons_redeemed_limit"},
        {"INSERT INTO coupons (code, percent_off) VALUES ('summer', 5)", "idx_coupons_code"},
        {"INSERT INTO coupons (code, percent_off, amount_off, currency) VALUES ('BOTH', 5, 5, 'EUR')", "coupons_one_kind"},
        {"INSERT INTO coupons (code, amount_off) VALUES ('NOCUR', 5)", "coupons_currency_given"}},
       {{"SELECT id FROM coupons WHERE upper(code) = upper('summer')", "idx_coupons_code"}}},
  };
}

}  // namespace pga::testing
