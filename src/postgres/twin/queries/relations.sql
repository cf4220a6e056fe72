-- Sizes of everything that has or may have storage, in the order of OIDs.
SELECT n.nspname, c.relname, c.relkind, c.reltuples::text, c.relpages, c.relallvisible,
       CASE WHEN c.relkind IN ('r', 'm', 'i') THEN pg_relation_size(c.oid) / current_setting('block_size')::bigint END AS blocks,
       am.amname, tn.nspname AS table_schema, tc.relname AS table_name,
       CASE WHEN i.indpred IS NULL THEN '' ELSE pg_get_expr(i.indpred, i.indrelid) END AS predicate,
       (SELECT string_agg(pg_get_indexdef(c.oid, k, false) ||
                          CASE WHEN (i.indoption[k - 1] & 1) = 1 THEN ' DESC' ELSE '' END ||
                          CASE WHEN (i.indoption[k - 1] & 2) = 2 THEN ' NULLS FIRST' ELSE ' NULLS LAST' END, ', ' ORDER BY k)
          FROM generate_series(1, i.indnkeyatts) k) AS keys,
       has_table_privilege(coalesce(tc.oid, c.oid), 'SELECT') AS readable,
       coalesce((SELECT o.option_value::int FROM pg_options_to_table(c.reloptions) o
                  WHERE o.option_name = 'pages_per_range'), 128) AS pages_per_range,
       coalesce(i.indisvalid, true) AS valid
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_index i ON i.indexrelid = c.oid
LEFT JOIN pg_class tc ON tc.oid = i.indrelid
LEFT JOIN pg_namespace tn ON tn.oid = tc.relnamespace
LEFT JOIN pg_am am ON am.oid = c.relam AND c.relkind IN ('i', 'I')
WHERE c.relkind IN ('r', 'p', 'm', 'i', 'I') AND c.relpersistence <> 't'
  AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pgarchitect', 'pgarchitect_parked')
ORDER BY c.oid
