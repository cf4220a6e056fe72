-- Enumerated types with their values in order.
SELECT t.oid,
       ARRAY[n.nspname::text, t.typname::text] AS path,
       @owner(t.typowner)@ AS owner,
       @acl('T', t.typacl, t.typowner)@ AS acl,
       (SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid) AS values
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE t.oid >= 16384 AND t.typtype = 'e'
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
