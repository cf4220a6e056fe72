-- Views. Columns of a view are no objects of their own: what can be said of one of them is in parallel lists here.
SELECT c.oid,
       ARRAY[n.nspname::text, c.relname::text] AS path,
       @owner(c.relowner)@ AS owner,
       @acl('r', c.relacl, c.relowner)@ AS acl,
       rtrim(pg_get_viewdef(c.oid), ';') AS definition,
       (SELECT array_agg(o.item ORDER BY o.item) FROM unnest(c.reloptions) o(item)
        WHERE o.item NOT LIKE 'check\_option=%') AS options,
       (SELECT substr(o.item, 14) FROM unnest(c.reloptions) o(item)
        WHERE o.item LIKE 'check\_option=%') AS check_option,
       a.columns,
       a.column_types,
       a.default_columns,
       a.defaults,
       a.comment_columns,
       a.comments,
       g.privilege_columns,
       g.privilege_grants
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
  SELECT array_agg(a.attname::text ORDER BY a.attnum) AS columns,
         array_agg(format_type(a.atttypid, a.atttypmod) || coalesce(' COLLATE ' || l.name, '') ORDER BY a.attnum)
           AS column_types,
         array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE d.oid IS NOT NULL) AS default_columns,
         array_agg(pg_get_expr(d.adbin, d.adrelid) ORDER BY a.attnum) FILTER (WHERE d.oid IS NOT NULL) AS defaults,
         array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE m.description IS NOT NULL) AS comment_columns,
         array_agg(m.description ORDER BY a.attnum) FILTER (WHERE m.description IS NOT NULL) AS comments
  FROM pg_attribute a
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN pg_description m ON m.classoid = 'pg_class'::regclass AND m.objoid = a.attrelid AND m.objsubid = a.attnum
  LEFT JOIN LATERAL (SELECT quote_ident(ln.nspname) || '.' || quote_ident(l.collname) AS name
                     FROM pg_collation l JOIN pg_namespace ln ON ln.oid = l.collnamespace
                     WHERE l.oid = a.attcollation AND a.attcollation <> t.typcollation) l ON true
  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) a
CROSS JOIN LATERAL (
  SELECT array_agg(i.attname::text ORDER BY i.attnum, i.item) AS privilege_columns,
         array_agg(i.item ORDER BY i.attnum, i.item) AS privilege_grants
  FROM (SELECT a.attname, a.attnum,
               e.privilege_type || '|' || e.is_grantable::text || '|' ||
               CASE WHEN e.grantee = c.relowner THEN 'o|' WHEN e.grantee = 0 THEN 'p|'
                    ELSE 'r|' || pg_get_userbyid(e.grantee) END AS item
        FROM pg_attribute a, aclexplode(a.attacl) e
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) i) g
WHERE c.oid >= 16384
  AND c.relkind = 'v'
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
