-- Columns of every table that rows could be put into, in order. Partitions name the table at the top, through which rows arrive.
SELECT c.oid AS relation,
       n.nspname, c.relname, c.relkind,
       quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name,
       CASE WHEN c.relispartition THEN (SELECT p.relid::oid FROM pg_partition_ancestors(c.oid) WITH ORDINALITY p(relid, depth)
                                         ORDER BY depth DESC LIMIT 1) END AS root,
       CASE WHEN c.relispartition THEN pg_get_partition_constraintdef(c.oid) END AS partition_constraint,
       (SELECT h.inhparent FROM pg_inherits h WHERE h.inhrelid = c.oid AND c.relispartition) AS partition_of,
       EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal) AS triggers,
       a.attnum, a.attname, a.atttypid, a.atttypmod, format_type(a.atttypid, a.atttypmod) AS type,
       a.attnotnull, a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid) AS expression,
       EXISTS (SELECT FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid
                WHERE i.indrelid = c.oid AND (a.attnum = ANY (i.indkey) OR i.indexprs IS NOT NULL)) AS indexed
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
ORDER BY n.nspname, c.relname, a.attnum
