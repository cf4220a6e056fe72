INSERT INTO pgarchitect.log (at, what, version, took_ms, who, tool, token)
VALUES (pg_catalog.clock_timestamp(), $1, $2,
  (SELECT (EXTRACT(epoch FROM pg_catalog.clock_timestamp() - m.started_at) * 1000)::bigint FROM pgarchitect.migration m
   WHERE m.version = $2 AND m.finished_at IS NULL), $3, $4, $5)
