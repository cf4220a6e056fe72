-- Collations. The version of the library that made one (collversion) is a fact of the server, not of the schema.
SELECT l.oid,
       ARRAY[n.nspname::text, l.collname::text] AS path,
       @owner(l.collowner)@ AS owner,
       CASE l.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' WHEN 'd' THEN 'default' ELSE 'libc' END AS provider,
       l.collisdeterministic AS deterministic,
       -- colllocale since 17, colliculocale in 15 and 16, before that in collcollate
       coalesce(to_jsonb(l) ->> 'colllocale', to_jsonb(l) ->> 'colliculocale',
                CASE WHEN l.collprovider = 'i' THEN l.collcollate::text END) AS locale,
       CASE WHEN l.collprovider = 'c' THEN l.collcollate::text END AS lc_collate,
       CASE WHEN l.collprovider = 'c' THEN l.collctype::text END AS lc_ctype,
-- pg>=16
       l.collicurules AS rules
-- pg<16
       NULL::text AS rules
-- pg
FROM pg_collation l
JOIN pg_namespace n ON n.oid = l.collnamespace
WHERE l.oid >= 16384
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
