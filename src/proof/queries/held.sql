-- The relation locks of this session's transaction, with what its own view says about the relations. The first row is the
-- transaction itself: its virtual id, and what the event trigger noted. $1: relations of this very transaction, which are not asked for
-- again: a script that makes hundreds would read them all after each statement.
SELECT 0::bigint AS relation, l.virtualxid AS mode, NULL::text AS relkind, NULL::text AS nspname,
       pg_catalog.current_setting('pgarchitect.rewrites', true) AS relname, 0::bigint AS file, 0::bigint AS scans
FROM pg_catalog.pg_locks l
WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'virtualxid' AND l.mode = 'ExclusiveLock'
UNION ALL
SELECT l.relation::bigint, l.mode, c.relkind::text, n.nspname::text, c.relname::text, c.relfilenode::bigint,
       pg_catalog.pg_stat_get_xact_numscans(l.relation)
FROM pg_catalog.pg_locks l
LEFT JOIN pg_catalog.pg_class c ON c.oid = l.relation
LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND l.granted AND l.relation >= 16384
  AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
  AND l.relation <> ALL ($1::oid[])
