-- Each partition (or child) with its top-most parent.
WITH RECURSIVE up AS (
  SELECT h.inhrelid AS child, h.inhparent AS parent FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class c ON c.oid = h.inhparent AND c.relkind = 'p'
  UNION ALL
  SELECT up.child, h.inhparent FROM up JOIN pg_catalog.pg_inherits h ON h.inhrelid = up.parent
)
SELECT cn.nspname, c.relname, pn.nspname, p.relname
FROM up
JOIN pg_catalog.pg_class c ON c.oid = up.child
JOIN pg_catalog.pg_namespace cn ON cn.oid = c.relnamespace
JOIN pg_catalog.pg_class p ON p.oid = up.parent
JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhrelid = up.parent)
