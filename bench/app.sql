-- The schema of tests/index_truth_test.cpp, for tests/indexes/what_if_accuracy.

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
