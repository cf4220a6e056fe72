-- pg_attver is a mark that Debian's server writes on every column by itself; pg_dump leaves it out too.
-- Columns of tables, in their order (order column); of views, materialised views and composite types with their position.
SELECT CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'c' THEN 'type' ELSE 'table' END
         || format(' %I.%I', n.nspname, c.relname) AS relation,
       c.relkind IN ('r', 'p', 'f') AS is_table,
       quote_ident(a.attname) || ' ' || concat_ws(' ',
         format_type(a.atttypid, a.atttypmod),
         CASE WHEN a.attcollation <> t.typcollation THEN
           (SELECT format('COLLATE %I.%I', xn.nspname, x.collname) FROM pg_collation x
              JOIN pg_namespace xn ON xn.oid = x.collnamespace WHERE x.oid = a.attcollation) END,
         CASE WHEN a.attnotnull THEN 'NOT NULL' END,
         CASE WHEN a.attgenerated <> '' THEN 'generated ' || a.attgenerated::text WHEN a.attidentity <> '' THEN 'identity ' || a.attidentity::text END,
         'default ' || pg_get_expr(d.adbin, d.adrelid),
         CASE WHEN a.attstorage <> t.typstorage THEN 'storage ' || a.attstorage::text END,
-- pg>=14
         CASE WHEN a.attcompression <> '' THEN 'compression ' || a.attcompression::text END,
-- pg
         CASE WHEN COALESCE(a.attstattarget, -1) >= 0 THEN 'statistics ' || a.attstattarget END,
         (SELECT 'options ' || string_agg(o, ',' ORDER BY o) FROM unnest(a.attoptions) o WHERE o !~ '^pg_attver='),
         (SELECT 'fdw options ' || string_agg(o, ',' ORDER BY o) FROM unnest(a.attfdwoptions) o),
         CASE WHEN NOT a.attislocal THEN 'not local' END,
         CASE WHEN a.attinhcount > 0 THEN 'inherited ' || a.attinhcount END,
         CASE WHEN c.relkind NOT IN ('r', 'p', 'f') THEN 'position ' || row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum) END) AS text
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c') AND @user@ AND @own('pg_class', c.oid)@
ORDER BY 1, a.attnum
