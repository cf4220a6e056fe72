-- Statistics of the expressions of extended statistics: for superusers, from 14 on.
SELECT n.nspname, s.stxname, e.number, 0 AS position,
-- pg>=15
       d.stxdinherit,
-- pg
-- pg<15
       false AS stxdinherit,
-- pg
       e.stanullfrac::text, e.stawidth::text, e.stadistinct::text,
       stakind1, staop1::regoperator::text, stacoll1::regcollation::text, stanumbers1::text, stavalues1::text,
       stakind2, staop2::regoperator::text, stacoll2::regcollation::text, stanumbers2::text, stavalues2::text,
       stakind3, staop3::regoperator::text, stacoll3::regcollation::text, stanumbers3::text, stavalues3::text,
       stakind4, staop4::regoperator::text, stacoll4::regcollation::text, stanumbers4::text, stavalues4::text,
       stakind5, staop5::regoperator::text, stacoll5::regcollation::text, stanumbers5::text, stavalues5::text
FROM pg_statistic_ext s
JOIN pg_statistic_ext_data d ON d.stxoid = s.oid
JOIN pg_namespace n ON n.oid = s.stxnamespace
CROSS JOIN LATERAL (SELECT u.*, row_number() OVER () AS number FROM unnest(d.stxdexpr) u) e
WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pgarchitect', 'pgarchitect_parked')
ORDER BY s.oid, 5, e.number
