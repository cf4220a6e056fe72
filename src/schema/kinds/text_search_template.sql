-- Text search templates. Their functions are named as regproc prints them.
SELECT t.oid,
       ARRAY[n.nspname::text, t.tmplname::text] AS path,
       NULLIF(t.tmplinit::text, '-') AS init,
       t.tmpllexize::text AS lexize
FROM pg_ts_template t
JOIN pg_namespace n ON n.oid = t.tmplnamespace
WHERE t.oid >= 16384
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
