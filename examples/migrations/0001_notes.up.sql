-- section 1: transaction, phase: expand
-- because: a new table: nobody waits for it
BEGIN;
SET LOCAL lock_timeout = '2s';

-- step 1: table public.notes
CREATE TABLE public.notes (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  body text NOT NULL,
  written_at timestamptz NOT NULL DEFAULT now()
);

COMMIT;
