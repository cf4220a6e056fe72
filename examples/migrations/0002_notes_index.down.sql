-- section 1: no transaction, phase: contract
-- step 1: index public.notes_written_at
DROP INDEX CONCURRENTLY public.notes_written_at;
