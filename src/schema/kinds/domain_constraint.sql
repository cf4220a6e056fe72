-- CHECK constraints of domains.
SELECT k.oid,
       k.contypid AS parent,
       'pg_type'::regclass::oid AS parent_class,
       ARRAY[n.nspname::text, t.typname::text, k.conname::text] AS path,
       -- without NOT VALID, which is told by validated
       CASE WHEN k.convalidated THEN pg_get_constraintdef(k.oid)
            ELSE regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '') END AS definition,
       k.convalidated AS validated
FROM pg_constraint k
JOIN pg_type t ON t.oid = k.contypid
JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE k.oid >= 16384 AND k.contype = 'c'
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
