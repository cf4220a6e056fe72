-- Transforms between SQL and a procedural language; they live in no schema.
SELECT t.oid,
       ARRAY[format_type(t.trftype, NULL), l.lanname::text] AS path,
       CASE WHEN t.trffromsql::oid <> 0 THEN (
         SELECT quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '(' || oidvectortypes(p.proargtypes) || ')'
         FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = t.trffromsql::oid) END AS from_sql,
       CASE WHEN t.trftosql::oid <> 0 THEN (
         SELECT quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '(' || oidvectortypes(p.proargtypes) || ')'
         FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = t.trftosql::oid) END AS to_sql
FROM pg_transform t
JOIN pg_language l ON l.oid = t.trflang
WHERE t.oid >= 16384
