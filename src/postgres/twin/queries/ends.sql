-- Leading columns of b-trees at whose ends the planner looks: full, valid, of a table that the role may read.
SELECT DISTINCT n.nspname, c.relname, a.attname
FROM pg_index i
JOIN pg_class ic ON ic.oid = i.indexrelid
JOIN pg_am am ON am.oid = ic.relam AND am.amname = 'btree'
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
WHERE i.indpred IS NULL AND i.indisvalid AND c.relkind IN ('r', 'm') AND c.relpersistence <> 't'
  AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pgarchitect', 'pgarchitect_parked')
  AND has_column_privilege(c.oid, a.attnum, 'SELECT') AND NOT row_security_active(c.oid) AND has_schema_privilege(n.oid, 'USAGE')
  AND (c.relkind = 'r' OR c.relispopulated)
ORDER BY 1, 2, 3
