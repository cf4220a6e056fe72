-- What REINDEX CONCURRENTLY left behind: of one index ($1), of the indexes of one table ($2), or of all.
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*\Z' AND n.nspname <> 'pg_toast'
  AND ($1::text IS NULL OR i.indrelid = (SELECT o.indrelid FROM pg_catalog.pg_index o WHERE o.indexrelid = pg_catalog.to_regclass($1)))
  AND ($2::text IS NULL OR i.indrelid = pg_catalog.to_regclass($2))
ORDER BY 1
