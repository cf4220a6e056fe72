-- Extended statistics: for superusers. Expressions are read one by one (extended_expressions.sql).
SELECT n.nspname, s.stxname,
-- pg>=15
       d.stxdinherit,
-- pg
-- pg<15
       false AS stxdinherit,
-- pg
       encode(d.stxdndistinct::bytea, 'hex'), encode(d.stxddependencies::bytea, 'hex'), encode(d.stxdmcv::bytea, 'hex'), s.stxkeys::text
FROM pg_statistic_ext s
JOIN pg_statistic_ext_data d ON d.stxoid = s.oid
JOIN pg_namespace n ON n.oid = s.stxnamespace
WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pgarchitect', 'pgarchitect_parked')
ORDER BY s.oid, 3
