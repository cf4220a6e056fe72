-- Text search dictionaries. Their options stand in the catalog as the SQL text that made them.
SELECT d.oid,
       ARRAY[n.nspname::text, d.dictname::text] AS path,
       @owner(d.dictowner)@ AS owner,
       quote_ident(tn.nspname) || '.' || quote_ident(t.tmplname) AS template,
       d.dictinitoption AS options
FROM pg_ts_dict d
JOIN pg_namespace n ON n.oid = d.dictnamespace
JOIN pg_ts_template t ON t.oid = d.dicttemplate
JOIN pg_namespace tn ON tn.oid = t.tmplnamespace
WHERE d.oid >= 16384
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
