-- Columns whose statistics this role cannot see in pg_stats.
SELECT n.nspname, c.relname, CASE WHEN bool_and(NOT has_column_privilege(c.oid, a.attnum, 'SELECT')) THEN ''
                                  ELSE string_agg(a.attname, ', ' ORDER BY a.attnum) END AS columns
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't'
  AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pgarchitect', 'pgarchitect_parked')
  AND (NOT has_column_privilege(c.oid, a.attnum, 'SELECT') OR (c.relrowsecurity AND row_security_active(c.oid)))
GROUP BY c.oid, n.nspname, c.relname
ORDER BY 1, 2
