-- Which of the history's tables are there; NULL for a schema of this name that is somebody else's.
SELECT pg_catalog.to_regnamespace('pgarchitect') IS NOT NULL AS schema,
  pg_catalog.to_regclass('pgarchitect.runner') IS NOT NULL AND pg_catalog.to_regclass('pgarchitect.migration') IS NOT NULL
  AND pg_catalog.to_regclass('pgarchitect.journal') IS NOT NULL AND pg_catalog.to_regclass('pgarchitect.expected') IS NOT NULL AS tables
