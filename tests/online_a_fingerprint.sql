-- What the schema is, asked of the catalogs without our reader: for servers whose pg_dump is not at hand.
SELECT string_agg(line, E'\n' ORDER BY line) FROM (
  SELECT format('relation %s %s %s %s %s %s', c.oid::regclass, c.relkind, c.relpersistence, c.relreplident, c.reloptions,
                pg_get_expr(c.relpartbound, c.oid)) ||
         coalesce(' of ' || (SELECT string_agg(h.inhparent::regclass::text, ',') FROM pg_inherits h WHERE h.inhrelid = c.oid AND NOT h.inhdetachpending), '') ||
         coalesce(' comment ' || obj_description(c.oid, 'pg_class'), '') || coalesce(' acl ' || c.relacl::text, '') AS line
    FROM pg_class c WHERE c.relnamespace::regnamespace::text LIKE 'c\_%' AND c.relkind <> 't'
  UNION ALL
  SELECT format('column %s.%s %s %s %s', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid))
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
   WHERE c.relnamespace::regnamespace::text LIKE 'c\_%' AND c.relkind IN ('r', 'p', 'm') AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT format('view %s %s', oid::regclass, pg_get_viewdef(oid)) FROM pg_class WHERE relnamespace::regnamespace::text LIKE 'c\_%' AND relkind IN ('v', 'm')
  UNION ALL
  SELECT format('index %s %s valid=%s clustered=%s identity=%s', indexrelid::regclass, pg_get_indexdef(indexrelid), indisvalid, indisclustered, indisreplident)
    FROM pg_index JOIN pg_class c ON c.oid = indexrelid WHERE c.relnamespace::regnamespace::text LIKE 'c\_%'
  UNION ALL
  -- the name of a partition's copy of a foreign key is PostgreSQL's own business
  SELECT format('constraint %s on %s %s valid=%s local=%s', CASE WHEN contype = 'f' AND conparentid <> 0 THEN '' ELSE conname END,
                conrelid::regclass, pg_get_constraintdef(oid), convalidated,
                -- ADD PRIMARY KEY USING INDEX on a partition marks an inherited NOT NULL as local as well: it means nothing
                conislocal AND contype <> 'n') || coalesce(' comment ' || obj_description(oid, 'pg_constraint'), '')
    FROM pg_constraint WHERE connamespace::regnamespace::text LIKE 'c\_%' AND conrelid <> 0
     -- actions of the referenced side's partitions
     AND NOT (contype = 'f' AND conparentid <> 0 AND EXISTS (SELECT FROM pg_constraint p WHERE p.oid = pg_constraint.conparentid AND p.conrelid = pg_constraint.conrelid))
) x
