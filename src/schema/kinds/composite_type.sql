-- Composite types that were made by CREATE TYPE; the row types of tables and views belong to these. Attributes are no objects of
-- their own: ALTER TYPE can only follow some of their changes, and what it can depends on all of them together.
SELECT t.oid,
       ARRAY[n.nspname::text, t.typname::text] AS path,
       @owner(t.typowner)@ AS owner,
       @acl('T', t.typacl, t.typowner)@ AS acl,
       a.attributes,
       a.types,
       a.collations,
       a.comment_attributes,
       a.comments
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'
CROSS JOIN LATERAL (
  SELECT array_agg(a.attname::text ORDER BY a.attnum) AS attributes,
         array_agg(format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum) AS types,
         -- '' where it is the type's own
         array_agg(coalesce(l.name, '') ORDER BY a.attnum) AS collations,
         array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE m.description IS NOT NULL) AS comment_attributes,
         array_agg(m.description ORDER BY a.attnum) FILTER (WHERE m.description IS NOT NULL) AS comments
  FROM pg_attribute a
  JOIN pg_type at ON at.oid = a.atttypid
  LEFT JOIN pg_description m ON m.classoid = 'pg_class'::regclass AND m.objoid = a.attrelid AND m.objsubid = a.attnum
  LEFT JOIN LATERAL (SELECT quote_ident(ln.nspname) || '.' || quote_ident(l.collname) AS name
                     FROM pg_collation l JOIN pg_namespace ln ON ln.oid = l.collnamespace
                     WHERE l.oid = a.attcollation AND a.attcollation <> at.typcollation) l ON true
  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) a
WHERE t.oid >= 16384 AND t.typtype = 'c'
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
