-- The history of migrations: made once, under the runner's lock. Every name is qualified.
CREATE SCHEMA IF NOT EXISTS pgarchitect;
COMMENT ON SCHEMA pgarchitect IS 'History of migrations, kept by pgarchitect migrate';

CREATE TABLE IF NOT EXISTS pgarchitect.runner (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  layout integer NOT NULL,
  token bigint NOT NULL,
  pid integer,
  taken_at timestamptz,
  taken_by text
);
COMMENT ON TABLE pgarchitect.runner IS 'The fencing token: raised by each runner that takes the lock, compared in each of its transactions';
INSERT INTO pgarchitect.runner (layout, token) VALUES (1, 0) ON CONFLICT DO NOTHING;

CREATE TABLE IF NOT EXISTS pgarchitect.migration (
  version text PRIMARY KEY,
  name text NOT NULL,
  state text NOT NULL CHECK (state IN ('applying', 'applied', 'reverting', 'baseline')),
  place bigint GENERATED ALWAYS AS IDENTITY,
  up_checksum text NOT NULL,
  down_checksum text,
  down_script text,
  doing text,
  started_at timestamptz NOT NULL,
  finished_at timestamptz,
  took_ms bigint,
  who text NOT NULL,
  tool text NOT NULL,
  token bigint NOT NULL,
  fingerprint text
);
COMMENT ON TABLE pgarchitect.migration IS 'The migrations that this database has, in the order in which they ran (place)';
COMMENT ON COLUMN pgarchitect.migration.down_script IS 'How it is taken back, should the file be gone';
COMMENT ON COLUMN pgarchitect.migration.doing IS 'The statement outside of a transaction that was begun and is not in the journal yet';

CREATE TABLE IF NOT EXISTS pgarchitect.journal (
  version text NOT NULL,
  direction text NOT NULL CHECK (direction IN ('up', 'down')),
  section integer NOT NULL,
  step integer NOT NULL,
  sql_hash text NOT NULL,
  token bigint NOT NULL,
  finished_at timestamptz NOT NULL,
  PRIMARY KEY (version, direction, section, step)
);
COMMENT ON TABLE pgarchitect.journal IS 'Each statement that ran, written in the transaction of the statement where it has one';

CREATE TABLE IF NOT EXISTS pgarchitect.expected (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  scale text NOT NULL,
  fingerprint text NOT NULL,
  objects text NOT NULL,
  noted_at timestamptz NOT NULL
);
COMMENT ON TABLE pgarchitect.expected IS 'What the schema looked like when the last section of a migration had run: a hash an object';

CREATE TABLE IF NOT EXISTS pgarchitect.log (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  what text NOT NULL,
  version text,
  took_ms bigint,
  who text NOT NULL,
  tool text NOT NULL,
  token bigint NOT NULL
);
COMMENT ON TABLE pgarchitect.log IS 'What was done, also what was taken back since';
