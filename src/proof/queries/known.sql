-- Asked by the second session: those of the given relations that existed before the observed transaction began.
SELECT c.oid::bigint, c.relkind, n.nspname, c.relname, c.relfilenode::bigint
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid = ANY($1::oid[])
