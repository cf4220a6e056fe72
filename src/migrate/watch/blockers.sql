-- Who keeps a server process waiting. No text of queries: it may hold secrets.
SELECT a.pid, a.usename, a.application_name, a.state, a.backend_type,
  pg_catalog.to_char(a.xact_start AT TIME ZONE 'UTC', 'HH24:MI:SS') AS transaction_since,
  pg_catalog.to_char(a.query_start AT TIME ZONE 'UTC', 'HH24:MI:SS') AS query_since
FROM pg_catalog.pg_stat_activity a
WHERE a.pid = ANY (pg_catalog.pg_blocking_pids($1::integer)) ORDER BY a.xact_start
