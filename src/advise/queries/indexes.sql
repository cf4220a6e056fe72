-- Indexes of the source as they are on the twin (those of partitioned tables at the top only).
SELECT c.oid, n.nspname, c.relname, tn.nspname AS table_schema, t.relname AS table_name, am.amname, i.indisunique,
       EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = c.oid AND k.contype IN ('p', 'u', 'x')) AS backs_constraint,
       EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = c.oid AND k.contype = 'f') AS backs_foreign_key,
       i.indisreplident, i.indisclustered, pg_catalog.pg_get_indexdef(c.oid) AS definition,
       (SELECT array_agg(pg_catalog.pg_get_indexdef(c.oid, k, false) || ' ' || (i.indoption[k - 1])::text || ' ' || i.indclass[k - 1]::text
               || ' ' || i.indcollation[k - 1]::text ORDER BY k)
          FROM generate_series(1, i.indnkeyatts) k) AS keys,
       (SELECT array_agg(pg_catalog.pg_get_indexdef(c.oid, k, false) ORDER BY k) FROM generate_series(i.indnkeyatts + 1, i.indnatts) k) AS included,
       coalesce(pg_catalog.pg_get_expr(i.indpred, i.indrelid), '') AS predicate,
       coalesce((SELECT array_agg(a.attname ORDER BY k.n) FROM generate_series(1, i.indnkeyatts) k(n)
           JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.n - 1]), '{}') AS key_columns,
       coalesce((SELECT sum(p.relpages) FROM pg_catalog.pg_class p WHERE p.oid = c.oid OR p.oid IN
           (SELECT h.inhrelid FROM pg_catalog.pg_inherits h WHERE h.inhparent = c.oid)), 0) AS pages
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
JOIN pg_catalog.pg_am am ON am.oid = c.relam
WHERE c.oid >= 16384 AND t.relkind IN ('r', 'p', 'm') AND t.relpersistence <> 't' AND n.nspname !~ '^pg_'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid)
ORDER BY c.oid
