-- An application that sells tickets for conferences, concerts and courses. First version.
-- Roles events_app and events_reporting must exist (roles.sql).

CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS citext;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE SCHEMA audit;
COMMENT ON SCHEMA audit IS 'Who changed what; written by triggers only';

-- Types ---------------------------------------------------------------------------------------------------------------------

CREATE TYPE event_status AS ENUM ('draft', 'in_review', 'published', 'cancelled', 'archived');
CREATE TYPE order_status AS ENUM ('pending', 'paid', 'expired', 'refunded');
CREATE TYPE payment_method AS ENUM ('card', 'sepa_debit', 'invoice');
CREATE TYPE ticket_state AS ENUM ('reserved', 'issued', 'void');
CREATE TYPE member_role AS ENUM ('owner', 'manager', 'staff');
CREATE TYPE delivery_state AS ENUM ('queued', 'sending', 'sent', 'failed');

CREATE DOMAIN email_address AS citext
  CONSTRAINT email_address_shape CHECK (VALUE ~ '^[^@\s]+@[^@\s]+\.[^@\s]+$');
COMMENT ON DOMAIN email_address IS 'Compared without regard to case';

CREATE DOMAIN money_cents AS bigint
  CONSTRAINT money_cents_not_negative CHECK (VALUE >= 0);

CREATE DOMAIN currency_code AS char(3)
  CONSTRAINT currency_code_upper CHECK (VALUE ~ '^[A-Z]{3}$');

-- Functions that tables and triggers use ------------------------------------------------------------------------------------

CREATE FUNCTION current_user_id() RETURNS bigint
  LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('app.user_id', true), '')::bigint $$;
COMMENT ON FUNCTION current_user_id() IS 'The signed-in user; the application sets app.user_id with SET LOCAL';

CREATE FUNCTION slugify(value text) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT trim(both '-' from regexp_replace(lower(value), '[^a-z0-9]+', '-', 'g')) $$;

CREATE FUNCTION touch_updated_at() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$$;

-- People and organisations --------------------------------------------------------------------------------------------------

CREATE TABLE organisations (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  slug text NOT NULL GENERATED ALWAYS AS (slugify(name)) STORED,
  currency currency_code NOT NULL DEFAULT 'EUR',
  settings jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT organisations_slug_key UNIQUE (slug),
  CONSTRAINT organisations_settings_object CHECK (jsonb_typeof(settings) = 'object')
);
COMMENT ON TABLE organisations IS 'A customer: who holds events and is paid for them';
COMMENT ON COLUMN organisations.slug IS 'Part of public addresses; follows the name';

CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email email_address NOT NULL,
  name text NOT NULL,
  password_hash text,
  locale text NOT NULL DEFAULT 'en',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  CONSTRAINT users_name_not_blank CHECK (btrim(name) <> '')
);
COMMENT ON TABLE users IS 'People with a login: attendees, and the staff of organisations';
COMMENT ON COLUMN users.name IS 'As it is printed on the badge';
COMMENT ON COLUMN users.deleted_at IS 'Set when the account was closed; rows are removed after 30 days';
CREATE UNIQUE INDEX users_email_active_key ON users (email) WHERE deleted_at IS NULL;
CREATE INDEX users_name_search ON users USING gin (name gin_trgm_ops);
CREATE TRIGGER users_touch BEFORE UPDATE ON users
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_updated_at();

CREATE TABLE memberships (
  organisation_id bigint NOT NULL REFERENCES organisations ON DELETE CASCADE,
  user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
  role member_role NOT NULL DEFAULT 'staff',
  joined_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organisation_id, user_id)
);
COMMENT ON TABLE memberships IS 'Which users work for which organisation';
CREATE INDEX memberships_user_id_idx ON memberships (user_id);
CREATE UNIQUE INDEX memberships_one_owner ON memberships (organisation_id) WHERE role = 'owner';

-- Places --------------------------------------------------------------------------------------------------------------------

CREATE TABLE venues (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id bigint NOT NULL REFERENCES organisations ON DELETE CASCADE,
  name text NOT NULL,
  address text,
  timezone text DEFAULT 'Europe/Berlin',
  location point,
  CONSTRAINT venues_organisation_name_key UNIQUE (organisation_id, name)
);
CREATE INDEX venues_location_idx ON venues USING gist (location);

CREATE TABLE rooms (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  venue_id bigint NOT NULL REFERENCES venues ON DELETE CASCADE,
  name text NOT NULL,
  capacity integer NOT NULL,
  CONSTRAINT rooms_venue_name_key UNIQUE (venue_id, name),
  CONSTRAINT rooms_capacity_positive CHECK (capacity > 0)
);

-- Events --------------------------------------------------------------------------------------------------------------------

