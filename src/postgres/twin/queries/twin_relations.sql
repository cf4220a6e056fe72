-- Everything with storage on the twin, in the order of OIDs, and where it lies.
SELECT c.oid, n.nspname, c.relname, c.relkind, coalesce(pg_relation_filepath(c.oid), '') AS path, coalesce(i.indrelid, 0) AS table_oid,
       coalesce(am.amname, '') AS method
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_index i ON i.indexrelid = c.oid
LEFT JOIN pg_am am ON am.oid = c.relam AND c.relkind IN ('i', 'I')
WHERE c.relkind IN ('r', 'p', 'm', 'i', 'I') AND c.relpersistence <> 't'
  AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pgarchitect', 'pgarchitect_parked')
ORDER BY c.oid
