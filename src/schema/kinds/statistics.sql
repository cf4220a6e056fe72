-- Extended statistics objects.
SELECT s.oid,
       ARRAY[n.nspname::text, s.stxname::text] AS path,
       s.stxrelid AS parent,
       @owner(s.stxowner)@ AS owner,
       pg_get_statisticsobjdef(s.oid) AS definition,
       NULLIF(s.stxstattarget, -1) AS target,
       quote_ident(cn.nspname) || '.' || quote_ident(c.relname) AS relation,
       (SELECT array_agg(CASE k.kind WHEN 'd' THEN 'ndistinct' WHEN 'f' THEN 'dependencies' WHEN 'm' THEN 'mcv'
                                     ELSE 'expressions' END ORDER BY k.kind)
        FROM unnest(s.stxkind) k(kind)) AS kinds,
       (SELECT array_agg(a.attname::text ORDER BY a.attname::text COLLATE "C")
        FROM pg_attribute a WHERE a.attrelid = s.stxrelid AND a.attnum = ANY (s.stxkeys)) AS columns,
-- pg>=14
       pg_get_statisticsobjdef_expressions(s.oid) AS expressions
-- pg<14
       NULL::text[] AS expressions
-- pg
FROM pg_statistic_ext s
JOIN pg_namespace n ON n.oid = s.stxnamespace
JOIN pg_class c ON c.oid = s.stxrelid
JOIN pg_namespace cn ON cn.oid = c.relnamespace
WHERE s.oid >= 16384
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
