-- Materialized views. Their indexes are the kind index; what can be said of a column is in parallel lists here.
SELECT c.oid,
       ARRAY[n.nspname::text, c.relname::text] AS path,
       @owner(c.relowner)@ AS owner,
       @acl('r', c.relacl, c.relowner)@ AS acl,
       rtrim(pg_get_viewdef(c.oid), ';') AS definition,
       c.relispopulated AS populated,
       m.amname AS access_method,
       s.spcname AS tablespace,
       (SELECT array_agg(o.item ORDER BY o.item)
        FROM (SELECT unnest(c.reloptions) AS item UNION ALL SELECT 'toast.' || unnest(t.reloptions)) o) AS options,
       a.columns,
       a.column_types,
       a.column_storage,
       a.comment_columns,
       a.comments,
       g.privilege_columns,
       g.privilege_grants,
       e.setting_columns,
       e.settings,
       (SELECT array_agg(x.extname::text ORDER BY x.extname)
        FROM pg_depend d JOIN pg_extension x ON x.oid = d.refobjid
        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_extension'::regclass
          AND d.deptype = 'x') AS depends_on_extensions
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_am m ON m.oid = c.relam
LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace
LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
CROSS JOIN LATERAL (
  SELECT array_agg(a.attname::text ORDER BY a.attnum) AS columns,
         array_agg(format_type(a.atttypid, a.atttypmod) || coalesce(' COLLATE ' || l.name, '') ORDER BY a.attnum)
           AS column_types,
         array_agg(CASE t.typstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END
                   ORDER BY a.attnum) AS column_storage,
         array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE m.description IS NOT NULL) AS comment_columns,
         array_agg(m.description ORDER BY a.attnum) FILTER (WHERE m.description IS NOT NULL) AS comments
  FROM pg_attribute a
  JOIN pg_type t ON t.oid = a.atttypid
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
CROSS JOIN LATERAL (
  SELECT array_agg(i.attname::text ORDER BY i.attnum, i.item) AS setting_columns,
         array_agg(i.item ORDER BY i.attnum, i.item) AS settings
  FROM (SELECT a.attname, a.attnum, v.item
        FROM pg_attribute a
        JOIN pg_type t ON t.oid = a.atttypid,
        LATERAL (
          SELECT 'statistics=' || a.attstattarget AS item WHERE coalesce(a.attstattarget, -1) >= 0
          UNION ALL
          SELECT 'storage=' || CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN'
                                                 ELSE 'EXTENDED' END
          WHERE a.attstorage <> t.typstorage
-- pg>=14
          UNION ALL
          SELECT 'compression=' || CASE a.attcompression WHEN 'l' THEN 'lz4' ELSE 'pglz' END WHERE a.attcompression <> ''
-- pg
          UNION ALL
          -- pg_attver is the server's own mark, see column.sql
          SELECT 'option ' || o.item FROM unnest(a.attoptions) o(item) WHERE o.item !~ '^pg_attver=') v
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) i) e
WHERE c.oid >= 16384
  AND c.relkind = 'm'
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
