-- Every user relation with its file, and how often this session and others have scanned it. $1: whether anything is counted; a
-- server before 15 whose collector does not run would wait ten seconds for its numbers.
SELECT c.oid::bigint, c.relkind, n.nspname, c.relname, c.relfilenode::bigint,
       CASE WHEN c.relkind IN ('r', 'm') AND $1::boolean THEN pg_catalog.pg_stat_get_numscans(c.oid) + pg_catalog.pg_stat_get_xact_numscans(c.oid)
            ELSE 0 END
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid >= 16384 AND c.relkind <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
