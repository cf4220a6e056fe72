-- Widths of the values that the statistics of a column ($1 table, $2 number) name, as they are stored, with their shares. @type@ is
-- the column's type.
WITH s AS (
  SELECT v.most_common_vals::text::@type@[] AS common, v.most_common_freqs AS shares, v.histogram_bounds::text::@type@[] AS bounds
  FROM pg_catalog.pg_stats v JOIN pg_catalog.pg_class c ON c.relname = v.tablename
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname = v.schemaname
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = v.attname
  WHERE c.oid = $1::oid AND a.attnum = $2::int AND NOT v.inherited
), values_ AS (
  SELECT pg_catalog.pg_column_size(u.value) AS size, u.share FROM s, unnest(s.common, s.shares) u(value, share)
  UNION ALL
  SELECT pg_catalog.pg_column_size(u.value),
         (1 - coalesce((SELECT sum(x) FROM unnest(s.shares) x), 0)) / greatest(1, array_length(s.bounds, 1))
    FROM s, unnest(s.bounds) u(value)
)
-- What comes from a function in FROM is a stored row: short values have their short header there.
SELECT size, sum(share) FROM values_ WHERE size IS NOT NULL GROUP BY size ORDER BY size
