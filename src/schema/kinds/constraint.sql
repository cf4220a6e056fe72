-- Constraints of tables: primary key, unique, foreign key, check, exclusion. Left out: NOT NULL (a property of the column),
-- checks that only come from a parent table, and the copies of a foreign key that partitions get.
SELECT k.oid,
       k.conrelid AS parent,
       ARRAY[n.nspname::text, c.relname::text, k.conname::text] AS path,
       CASE k.contype WHEN 'p' THEN 'PRIMARY KEY' WHEN 'u' THEN 'UNIQUE' WHEN 'f' THEN 'FOREIGN KEY' WHEN 'c' THEN 'CHECK'
                      ELSE 'EXCLUDE' END AS type,
       -- without NOT VALID, which is told by validated
       CASE WHEN k.convalidated THEN pg_get_constraintdef(k.oid)
            ELSE regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '') END AS definition,
       k.convalidated AS validated,
       (SELECT array_agg(a.attname::text ORDER BY u.ord) FROM unnest(k.conkey) WITH ORDINALITY u(num, ord)
          JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.num) AS columns,
       CASE WHEN k.contype = 'f' THEN ARRAY[fn.nspname::text, fc.relname::text] END AS referenced_table,
       (SELECT array_agg(a.attname::text ORDER BY u.ord) FROM unnest(k.confkey) WITH ORDINALITY u(num, ord)
          JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.num) AS referenced_columns,
       CASE WHEN k.contype = 'c' THEN pg_get_expr(k.conbin, k.conrelid) END AS expression,
       k.condeferrable AS deferrable,
       k.condeferred AS deferred,
       k.connoinherit AND k.contype = 'c' AS no_inherit,
-- pg>=18
       k.conenforced AS enforced,
       k.conperiod AS temporal,
-- pg<18
       true AS enforced,
       false AS temporal,
-- pg
-- pg>=15
       coalesce(i.indnullsnotdistinct, false) AS nulls_not_distinct,
-- pg<15
       false AS nulls_not_distinct,
-- pg
       CASE WHEN i.indnatts > i.indnkeyatts THEN
         (SELECT array_agg(a.attname::text ORDER BY u.ord) FROM unnest(i.indkey) WITH ORDINALITY u(num, ord)
            JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.num WHERE u.ord > i.indnkeyatts) END AS included,
       CASE WHEN ic.reloptions IS NOT NULL THEN (SELECT array_agg(o ORDER BY o) FROM unnest(ic.reloptions) o) END AS options,
       ts.spcname AS tablespace,
       coalesce(i.indisclustered, false) AS clustered,
       coalesce(i.indisreplident, false) AS replica_identity,
       CASE WHEN ic.relispartition THEN
         (SELECT ARRAY[pn.nspname::text, pc.relname::text] FROM pg_inherits h JOIN pg_class pc ON pc.oid = h.inhparent
            JOIN pg_namespace pn ON pn.oid = pc.relnamespace WHERE h.inhrelid = ic.oid) END AS attached_to,
       CASE WHEN ic.oid IS NOT NULL AND ic.relname <> k.conname THEN ic.relname END AS index_name,
       CASE WHEN ic.oid IS NOT NULL THEN obj_description(ic.oid, 'pg_class') END AS index_comment,
       k.conislocal AS is_local,
       c.relkind = 'p' AS on_partitioned
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_class fc ON fc.oid = k.confrelid
LEFT JOIN pg_namespace fn ON fn.oid = fc.relnamespace
LEFT JOIN pg_class ic ON ic.oid = k.conindid AND k.contype IN ('p', 'u', 'x')
LEFT JOIN pg_index i ON i.indexrelid = ic.oid
LEFT JOIN pg_tablespace ts ON ts.oid = ic.reltablespace
WHERE k.contype IN ('p', 'u', 'f', 'c', 'x') AND c.relpersistence <> 't' AND c.oid >= 16384
  AND NOT (k.contype = 'f' AND k.conparentid <> 0)
  AND NOT (k.contype = 'c' AND NOT k.conislocal)
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
