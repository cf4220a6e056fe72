SELECT version, name, state, up_checksum, down_checksum, down_script, doing,
  pg_catalog.to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS started,
  pg_catalog.to_char(finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS finished,
  took_ms, who, tool, token
FROM pgarchitect.migration ORDER BY place
