-- Access methods of tables and indexes.
SELECT a.oid,
       ARRAY[a.amname::text] AS path,
       CASE a.amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END AS type,
       quote_ident(fn.nspname) || '.' || quote_ident(f.proname) AS handler
FROM pg_am a
JOIN pg_proc f ON f.oid = a.amhandler::oid
JOIN pg_namespace fn ON fn.oid = f.pronamespace
WHERE a.oid >= 16384
