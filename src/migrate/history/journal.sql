INSERT INTO pgarchitect.journal (version, direction, section, step, sql_hash, token, finished_at)
VALUES ($1, $2, $3, $4, $5, $6, pg_catalog.clock_timestamp())
