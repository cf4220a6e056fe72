-- Schemas of users, and public, which every database has and which may be changed or dropped.
SELECT n.oid,
       ARRAY[n.nspname::text] AS path,
       -- A fresh public belongs to pg_database_owner (15+) or to the bootstrap superuser. That role is named by itself, because
       -- CREATE SCHEMA and ALTER SCHEMA public OWNER TO give it to another; the bootstrap superuser of a database whose objects
       -- are somebody else's (an upgraded cluster, a hosted one) is nobody's choice.
       CASE WHEN n.nspname <> 'public' THEN @owner(n.nspowner)@
-- pg>=15
            WHEN r.oid = 10 AND @owner(n.nspowner)@ IS NOT NULL THEN 'pg_database_owner'
            ELSE @owner(n.nspowner)@
-- pg<15
            WHEN r.oid = 10 THEN NULL
            ELSE @owner(n.nspowner)@
-- pg
       END AS owner,
       @acl('n', n.nspacl, n.nspowner)@ AS acl
FROM pg_namespace n
JOIN pg_roles r ON r.oid = n.nspowner
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
