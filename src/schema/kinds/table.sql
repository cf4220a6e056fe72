-- Tables, partitioned tables, foreign tables. Columns, constraints, indexes and so on are kinds of their own.
SELECT c.oid,
       ARRAY[n.nspname::text, c.relname::text] AS path,
       @owner(c.relowner)@ AS owner,
       @acl('r', c.relacl, c.relowner)@ AS acl,
       CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned' ELSE 'foreign' END AS form,
       c.relpersistence = 'u' AS unlogged,
       NULLIF(am.amname, 'heap') AS access_method,
       ts.spcname AS tablespace,
       CASE WHEN c.reloptions IS NOT NULL OR tc.reloptions IS NOT NULL THEN
         (SELECT array_agg(o ORDER BY o) FROM (
            SELECT unnest(c.reloptions) AS o UNION ALL SELECT 'toast.' || unnest(tc.reloptions)) x) END AS options,
       -- a foreign table has none, though its catalog row says 'n'
       CASE WHEN c.relkind = 'f' OR c.relreplident = 'd' THEN 'DEFAULT' WHEN c.relreplident = 'n' THEN 'NOTHING'
            WHEN c.relreplident = 'f' THEN 'FULL' ELSE 'INDEX' END AS replica_identity,
       c.relrowsecurity AS row_security,
       c.relforcerowsecurity AS force_row_security,
       CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS partition_key,
       CASE WHEN c.relispartition THEN
         (SELECT ARRAY[pn.nspname::text, pc.relname::text] FROM pg_inherits h
            JOIN pg_class pc ON pc.oid = h.inhparent JOIN pg_namespace pn ON pn.oid = pc.relnamespace
           WHERE h.inhrelid = c.oid) END AS partition_of,
       CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END AS partition_bound,
       CASE WHEN NOT c.relispartition THEN
         (SELECT array_agg(quote_ident(pn.nspname) || '.' || quote_ident(pc.relname) ORDER BY h.inhseqno) FROM pg_inherits h
            JOIN pg_class pc ON pc.oid = h.inhparent JOIN pg_namespace pn ON pn.oid = pc.relnamespace
           WHERE h.inhrelid = c.oid) END AS inherits,
       CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END AS of_type,
       fs.srvname AS server,
       (SELECT array_agg(o ORDER BY o) FROM unnest(ft.ftoptions) o) AS server_options
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_am am ON am.oid = c.relam
LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace
LEFT JOIN pg_class tc ON tc.oid = c.reltoastrelid
LEFT JOIN pg_foreign_table ft ON ft.ftrelid = c.oid
LEFT JOIN pg_foreign_server fs ON fs.oid = ft.ftserver
WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't' AND c.oid >= 16384
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
