-- The locks of another session: those on user relations, and whatever it waits for. A concurrent index build waits for every
-- snapshot that is older than its own, for an instant even for that of this very query: such waits are none.
SELECT l.granted OR NOT EXISTS (SELECT FROM unnest(pg_catalog.pg_blocking_pids($1::int)) b WHERE b = ANY($2::int[])),
       l.locktype, l.mode, l.relation::bigint
FROM pg_catalog.pg_locks l
WHERE l.pid = $1::int AND (NOT l.granted OR (l.locktype = 'relation' AND l.relation >= 16384))
ORDER BY l.granted, l.relation
