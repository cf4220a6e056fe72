-- Foreign keys with the columns that refer, in order.
SELECT n.nspname, t.relname, k.conname,
       (SELECT array_agg(a.attname ORDER BY x.n) FROM unnest(k.conkey) WITH ORDINALITY x(number, n)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = x.number) AS columns,
       k.confrelid::regclass::text AS target
FROM pg_catalog.pg_constraint k
JOIN pg_catalog.pg_class t ON t.oid = k.conrelid
JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
WHERE k.contype = 'f' AND k.conparentid = 0
ORDER BY 1, 2, 3
