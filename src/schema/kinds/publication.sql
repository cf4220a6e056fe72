-- Publications with what they publish.
SELECT p.oid,
       ARRAY[p.pubname::text] AS path,
       @owner(p.pubowner)@ AS owner,
       p.puballtables AS all_tables,
       array_remove(ARRAY[CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
                          CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END], NULL) AS publish,
       p.pubviaroot AS via_root,
-- pg>=18
       CASE p.pubgencols WHEN 's' THEN 'stored' END AS generated_columns,
-- pg<18
       NULL::text AS generated_columns,
-- pg
       t.tables,
       t.table_columns,
       t.table_filters,
-- pg>=15
       (SELECT array_agg(n.nspname::text ORDER BY n.nspname)
        FROM pg_publication_namespace s JOIN pg_namespace n ON n.oid = s.pnnspid WHERE s.pnpubid = p.oid) AS schemas
-- pg<15
       NULL::text[] AS schemas
-- pg
FROM pg_publication p
CROSS JOIN LATERAL (
  SELECT array_agg(i.name ORDER BY i.name) AS tables,
         array_agg(i.columns ORDER BY i.name) AS table_columns,
         array_agg(i.filter ORDER BY i.name) AS table_filters
  FROM (SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name,
-- pg>=15
               coalesce((SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
                         FROM pg_attribute a WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs)), '') AS columns,
               coalesce(pg_get_expr(r.prqual, r.prrelid), '') AS filter
-- pg<15
               '' AS columns, '' AS filter
-- pg
        FROM pg_publication_rel r
        JOIN pg_class c ON c.oid = r.prrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE r.prpubid = p.oid) i) t
WHERE p.oid >= 16384
