-- Indexes that no query uses: left over from a build that did not end.
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), pg_catalog.pg_get_indexdef(i.indexrelid)
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE NOT (i.indisvalid AND i.indisready AND i.indislive) AND c.relkind = 'i' AND c.oid >= 16384
  AND n.nspname NOT IN ('pgarchitect', 'pgarchitect_parked') AND n.nspname !~ '^pg_'
ORDER BY 1
