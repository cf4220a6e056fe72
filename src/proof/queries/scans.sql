-- Counters that earlier transactions of this session left behind: statistics are sent to the server once a second only.
SELECT c.oid::bigint, pg_catalog.pg_stat_get_xact_numscans(c.oid)
FROM pg_catalog.pg_class c
WHERE c.oid >= 16384 AND c.relkind IN ('r', 'm') AND pg_catalog.pg_stat_get_xact_numscans(c.oid) > 0
