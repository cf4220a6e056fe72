-- Holds SHARE UPDATE EXCLUSIVE on every table; partitions are locked with their parents.
DO $$
DECLARE
  tables text := (SELECT pg_catalog.string_agg(pg_catalog.format('%I.%I', n.nspname, c.relname), ', ' ORDER BY c.oid)
                    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                   WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                     AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema');
BEGIN
  IF tables IS NOT NULL THEN
    EXECUTE 'LOCK TABLE ' || tables || ' IN SHARE UPDATE EXCLUSIVE MODE';
  END IF;
END $$
