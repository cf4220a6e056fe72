// What goes on in the background, and what goes to other systems; history and states.
#include "design_cases.h"

namespace pga::testing {
namespace {

const char* const kShop =
    "CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE); CREATE TABLE customers "
    "(id bigint "
    "GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL); CREATE TABLE products (id bigint GENERATED ALWAYS AS "
    "IDENTITY PRIMARY KEY, "
    "name text NOT NULL);";
const char* const kShopRows =
    "INSERT INTO users (email) VALUES ('a@x.org'), ('b@x.org'); INSERT INTO customers (name) VALUES ('Ann'), ('Bob'); INSERT "
    "INTO products (name) VALUES ('Shirt'), ('Cup');";
const std::string kHash = "decode(repeat('ab', 32), 'hex')", kOther = "decode(repeat('cd', 32), 'hex')";

}  // namespace

std::vector<DesignCase> design_cases_integration() {
  return {
      {"audit_trail",
       "audit trail, keep 2 years",
       kShop,
       kShopRows,
       {"SET app.user_id = '7'", "UPDATE products SET name = 'Tee' WHERE id = 1", "DELETE FROM products WHERE id = 2",
        "DO $$BEGIN ASSERT (SELECT array_agg(operation || ' ' || actor ORDER BY id) = ARRAY['UPDATE 7', 'DELETE 7'] FROM "
        "audit_logs WHERE relation = 'public.products'); END$$",
        "UPDATE products SET name = name", "DO $$BEGIN ASSERT (SELECT count(*) = 2 FROM audit_logs); END$$"},
       {{"INSERT INTO audit_logs (relation, operation) VALUES ('x', 'LOOK')", "audit_logs_operation_known"},
        {"UPDATE audit_logs SET relation = NULL", "relation"},
        {"INSERT INTO audit_logs (operation) VALUES ('UPDATE')", "relation"},
        {"INSERT INTO audit_logs (relation, operation, at) VALUES ('x', 'UPDATE', '2001-01-01')", "no partition of relation"}},
       {{"SELECT at FROM audit_logs WHERE relation = 'public.products' AND row_key = '{\"id\": 1}' ORDER BY at DESC",
         "relation_row_key_at"}}},
      {"trash",
       "add a trash to products",
       kShop,
       kShopRows,
       {"UPDATE products SET deleted_at = now() WHERE id = 1",
        "DO $$BEGIN ASSERT (SELECT array_agg(id) = '{2}' FROM live_products); END$$", "UPDATE products SET deleted_at = NULL",
        "DO $$BEGIN ASSERT (SELECT count(*) = 2 FROM live_products); END$$"},
       {{"UPDATE products SET deleted_at = 'yes'", "timestamp"},
        {"INSERT INTO live_products (name) VALUES (NULL)", "name"},
        {"INSERT INTO products (deleted_at) VALUES (now())", "name"},
        {"UPDATE live_products SET name = NULL", "name"}},
       {}},
      {"temporal",
       "see prices as of a date",
       kShop,
       kShopRows,
       {"INSERT INTO product_prices (product_id, price, valid) VALUES (1, 10, '[2026-01-01,2026-02-01)'), (1, 12, "
        "'[2026-02-01,)'), (2, 5, '[2026-01-01,)')",
        "DO $$BEGIN ASSERT (SELECT price = 10 FROM product_prices WHERE product_id = 1 AND valid @> date '2026-01-31'); END$$",
        "UPDATE product_prices SET valid = daterange(lower(valid), '2026-06-01') WHERE product_id = 1 AND upper_inf(valid)",
        "INSERT INTO product_prices (product_id, price, valid) VALUES (1, 13, '[2026-06-01,)')"},
       {{"INSERT INTO product_prices (product_id, price, valid) VALUES (1, 9, '[2026-01-15,2026-01-16)')",
         "product_prices_no_overlap"},
        {"INSERT INTO product_prices (product_id, price, valid) VALUES (1, 9, 'empty')", "product_prices_valid_shape"},
        {"INSERT INTO product_prices (product_id, price, valid) VALUES (1, 9, '(,2020-01-01)')", "product_prices_valid_shape"},
        {"INSERT INTO product_prices (product_id, price, valid) VALUES (1, -9, '[2020-01-01,2020-02-01)')",
         "product_prices_price_range"},
        {"INSERT INTO product_prices (product_id, price, valid) VALUES (9, 9, '[2020-01-01,2020-02-01)')",
         "product_prices_product_id_fkey"}},
       {{"SELECT price FROM product_prices WHERE product_id = 1 AND valid @> date '2026-01-31'", "product_prices_no_overlap"}}},
      {"temporal_system",
       "see prices as of a date",
       kShop,
       kShopRows,
       {"UPDATE products SET name = 'T-Shirt' WHERE id = 1", "UPDATE products SET name = 'Tee' WHERE id = 1",
        "DELETE FROM products WHERE id = 1",
        "DO $$BEGIN ASSERT (SELECT array_agg(row_data ->> 'name' ORDER BY lower(held)) = '{Shirt,T-Shirt,Tee}' FROM "
        "product_history WHERE product_id = 1); END$$",
        "DO $$BEGIN ASSERT (SELECT bool_and(upper(a.held) = lower(b.held)) FROM product_history a JOIN product_history b ON b.id "
        "= a.id + 1); END$$"},
       {{"UPDATE product_history SET row_data = '{}'", "never changed"},
        {"DELETE FROM product_history", "never changed"},
        {"INSERT INTO product_history (product_id, held) VALUES (1, 'empty')", "row_data"},
        {"UPDATE products SET name = NULL", "name"}},
       {{"SELECT row_data FROM product_history WHERE product_id = 1 ORDER BY lower(held) DESC LIMIT 1",
         "idx_product_history_product_id_lower_held"}},
       {{"product-history", "system"}}},
      {"workflow",
       "approval flow",
       "",
       "",
       {"INSERT INTO request_transitions VALUES ('draft', 'submitted'), ('submitted', 'approved'), ('submitted', 'rejected'), "
        "('rejected', 'draft') ON CONFLICT DO NOTHING",
        "INSERT INTO requests DEFAULT VALUES", "SET app.user_id = '7'", "UPDATE requests SET status = 'submitted'",
        "UPDATE requests SET status = 'approved', approved_at = now()",
        "DO $$BEGIN ASSERT (SELECT array_agg(from_status || '>' || to_status || ' ' || by_whom ORDER BY id) = "
        "ARRAY['draft>submitted 7', 'submitted>approved 7'] FROM request_status_changes); END$$"},
       {{"UPDATE requests SET status = 'draft', approved_at = NULL", "no way from approved to draft"},
        {"INSERT INTO requests (status) VALUES ('approved')", "requests_approved_at_given"},
        {"INSERT INTO requests (status) VALUES ('odd')", "requests_status_known"},
        {"INSERT INTO request_transitions VALUES ('draft', 'draft')", "request_transitions_moves"},
        {"UPDATE request_status_changes SET by_whom = 'x'", "never changed"}},
       {{"SELECT id FROM requests WHERE status = 'submitted'", "idx_requests_status"}}},
      {"outbox",
       "sync to kafka reliably",
       "",
       "",
       {"INSERT INTO outbox (topic, payload) VALUES ('order.placed', '{}'), ('order.paid', '{}')",
        "DO $$BEGIN ASSERT (SELECT count(*) = 2 FROM outbox WHERE published_at IS NULL AND xid < "
        "pg_snapshot_xmin(pg_current_snapshot())); END$$",
        "UPDATE outbox SET published_at = now() WHERE id = 1", "DELETE FROM outbox WHERE published_at IS NOT NULL"},
       {{"INSERT INTO outbox (topic, payload) VALUES ('x', '[]')", "outbox_payload_object"},
        {"INSERT INTO outbox (topic, payload) VALUES ('', '{}')", "outbox_topic_length"},
        {"INSERT INTO outbox (topic) VALUES ('x')", "payload"},
        {"INSERT INTO outbox (topic, payload, key) VALUES ('x', '{}', repeat('k', 201))", "outbox_key_length"}},
       {{"SELECT id FROM outbox WHERE published_at IS NULL AND xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY xid, id "
         "LIMIT 100",
         "idx_outbox_xid_id"}}},
      {"idempotency",
       "no duplicate orders on double click",
       kShop,
       kShopRows,
       {"INSERT INTO idempotency_keys (user_id, key, request_hash) VALUES (1, 'k', " + kHash + ")",
        "UPDATE idempotency_keys SET locked_at = NULL, response_status = 201, response_body = '{\"id\": 1}'",
        "INSERT INTO idempotency_keys (user_id, key, request_hash) VALUES (2, 'k', " + kHash + ")",
        "INSERT INTO idempotency_keys (user_id, key, request_hash) VALUES (1, 'k', " + kOther + ") ON CONFLICT DO NOTHING"},
       {{"INSERT INTO idempotency_keys (user_id, key, request_hash) VALUES (1, 'k', " + kHash + ")", "idempotency_keys_pkey"},
        {"UPDATE idempotency_keys SET locked_at = NULL WHERE user_id = 2", "idempotency_keys_done_or_locked"},
        {"UPDATE idempotency_keys SET response_status = 20 WHERE user_id = 1", "idempotency_keys_response_status_range"},
        {"INSERT INTO idempotency_keys (user_id, key, request_hash) VALUES (1, 'z', 'abc')",
         "idempotency_keys_request_hash_length"}},
       {{"SELECT response_status FROM idempotency_keys WHERE user_id = 1 AND key = 'k'", "idempotency_keys_pkey"},
        {"DELETE FROM idempotency_keys WHERE expires_at < now()", "idx_idempotency_keys_expires_at"}}},
      {"webhooks",
       "send webhooks to customers",
       kShop,
       kShopRows,
       {"INSERT INTO webhook_endpoints (customer_id, url, secret) VALUES (1, 'https://x.org/hook', '\\x01')",
        "INSERT INTO webhook_deliveries (endpoint_id, event_id, event, payload) VALUES (1, "
        "'00000000-0000-0000-0000-000000000001', 'order.placed', '{}')",
        "UPDATE webhook_deliveries SET status = 'failed', next_at = NULL, response_code = 500",
        "INSERT INTO webhook_deliveries (endpoint_id, event_id, event, payload, attempt, next_at) VALUES (1, "
        "'00000000-0000-0000-0000-000000000001', 'order.placed', '{}', 2, now() + interval '1 minute')"},
       {{"INSERT INTO webhook_endpoints (customer_id, url, secret) VALUES (1, 'http://x.org', '\\x01')",
         "webhook_endpoints_url_shape"},
        {"INSERT INTO webhook_deliveries (endpoint_id, event_id, event, payload, attempt) VALUES (1, "
         "'00000000-0000-0000-0000-000000000001', 'order.placed', '{}', 2)",
         "webhook_deliveries_endpoint_id_event_id_attempt_key"},
        {"UPDATE webhook_deliveries SET status = 'succeeded' WHERE attempt = 2", "webhook_deliveries_next_at_given"},
        {"UPDATE webhook_deliveries SET attempt = 21", "webhook_deliveries_attempt_range"},
        {"UPDATE webhook_deliveries SET response_body = repeat('x', 2001)", "webhook_deliveries_response_body_length"}},
       {{"SELECT id FROM webhook_deliveries WHERE status = 'pending' AND next_at <= now() ORDER BY next_at LIMIT 50",
         "idx_webhook_deliveries_next_at"},
        {"SELECT id FROM webhook_deliveries WHERE endpoint_id = 1 ORDER BY created_at DESC LIMIT 5",
         "idx_webhook_deliveries_endpoint_id_created_at"}}},
      {"job_queue",
       "background jobs",
       "",
       "",
       {"INSERT INTO jobs (kind, priority, unique_key) VALUES ('mail', 3, 'a'), ('mail', 1, 'b'), ('mail', 2, NULL)",
        "UPDATE jobs SET state = 'running', locked_at = now(), locked_by = 'w1', attempt = attempt + 1 WHERE id = (SELECT id "
        "FROM jobs WHERE queue = 'default' AND state IN ('available', 'retryable') AND run_at <= now() ORDER BY priority, "
        "run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)",
        "DO $$BEGIN ASSERT (SELECT unique_key = 'b' FROM jobs WHERE state = 'running'); END$$",
        "UPDATE jobs SET state = 'done', finished_at = now(), locked_at = NULL, locked_by = NULL WHERE state = 'running'",
        "INSERT INTO jobs (kind, unique_key) VALUES ('mail', 'b')"},
       {{"INSERT INTO jobs (kind, unique_key) VALUES ('mail', 'a')", "idx_jobs_kind_unique_key"},
        {"UPDATE jobs SET state = 'running' WHERE unique_key = 'a'", "jobs_state_running"},
        {"UPDATE jobs SET state = 'done' WHERE unique_key = 'a'", "jobs_state_finished"},
        {"UPDATE jobs SET attempt = 26", "jobs_attempt_range"},
        {"INSERT INTO jobs (kind, priority) VALUES ('mail', 5)", "jobs_priority_range"}},
       {{"SELECT id FROM jobs WHERE queue = 'default' AND state IN ('available', 'retryable') AND run_at <= now() ORDER BY "
         "priority, run_at, id LIMIT 1",
         "idx_jobs_queue_priority_run_at_id"}}},
      {"imports",
       "import customers from csv every night",
       kShop,
       kShopRows,
       {"INSERT INTO import_batches (source, file_name, file_hash, rows_read) VALUES ('crm', 'a.csv', " + kHash + ", 2)",
        "INSERT INTO customer_staging (batch_id, row_no, external_id, raw, error) VALUES (1, 1, 'x1', '{\"name\": \"Ann\"}', "
        "NULL), (1, 2, NULL, '{}', 'no name')",
        "INSERT INTO customer_sources (source, external_id, customer_id, last_batch_id) VALUES ('crm', 'x1', 1, 1)",
        "INSERT INTO customer_merges (from_id, into_id) VALUES (77, 1)", "UPDATE import_batches SET state = 'merged'"},
       {{"INSERT INTO import_batches (source, file_name, file_hash) VALUES ('crm', 'b.csv', " + kHash + ")",
         "import_batches_source_file_hash_key"},
        {"INSERT INTO customer_sources (source, external_id, customer_id, last_batch_id) VALUES ('crm', 'x1', 2, 1)",
         "customer_sources_pkey"},
        {"UPDATE import_batches SET rows_failed = 3", "import_batches_rows_failed_range"},
        {"INSERT INTO customer_merges (from_id, into_id) VALUES (1, 1)", "customer_merges_not_itself"},
        {"INSERT INTO customer_staging (batch_id, row_no, raw) VALUES (1, 1, '{}')", "customer_staging_pkey"}},
       {{"SELECT customer_id FROM customer_sources WHERE source = 'crm' AND external_id = 'x1'", "customer_sources_pkey"},
        {"SELECT row_no FROM customer_staging WHERE batch_id = 1 AND error IS NOT NULL", "idx_customer_staging_batch_id"}}},
  };
}

}  // namespace pga::testing
