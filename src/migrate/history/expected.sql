INSERT INTO pgarchitect.expected (scale, fingerprint, objects, noted_at) VALUES ($1, $2, $3, pg_catalog.clock_timestamp())
ON CONFLICT (only_row) DO UPDATE SET scale = EXCLUDED.scale, fingerprint = EXCLUDED.fingerprint, objects = EXCLUDED.objects,
  noted_at = EXCLUDED.noted_at
