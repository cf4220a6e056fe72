UPDATE pgarchitect.runner SET token = token + 1, pid = pg_catalog.pg_backend_pid(), taken_at = pg_catalog.clock_timestamp(),
  taken_by = $1
RETURNING token
