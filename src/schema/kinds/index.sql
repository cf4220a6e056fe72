-- Indexes of tables and materialised views that do not back a constraint.
SELECT ic.oid,
       i.indrelid AS parent,
       ARRAY[n.nspname::text, ic.relname::text] AS path,
       ARRAY[tn.nspname::text, tc.relname::text] AS table,
       pg_get_indexdef(ic.oid) AS definition,
       i.indisvalid OR ic.relkind = 'I' AS valid,
       i.indisunique AS unique,
       am.amname AS method,
       -- the server prints each column anew, which costs; without expressions the catalog has the names
       CASE WHEN i.indexprs IS NOT NULL
         THEN (SELECT array_agg(pg_get_indexdef(ic.oid, k, false) ORDER BY k) FROM generate_series(1, i.indnatts) k)
         ELSE (SELECT array_agg(quote_ident(a.attname) ORDER BY k) FROM generate_series(0, i.indnatts - 1) k
                 JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k]) END AS columns,
       i.indexprs IS NOT NULL AS has_expressions,
       pg_get_expr(i.indpred, i.indrelid) AS predicate,
       CASE WHEN ic.reloptions IS NOT NULL THEN (SELECT array_agg(o ORDER BY o) FROM unnest(ic.reloptions) o) END AS options,
       ts.spcname AS tablespace,
       i.indisclustered AS clustered,
       i.indisreplident AS replica_identity,
       CASE WHEN i.indexprs IS NOT NULL THEN  -- the server allows them for expressions only
         (SELECT array_agg(a.attnum || '=' || a.attstattarget ORDER BY a.attnum) FROM pg_attribute a
           WHERE a.attrelid = ic.oid AND coalesce(a.attstattarget, -1) >= 0) END AS statistics_targets,
       CASE WHEN ic.relispartition THEN
         (SELECT ARRAY[pn.nspname::text, pc.relname::text] FROM pg_inherits h JOIN pg_class pc ON pc.oid = h.inhparent
            JOIN pg_namespace pn ON pn.oid = pc.relnamespace WHERE h.inhrelid = ic.oid) END AS attached_to,
       ic.relkind = 'I' AS partitioned
FROM pg_index i
JOIN pg_class ic ON ic.oid = i.indexrelid
JOIN pg_namespace n ON n.oid = ic.relnamespace
JOIN pg_class tc ON tc.oid = i.indrelid
JOIN pg_namespace tn ON tn.oid = tc.relnamespace
JOIN pg_am am ON am.oid = ic.relam
LEFT JOIN pg_tablespace ts ON ts.oid = ic.reltablespace
WHERE ic.oid >= 16384 AND tc.relkind IN ('r', 'p', 'm', 'f') AND tc.relpersistence <> 't'
  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = ic.oid AND k.contype IN ('p', 'u', 'x'))
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
