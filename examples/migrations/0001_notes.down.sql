-- section 1: transaction, phase: contract
BEGIN;
SET LOCAL lock_timeout = '2s';

-- step 1: table public.notes
-- hazards: data-loss
-- step: strong-lock
DROP TABLE public.notes;

COMMIT;
