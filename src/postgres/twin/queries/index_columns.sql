-- The columns of one index ($1): length, alignment, average width where statistics have it, share of NULLs, SQL, whether it is
-- only included, average number of elements, number
-- of values, and the number of the table's column where its widths can be looked up (value_widths.sql).
SELECT a.attlen, CASE a.attalign WHEN 'c' THEN 1 WHEN 's' THEN 2 WHEN 'i' THEN 4 ELSE 8 END,
       s.stawidth, coalesce(s.stanullfrac, 0), pg_catalog.pg_get_indexdef(a.attrelid, a.attnum::int, false), a.attnum > i.indnkeyatts,
       CASE 5 WHEN s.stakind1 THEN s.stanumbers1[array_upper(s.stanumbers1, 1)] WHEN s.stakind2 THEN s.stanumbers2[array_upper(s.stanumbers2, 1)]
              WHEN s.stakind3 THEN s.stanumbers3[array_upper(s.stanumbers3, 1)] WHEN s.stakind4 THEN s.stanumbers4[array_upper(s.stanumbers4, 1)]
              WHEN s.stakind5 THEN s.stanumbers5[array_upper(s.stanumbers5, 1)] END,
       CASE WHEN s.stadistinct >= 0 THEN s.stadistinct ELSE -s.stadistinct * greatest(t.reltuples, 0) END,
       CASE WHEN s.staattnum IS NOT NULL AND a.attlen = -1 THEN i.indkey[a.attnum - 1] END
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_index i ON i.indexrelid = a.attrelid
JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
LEFT JOIN pg_catalog.pg_statistic s ON s.starelid = i.indrelid AND s.staattnum = i.indkey[a.attnum - 1] AND i.indkey[a.attnum - 1] <> 0
  AND NOT s.stainherit
WHERE a.attrelid = $1
ORDER BY a.attnum
