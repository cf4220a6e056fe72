SELECT l.pid, a.usename, a.application_name,
  pg_catalog.to_char(a.backend_start AT TIME ZONE 'UTC', 'HH24:MI:SS') AS since
FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 1885823346 AND l.objid = 1 AND l.objsubid = 2
  AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
