-- An index by name, in the schema of its table ($2) or, without a table, as $1 says.
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name,
  i.indisvalid AND i.indisready AND i.indislive AS valid,
  EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p
    WHERE p.index_relid = c.oid AND p.pid <> pg_catalog.pg_backend_pid()) AS building
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid = pg_catalog.to_regclass((
  SELECT pg_catalog.format('%I.', tn.nspname) FROM pg_catalog.pg_class t JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
  WHERE t.oid = pg_catalog.to_regclass($2)) || $1)
