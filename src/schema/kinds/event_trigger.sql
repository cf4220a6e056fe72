-- Event triggers, in the whole database.
SELECT e.oid,
       ARRAY[e.evtname::text] AS path,
       @owner(e.evtowner)@ AS owner,
       e.evtevent::text AS event,
       e.evttags AS tags,
       quote_ident(n.nspname) || '.' || quote_ident(p.proname) AS function,
       CASE e.evtenabled WHEN 'O' THEN 'origin' WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' ELSE 'always' END AS enabled
FROM pg_event_trigger e
JOIN pg_proc p ON p.oid = e.evtfoid
JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE e.oid >= 16384
