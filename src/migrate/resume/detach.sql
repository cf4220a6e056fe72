-- pg>=14
SELECT h.inhdetachpending FROM pg_catalog.pg_inherits h
WHERE h.inhparent = pg_catalog.to_regclass($1) AND h.inhrelid = pg_catalog.to_regclass($2)
-- pg
