-- Text search parsers. Their functions are named as regproc prints them.
SELECT p.oid,
       ARRAY[n.nspname::text, p.prsname::text] AS path,
       p.prsstart::text AS start,
       p.prstoken::text AS gettoken,
       p.prsend::text AS end,
       NULLIF(p.prsheadline::text, '-') AS headline,
       p.prslextype::text AS lextypes
FROM pg_ts_parser p
JOIN pg_namespace n ON n.oid = p.prsnamespace
WHERE p.oid >= 16384
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
