UPDATE pgarchitect.migration SET state = 'applied', doing = NULL, finished_at = pg_catalog.clock_timestamp(), fingerprint = $2,
  took_ms = (EXTRACT(epoch FROM pg_catalog.clock_timestamp() - started_at) * 1000)::bigint
WHERE version = $1
