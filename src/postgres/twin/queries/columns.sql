-- pg_statistic itself: for superusers.
SELECT n.nspname, c.relname, a.attname, CASE WHEN c.relkind IN ('i', 'I') THEN a.attnum ELSE 0 END AS position,
       s.stainherit, s.stanullfrac::text, s.stawidth::text, s.stadistinct::text,
       stakind1, staop1::regoperator::text, stacoll1::regcollation::text, stanumbers1::text, stavalues1::text,
       stakind2, staop2::regoperator::text, stacoll2::regcollation::text, stanumbers2::text, stavalues2::text,
       stakind3, staop3::regoperator::text, stacoll3::regcollation::text, stanumbers3::text, stavalues3::text,
       stakind4, staop4::regoperator::text, stacoll4::regcollation::text, stanumbers4::text, stavalues4::text,
       stakind5, staop5::regoperator::text, stacoll5::regcollation::text, stanumbers5::text, stavalues5::text
FROM pg_statistic s
JOIN pg_class c ON c.oid = s.starelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = s.starelid AND a.attnum = s.staattnum
WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pgarchitect', 'pgarchitect_parked')
  AND c.relpersistence <> 't' AND NOT a.attisdropped
ORDER BY c.oid, a.attnum, s.stainherit
