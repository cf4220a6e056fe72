-- The table of a relation, what inherits from it (partitions), what it is a partition of, and the other side of foreign keys.
WITH RECURSIVE it AS (
  SELECT coalesce((SELECT i.indrelid FROM pg_catalog.pg_index i WHERE i.indexrelid = $1::bigint::oid), $1::bigint::oid) AS oid
), down AS (
  SELECT oid FROM it UNION SELECT h.inhrelid FROM down JOIN pg_catalog.pg_inherits h ON h.inhparent = down.oid
), up AS (
  SELECT oid FROM it UNION SELECT h.inhparent FROM up JOIN pg_catalog.pg_inherits h ON h.inhrelid = up.oid
), family AS (
  SELECT oid FROM down UNION SELECT oid FROM up
), linked AS (
  SELECT oid FROM family
  UNION SELECT k.confrelid FROM pg_catalog.pg_constraint k JOIN family f ON k.conrelid = f.oid WHERE k.contype = 'f'
  UNION SELECT k.conrelid FROM pg_catalog.pg_constraint k JOIN family f ON k.confrelid = f.oid WHERE k.contype = 'f'
)
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), c.relkind
FROM linked JOIN pg_catalog.pg_class c ON c.oid = linked.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm') AND c.oid >= 16384
ORDER BY c.oid
