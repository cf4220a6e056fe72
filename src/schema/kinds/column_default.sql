-- Defaults of columns: objects of their own, as in pg_attrdef, so that a cycle through a default can be broken.
SELECT d.oid,
       d.adrelid AS parent,
       ARRAY[n.nspname::text, c.relname::text, a.attname::text] AS path,
       pg_get_expr(d.adbin, d.adrelid) AS expression
FROM pg_attrdef d
JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
JOIN pg_class c ON c.oid = d.adrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE a.attgenerated = '' AND c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't' AND c.oid >= 16384
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
