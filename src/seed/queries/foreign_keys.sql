-- Foreign keys, each once a referencing table; partitions have copies of their own, which count for them.
SELECT k.conrelid AS relation, k.confrelid AS target,
       quote_ident(n.nspname) || '.' || quote_ident(k.conname) AS name, k.conname, k.condeferrable, k.confmatchtype = 'f' AS match_full,
       k.conkey AS columns,
       (SELECT array_agg(a.attname::text ORDER BY u.place) FROM unnest(k.confkey) WITH ORDINALITY u(num, place)
          JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.num) AS target_columns
FROM pg_constraint k
JOIN pg_namespace n ON n.oid = k.connamespace
LEFT JOIN pg_constraint p ON p.oid = k.conparentid
WHERE k.contype = 'f' AND (p.oid IS NULL OR p.conrelid <> k.conrelid)
-- pg>=18
  AND k.conenforced
-- pg
ORDER BY k.conrelid, k.conname