CREATE TABLE events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id bigint NOT NULL REFERENCES organisations ON DELETE CASCADE,
  venue_id bigint REFERENCES venues ON DELETE RESTRICT,
  title text NOT NULL,
  description text NOT NULL DEFAULT '',
  status event_status NOT NULL DEFAULT 'draft',
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  legacy_code varchar(20),
  search tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', description), 'B')) STORED,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT events_ends_after_start CHECK (ends_at > starts_at)
);
COMMENT ON TABLE events IS 'Something that people can buy tickets for';
COMMENT ON COLUMN events.legacy_code IS 'Number in the old system';
CREATE INDEX events_search_idx ON events USING gin (search);
CREATE INDEX events_organisation_starts_idx ON events (organisation_id, starts_at DESC);
CREATE INDEX events_published_starts_idx ON events (starts_at) INCLUDE (title) WHERE status = 'published';
CREATE INDEX events_venue_id_idx ON events (venue_id);
CREATE TRIGGER events_touch BEFORE UPDATE OF title, description, status, starts_at, ends_at, venue_id ON events
  FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TABLE sessions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id bigint NOT NULL REFERENCES events ON DELETE CASCADE,
  room_id bigint REFERENCES rooms ON DELETE SET NULL,
  title text NOT NULL,
  during tstzrange NOT NULL,
  CONSTRAINT sessions_during_bounded CHECK (NOT isempty(during) AND lower(during) IS NOT NULL AND upper(during) IS NOT NULL),
  CONSTRAINT sessions_no_double_booking EXCLUDE USING gist (room_id WITH =, during WITH &&)
);
COMMENT ON CONSTRAINT sessions_no_double_booking ON sessions IS 'A room holds one session at a time';
CREATE INDEX sessions_event_id_idx ON sessions (event_id);

CREATE TABLE speakers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id bigint NOT NULL REFERENCES organisations ON DELETE CASCADE,
  user_id bigint REFERENCES users ON DELETE SET NULL,
  full_name text NOT NULL,
  email email_address NOT NULL,
  biography text NOT NULL DEFAULT ''
);
CREATE INDEX speakers_organisation_id_idx ON speakers (organisation_id);

