-- section 1: no transaction, phase: expand
-- because: CONCURRENTLY cannot run in a transaction; reads and writes go on while the index is built
-- step 1: index public.notes_written_at
-- concurrent-index: public.notes_written_at
CREATE INDEX CONCURRENTLY notes_written_at ON public.notes (written_at);
