-- Row security policies.
SELECT p.oid,
       ARRAY[n.nspname::text, c.relname::text, p.polname::text] AS path,
       p.polrelid AS parent,
       p.polpermissive AS permissive,
       CASE p.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update' WHEN 'd' THEN 'delete'
                     ELSE 'all' END AS command,
       -- PUBLIC is the empty name
       (SELECT array_agg(CASE WHEN o.role = 0 THEN '' ELSE pg_get_userbyid(o.role)::text END
                         ORDER BY CASE WHEN o.role = 0 THEN '' ELSE pg_get_userbyid(o.role)::text END)
        FROM unnest(p.polroles) o(role)) AS roles,
       pg_get_expr(p.polqual, p.polrelid) AS using,
       pg_get_expr(p.polwithcheck, p.polrelid) AS with_check
FROM pg_policy p
JOIN pg_class c ON c.oid = p.polrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE p.oid >= 16384
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
