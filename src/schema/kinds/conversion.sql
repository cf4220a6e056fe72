-- Conversions between encodings.
SELECT c.oid,
       ARRAY[n.nspname::text, c.conname::text] AS path,
       @owner(c.conowner)@ AS owner,
       pg_encoding_to_char(c.conforencoding) AS source,
       pg_encoding_to_char(c.contoencoding) AS destination,
       quote_ident(fn.nspname) || '.' || quote_ident(f.proname) AS function,
       c.condefault AS is_default
FROM pg_conversion c
JOIN pg_namespace n ON n.oid = c.connamespace
JOIN pg_proc f ON f.oid = c.conproc::oid
JOIN pg_namespace fn ON fn.oid = f.pronamespace
WHERE c.oid >= 16384
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