CREATE TABLE session_speakers (
  session_id bigint NOT NULL REFERENCES sessions ON DELETE CASCADE,
  speaker_id bigint NOT NULL REFERENCES speakers ON DELETE CASCADE,
  position smallint NOT NULL DEFAULT 1,
  PRIMARY KEY (session_id, speaker_id),
  CONSTRAINT session_speakers_position_key UNIQUE (session_id, position) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE tags (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  label citext NOT NULL UNIQUE
);

CREATE TABLE event_tags (
  event_id bigint NOT NULL REFERENCES events ON DELETE CASCADE,
  tag_id integer NOT NULL REFERENCES tags ON DELETE CASCADE,
  PRIMARY KEY (event_id, tag_id)
);
CREATE INDEX event_tags_tag_id_idx ON event_tags (tag_id);

CREATE TABLE comments (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id bigint NOT NULL REFERENCES events ON DELETE CASCADE,
  author_id bigint,
  parent_id bigint REFERENCES comments ON DELETE CASCADE,
  body text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT comments_body_length CHECK (char_length(body) BETWEEN 1 AND 10000)
);
CREATE INDEX comments_event_created_idx ON comments (event_id, created_at DESC);
CREATE INDEX comments_parent_id_idx ON comments (parent_id) WHERE parent_id IS NOT NULL;

-- Sales ---------------------------------------------------------------------------------------------------------------------

CREATE TABLE ticket_types (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id bigint NOT NULL REFERENCES events ON DELETE CASCADE,
  name text NOT NULL,
  price_cents money_cents NOT NULL,
  quantity integer NOT NULL,
  on_sale tstzrange,
  CONSTRAINT ticket_types_event_name_key UNIQUE (event_id, name),
  CONSTRAINT ticket_types_quantity_range CHECK (quantity > 0)
);
COMMENT ON COLUMN ticket_types.on_sale IS 'NULL: on sale as long as the event is published';

CREATE SEQUENCE order_number_seq START WITH 100000 INCREMENT BY 7;

CREATE TABLE orders (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  number bigint NOT NULL DEFAULT nextval('order_number_seq') UNIQUE,
  user_id bigint NOT NULL REFERENCES users,
  event_id bigint NOT NULL REFERENCES events,
  status order_status NOT NULL DEFAULT 'pending',
  total_cents money_cents NOT NULL DEFAULT 0,
  expires_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT orders_pending_expires CHECK (status <> 'pending' OR expires_at IS NOT NULL)
);
ALTER SEQUENCE order_number_seq OWNED BY orders.number;
COMMENT ON COLUMN orders.number IS 'What the customer sees; not consecutive on purpose';
CREATE INDEX orders_user_idx ON orders (user_id);
CREATE INDEX orders_event_id_idx ON orders (event_id);
CREATE INDEX orders_expiring_idx ON orders (expires_at) WHERE status = 'pending';
CREATE INDEX orders_day_idx ON orders (date_trunc('day', created_at AT TIME ZONE 'UTC'));

CREATE TABLE order_items (
  order_id bigint NOT NULL REFERENCES orders ON DELETE CASCADE,
  line smallint NOT NULL,
  ticket_type_id bigint NOT NULL REFERENCES ticket_types,
  quantity integer NOT NULL CHECK (quantity BETWEEN 1 AND 50),
  unit_cents money_cents NOT NULL,
  amount_cents bigint GENERATED ALWAYS AS (quantity * unit_cents) STORED,
  PRIMARY KEY (order_id, line)
);
CREATE INDEX order_items_ticket_type_id_idx ON order_items (ticket_type_id);

CREATE TABLE payments (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id bigint NOT NULL REFERENCES orders,
  method payment_method NOT NULL,
  amount_cents money_cents NOT NULL,
  provider_reference text NOT NULL,
  provider_data jsonb,
  received_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT payments_provider_reference_key UNIQUE (method, provider_reference)
);
CREATE INDEX payments_order_id_idx ON payments (order_id);
CREATE INDEX payments_provider_data_idx ON payments USING gin (provider_data jsonb_path_ops);

CREATE TABLE tickets (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id bigint NOT NULL,
  order_line smallint NOT NULL,
  code uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
  holder_name text NOT NULL,
  holder_email email_address,
  state ticket_state NOT NULL DEFAULT 'reserved',
  CONSTRAINT tickets_order_line_fkey FOREIGN KEY (order_id, order_line) REFERENCES order_items (order_id, line) ON DELETE CASCADE
);
COMMENT ON COLUMN tickets.code IS 'Printed as a QR code';
CREATE INDEX tickets_order_line_idx ON tickets (order_id, order_line);

CREATE TABLE check_ins (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ticket_id integer NOT NULL REFERENCES tickets ON DELETE CASCADE,
  checked_by bigint REFERENCES users ON DELETE SET NULL,
  checked_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT check_ins_ticket_id_key UNIQUE (ticket_id)
);

CREATE TABLE waitlist_entries (
  event_id bigint NOT NULL REFERENCES events ON DELETE CASCADE,
  user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
  seats smallint NOT NULL DEFAULT 1 CHECK (seats BETWEEN 1 AND 10),
  entered_at timestamptz NOT NULL DEFAULT now(),
  offered_at timestamptz,
  PRIMARY KEY (event_id, user_id)
);
CREATE INDEX waitlist_entries_queue_idx ON waitlist_entries (event_id, entered_at) WHERE offered_at IS NULL;

-- Messages ------------------------------------------------------------------------------------------------------------------

CREATE TABLE notifications (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
  kind text NOT NULL,
  payload jsonb NOT NULL DEFAULT '{}',
  read_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX notifications_unread_idx ON notifications (user_id, created_at DESC) WHERE read_at IS NULL;

CREATE TABLE email_outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  recipient email_address NOT NULL,
  subject text NOT NULL,
  body text NOT NULL,
  state delivery_state NOT NULL DEFAULT 'queued',
  attempts smallint NOT NULL DEFAULT 0,
  last_error text,
  send_after timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
COMMENT ON TABLE email_outbox IS 'Written in the transaction that causes the message; a worker sends';
CREATE INDEX email_outbox_due_idx ON email_outbox (send_after) WHERE state IN ('queued', 'failed');

-- Audit log, a partition a month --------------------------------------------------------------------------------------------

CREATE TABLE audit.log (
  at timestamptz NOT NULL DEFAULT now(),
  id bigint GENERATED ALWAYS AS IDENTITY,
  actor_id bigint,
  relation text NOT NULL,
  action text NOT NULL CONSTRAINT log_action CHECK (action IN ('INSERT', 'UPDATE', 'DELETE')),
  row_before jsonb,
  row_after jsonb,
  PRIMARY KEY (at, id)
) PARTITION BY RANGE (at);
CREATE INDEX log_relation_at_idx ON audit.log (relation, at DESC);
CREATE TABLE audit.log_2026_01 PARTITION OF audit.log FOR VALUES FROM ('2026-01-01 00:00+00') TO ('2026-02-01 00:00+00');
CREATE TABLE audit.log_2026_02 PARTITION OF audit.log FOR VALUES FROM ('2026-02-01 00:00+00') TO ('2026-03-01 00:00+00');
CREATE TABLE audit.log_2026_03 PARTITION OF audit.log FOR VALUES FROM ('2026-03-01 00:00+00') TO ('2026-04-01 00:00+00');
CREATE TABLE audit.log_rest PARTITION OF audit.log DEFAULT;

CREATE FUNCTION audit.record() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, audit
  AS $$
BEGIN
  INSERT INTO audit.log (actor_id, relation, action, row_before, row_after)
  VALUES (public.current_user_id(), TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME, TG_OP,
          CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END,
          CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END);
  RETURN NULL;
END
$$;
CREATE TRIGGER orders_audit AFTER INSERT OR UPDATE OR DELETE ON orders FOR EACH ROW EXECUTE FUNCTION audit.record();
CREATE TRIGGER payments_audit AFTER INSERT OR UPDATE OR DELETE ON payments FOR EACH ROW EXECUTE FUNCTION audit.record();

-- Sold seats are counted where they are sold --------------------------------------------------------------------------------

CREATE FUNCTION seats_left(type_id bigint) RETURNS bigint
  LANGUAGE sql STABLE
  AS $$
  SELECT tt.quantity - coalesce(sum(oi.quantity), 0)
  FROM ticket_types tt
  LEFT JOIN (order_items oi JOIN orders o ON o.id = oi.order_id AND o.status IN ('pending', 'paid')) ON oi.ticket_type_id = tt.id
  WHERE tt.id = type_id
  GROUP BY tt.quantity
$$;

CREATE FUNCTION refuse_oversold() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM 1 FROM ticket_types WHERE id = NEW.ticket_type_id FOR UPDATE;
  IF seats_left(NEW.ticket_type_id) < 0 THEN
    RAISE EXCEPTION 'ticket type % is sold out', NEW.ticket_type_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER order_items_not_oversold AFTER INSERT OR UPDATE OF quantity, ticket_type_id ON order_items
  DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION refuse_oversold();

-- Views ---------------------------------------------------------------------------------------------------------------------

CREATE VIEW upcoming_events WITH (security_invoker = true) AS
  SELECT e.id, e.title, e.starts_at, v.name AS venue, o.name AS organisation
  FROM events e
  JOIN organisations o ON o.id = e.organisation_id
  LEFT JOIN venues v ON v.id = e.venue_id
  WHERE e.status = 'published' AND e.starts_at > now();
COMMENT ON VIEW upcoming_events IS 'What the public site lists';

CREATE VIEW attendance AS
  SELECT o.event_id, count(*) AS tickets, count(c.id) AS checked_in
  FROM orders o
  JOIN tickets t ON t.order_id = o.id AND t.state = 'issued'
  LEFT JOIN check_ins c ON c.ticket_id = t.id
  GROUP BY o.event_id;

CREATE MATERIALIZED VIEW daily_sales AS
  SELECT o.event_id, date_trunc('day', o.created_at AT TIME ZONE 'UTC')::date AS day, count(*) AS orders, sum(o.total_cents) AS total_cents
  FROM orders o
  WHERE o.status = 'paid'
  GROUP BY 1, 2;
CREATE UNIQUE INDEX daily_sales_key ON daily_sales (event_id, day);
COMMENT ON MATERIALIZED VIEW daily_sales IS 'Refreshed every hour';

-- Who may see and do what ---------------------------------------------------------------------------------------------------

ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY orders_own ON orders TO events_app USING (user_id = current_user_id()) WITH CHECK (user_id = current_user_id());
CREATE POLICY orders_staff ON orders FOR SELECT TO events_app USING (EXISTS (
  SELECT 1 FROM events e JOIN memberships m ON m.organisation_id = e.organisation_id
  WHERE e.id = orders.event_id AND m.user_id = current_user_id()));

ALTER TABLE events ENABLE ROW LEVEL SECURITY;
CREATE POLICY events_public ON events FOR SELECT USING (status = 'published');
CREATE POLICY events_members ON events TO events_app USING (EXISTS (
  SELECT 1 FROM memberships m WHERE m.organisation_id = events.organisation_id AND m.user_id = current_user_id()));

ALTER TABLE notifications ENABLE ROW LEVEL SECURITY;
ALTER TABLE notifications FORCE ROW LEVEL SECURITY;
CREATE POLICY notifications_own ON notifications TO events_app USING (user_id = current_user_id());

GRANT USAGE ON SCHEMA public TO events_app, events_reporting;
GRANT SELECT, INSERT, UPDATE, DELETE ON organisations, users, memberships, venues, rooms, events, sessions, speakers, session_speakers,
  tags, event_tags, comments, ticket_types, orders, order_items, payments, tickets, check_ins, waitlist_entries, notifications,
  email_outbox TO events_app;
GRANT USAGE ON SEQUENCE order_number_seq TO events_app;
GRANT SELECT ON upcoming_events, attendance, daily_sales TO events_app, events_reporting;
GRANT SELECT (id, organisation_id, title, status, starts_at, ends_at) ON events TO events_reporting;
REVOKE EXECUTE ON FUNCTION audit.record() FROM PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO events_reporting;
