-- Extensions. plpgsql, which initdb installs, has an OID below 16384 and is no user object.
SELECT e.oid,
       ARRAY[e.extname::text] AS path,
       n.nspname AS schema,
       e.extversion AS version,
       e.extrelocatable AS relocatable
FROM pg_extension e
JOIN pg_namespace n ON n.oid = e.extnamespace
WHERE e.oid >= 16384
