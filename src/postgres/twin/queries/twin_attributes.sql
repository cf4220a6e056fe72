-- Columns of tables and indexes on the twin, with what ANALYZE would note for their types: equality and order operators of the
-- default b-tree class, collation, and those of the elements of
-- arrays. Types have their own names, because "character" would be cut to one.
WITH RECURSIVE base AS (
  SELECT t.oid AS type, t.oid AS base FROM pg_type t WHERE t.typtype <> 'd'
  UNION ALL
  SELECT t.oid, b.base FROM pg_type t JOIN base b ON t.typbasetype = b.type WHERE t.typtype = 'd'
), ops AS (
  SELECT b.base, o.eq, o.lt FROM (SELECT DISTINCT base FROM base) b
  JOIN pg_type t ON t.oid = b.base
  CROSS JOIN LATERAL (
    SELECT (SELECT amopopr FROM pg_amop p WHERE p.amopfamily = c.opcfamily AND amoplefttype = c.opcintype AND amoprighttype = c.opcintype AND amopstrategy = 3) AS eq,
           (SELECT amopopr FROM pg_amop p WHERE p.amopfamily = c.opcfamily AND amoplefttype = c.opcintype AND amoprighttype = c.opcintype AND amopstrategy = 1) AS lt
      FROM pg_opclass c
     WHERE c.opcmethod = 403 AND c.opcdefault
       AND (c.opcintype = b.base
            OR EXISTS (SELECT FROM pg_cast x WHERE x.castsource = b.base AND x.casttarget = c.opcintype AND x.castmethod = 'b' AND x.castcontext = 'i')
            OR (c.opcintype = 'anyarray'::regtype AND t.typcategory = 'A') OR (c.opcintype = 'anyenum'::regtype AND t.typtype = 'e')
            OR (c.opcintype = 'anyrange'::regtype AND t.typtype = 'r') OR (c.opcintype::regtype::text = 'anymultirange' AND t.typtype = 'm')
            OR (c.opcintype = 'record'::regtype AND t.typtype = 'c'))
     ORDER BY (c.opcintype = b.base) DESC, (SELECT typispreferred FROM pg_type WHERE oid = c.opcintype) DESC LIMIT 1) o
)
SELECT a.attrelid, a.attnum, a.attname, b.base, coalesce(ops.eq, 0) AS eq, coalesce(ops.lt, 0) AS lt, a.attcollation AS collation,
       CASE WHEN t.typcategory = 'A' THEN t.typelem WHEN t.typname = 'tsvector' THEN 25 ELSE b.base END AS element,
       CASE WHEN t.typcategory = 'A' THEN coalesce(e.eq, 0) WHEN t.typname = 'tsvector' THEN 98 ELSE coalesce(ops.eq, 0) END AS element_eq,
       CASE WHEN t.typname = 'tsvector' THEN 100 ELSE a.attcollation END AS element_collation,
       (SELECT quote_ident(tn.nspname) || '.' || quote_ident(x.typname) || CASE WHEN t.typcategory = 'A' AND t.typelem <> 0 THEN '[]' ELSE '' END
          FROM pg_type x JOIN pg_namespace tn ON tn.oid = x.typnamespace
         WHERE x.oid = CASE WHEN t.typcategory = 'A' AND t.typelem <> 0 THEN t.typelem ELSE b.base END) AS type,
       CASE WHEN c.relkind IN ('i', 'I') AND am.amname <> 'btree' AND i.indkey[a.attnum - 1] = 0
            THEN pg_get_indexdef(c.oid, a.attnum, false) END AS expression,
       coalesce(i.indrelid, 0)::regclass::text AS table_name
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN base b ON b.type = a.atttypid
JOIN pg_type t ON t.oid = b.base
LEFT JOIN ops ON ops.base = b.base
LEFT JOIN ops e ON e.base = t.typelem
LEFT JOIN pg_index i ON i.indexrelid = c.oid
LEFT JOIN pg_am am ON am.oid = c.relam
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'm', 'i', 'I') AND c.relpersistence <> 't'
  AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pgarchitect', 'pgarchitect_parked')
ORDER BY a.attrelid, a.attnum
