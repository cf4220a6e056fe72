-- The view pg_stats: for everybody else. It shows the columns that the role may select.
SELECT s.schemaname, s.tablename, s.attname, CASE WHEN c.relkind IN ('i', 'I') THEN a.attnum ELSE 0 END AS position,
       s.inherited, s.null_frac::text, s.avg_width::text, s.n_distinct::text,
       s.most_common_vals::text, s.most_common_freqs::text, s.histogram_bounds::text, s.correlation::text,
       s.most_common_elems::text, s.most_common_elem_freqs::text, s.elem_count_histogram::text,
-- pg>=17
       s.range_length_histogram::text, s.range_empty_frac::text, s.range_bounds_histogram::text
-- pg
-- pg<17
       NULL AS range_length_histogram, NULL AS range_empty_frac, NULL AS range_bounds_histogram
-- pg
FROM pg_stats s
JOIN pg_namespace n ON n.nspname = s.schemaname
JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = s.tablename
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = s.attname
WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pgarchitect', 'pgarchitect_parked')
ORDER BY c.oid, a.attnum, s.inherited
