-- A few hundred rows for v1.sql, so that a demonstration has something to lose. The same rows at every run. None of them breaks a rule
-- that v2.sql adds (no venue without a timezone, no event in the status that goes).
INSERT INTO organisations (name) SELECT 'Organisation ' || n FROM generate_series(1, 5) n;
INSERT INTO users (email, name) SELECT 'user' || n || '@example.org', 'User ' || n FROM generate_series(1, 200) n;
INSERT INTO memberships (organisation_id, user_id, role) SELECT n, n, 'owner' FROM generate_series(1, 5) n;
INSERT INTO venues (organisation_id, name, timezone)
  SELECT n, 'Venue ' || n, 'Europe/Vienna' FROM generate_series(1, 5) n;
INSERT INTO rooms (venue_id, name, capacity) SELECT v, 'Room ' || r, 50 * r FROM generate_series(1, 5) v, generate_series(1, 3) r;
INSERT INTO events (organisation_id, venue_id, title, status, starts_at, ends_at, legacy_code)
  SELECT 1 + n % 5, 1 + n % 5, 'Event ' || n,
         (ARRAY['draft', 'draft', 'published', 'published', 'archived']::event_status[])[1 + n % 5],
         timestamptz '2026-03-01 09:00+00' + n * interval '1 day', timestamptz '2026-03-01 17:00+00' + n * interval '1 day', 'L-' || n
  FROM generate_series(1, 40) n;
INSERT INTO sessions (event_id, room_id, title, during)
  SELECT n, 1 + n % 15, 'Opening', tstzrange(timestamptz '2026-03-01 09:00+00' + n * interval '1 day', timestamptz '2026-03-01 10:00+00' + n * interval '1 day')
  FROM generate_series(1, 40) n;
INSERT INTO speakers (organisation_id, full_name, email) SELECT 1 + n % 5, 'Speaker ' || n, 'speaker' || n || '@example.org' FROM generate_series(1, 20) n;
INSERT INTO comments (event_id, author_id, body) SELECT 1 + n % 40, 1 + n % 200, 'Looking forward to it' FROM generate_series(1, 100) n;
INSERT INTO ticket_types (event_id, name, price_cents, quantity) SELECT n, 'Standard', 4900, 200 FROM generate_series(1, 40) n;
INSERT INTO orders (user_id, event_id, status, total_cents, created_at)
  SELECT 1 + n % 200, 1 + n % 40, 'paid', 4900, timestamptz '2026-02-01 12:00+00' + n * interval '1 hour' FROM generate_series(1, 300) n;
INSERT INTO order_items (order_id, line, ticket_type_id, quantity, unit_cents) SELECT id, 1, event_id, 1, 4900 FROM orders;
INSERT INTO payments (order_id, method, amount_cents, provider_reference) SELECT id, 'card', 4900, 'ref-' || id FROM orders;
INSERT INTO tickets (order_id, order_line, holder_name, state) SELECT id, 1, 'User ' || user_id, 'issued' FROM orders;
INSERT INTO check_ins (ticket_id) SELECT id FROM tickets WHERE id % 3 = 0;
REFRESH MATERIALIZED VIEW daily_sales;
