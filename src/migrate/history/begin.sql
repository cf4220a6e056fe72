INSERT INTO pgarchitect.migration (version, name, state, up_checksum, down_checksum, down_script, started_at, who, tool, token)
VALUES ($1, $2, 'applying', $3, $4, $5, pg_catalog.clock_timestamp(), $6, $7, $8)
