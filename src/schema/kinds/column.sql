-- Columns of tables, partitioned tables and foreign tables. Defaults are the kind column_default, NOT NULL constraints (objects
-- with a name since 18) and identity sequences are properties of their column.
SELECT a.attrelid AS oid,
       a.attnum::int AS subid,
       a.attrelid AS parent,
       ARRAY[n.nspname::text, c.relname::text, a.attname::text] AS path,
       @acl('c', a.attacl, c.relowner)@ AS acl,
       a.attnum AS position,
       format_type(a.atttypid, a.atttypmod) AS type,
       -- the collation, where it is not the type's own
       CASE WHEN a.attcollation <> t.typcollation THEN
         (SELECT quote_ident(cn.nspname) || '.' || quote_ident(co.collname) FROM pg_collation co
            JOIN pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = a.attcollation) END AS collation,
       a.attnotnull AS not_null,
-- pg>=18
       nn.conname AS not_null_name,
       nn.conname = (c.relname || '_' || a.attname || '_not_null') AS not_null_name_is_default,
       coalesce(nn.convalidated, true) AS not_null_valid,
       coalesce(nn.connoinherit, false) AS not_null_no_inherit,
       coalesce(nn.conislocal, true) AS not_null_local,
       obj_description(nn.oid, 'pg_constraint') AS not_null_comment,
-- pg<18
       NULL::text AS not_null_name,
       NULL::boolean AS not_null_name_is_default,
       true AS not_null_valid,
       false AS not_null_no_inherit,
       true AS not_null_local,
       NULL::text AS not_null_comment,
-- pg
       CASE a.attidentity WHEN 'a' THEN 'ALWAYS' WHEN 'd' THEN 'BY DEFAULT' END AS identity,
       s.name AS identity_sequence,
       s.options AS identity_options,
       s.unlogged AS identity_unlogged,
       CASE a.attgenerated WHEN 's' THEN 'STORED' WHEN 'v' THEN 'VIRTUAL' END AS generated,
       CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END AS expression,
       CASE WHEN a.attstorage <> t.typstorage THEN
         CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END
       END AS storage,
       CASE t.typstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END AS type_storage,
-- pg>=14
       CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS compression,
-- pg<14
       NULL::text AS compression,
-- pg
       CASE WHEN coalesce(a.attstattarget, -1) >= 0 THEN a.attstattarget END AS statistics_target,
       -- pg_attver is the server's own mark (Debian's 15.20 writes one on every column); pg_dump leaves it out too
       CASE WHEN a.attoptions IS NOT NULL THEN
         (SELECT array_agg(o ORDER BY o) FROM unnest(a.attoptions) o WHERE o !~ '^pg_attver=') END AS options,
       CASE WHEN a.attfdwoptions IS NOT NULL THEN
         (SELECT array_agg(o ORDER BY o) FROM unnest(a.attfdwoptions) o) END AS server_options,
       a.attislocal AS is_local,
       a.attinhcount > 0 AS inherited,
       -- the type as the catalog knows it: which user type, if any, stands below arrays
       CASE WHEN t.oid >= 16384 THEN
         (SELECT ARRAY[btn.nspname::text, bt.typname::text] FROM pg_type bt JOIN pg_namespace btn ON btn.oid = bt.typnamespace
           WHERE bt.oid = CASE WHEN t.typelem <> 0 AND t.typlen = -1 AND t.typcategory = 'A' THEN t.typelem ELSE t.oid END
             AND bt.oid >= 16384) END AS user_type
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum AND a.attgenerated <> ''
-- pg>=18
LEFT JOIN pg_constraint nn ON nn.conrelid = a.attrelid AND nn.contype = 'n' AND nn.conkey[1] = a.attnum
-- pg
LEFT JOIN LATERAL (
  SELECT quote_ident(sn.nspname) || '.' || quote_ident(sc.relname) AS name,
         ARRAY['START WITH ' || q.seqstart, 'INCREMENT BY ' || q.seqincrement, 'MINVALUE ' || q.seqmin, 'MAXVALUE ' || q.seqmax,
               'CACHE ' || q.seqcache, CASE WHEN q.seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END] AS options,
         sc.relpersistence = 'u' AND c.relpersistence <> 'u' AS unlogged
  FROM pg_depend dep
  JOIN pg_class sc ON sc.oid = dep.objid AND sc.relkind = 'S'
  JOIN pg_namespace sn ON sn.oid = sc.relnamespace
  JOIN pg_sequence q ON q.seqrelid = sc.oid
  WHERE dep.classid = 'pg_class'::regclass AND dep.refclassid = 'pg_class'::regclass AND dep.deptype = 'i'
    AND dep.refobjid = a.attrelid AND dep.refobjsubid = a.attnum AND a.attidentity <> '') s ON true
WHERE a.attnum > 0 AND NOT a.attisdropped
  AND c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't' AND c.oid >= 16384
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
