-- What a plan, or the meaning of a query's literals, depends on.
SELECT name, current_setting(name)
FROM pg_settings
WHERE (category LIKE 'Query Tuning%' OR name IN ('work_mem', 'hash_mem_multiplier', 'max_parallel_workers',
       'max_parallel_workers_per_gather', 'parallel_leader_participation', 'effective_io_concurrency', 'DateStyle', 'TimeZone',
       'IntervalStyle', 'standard_conforming_strings', 'search_path', 'row_security', 'array_nulls', 'xmlbinary', 'bytea_output'))
  AND name NOT IN ('jit', 'plan_cache_mode', 'default_statistics_target') AND context IN ('user', 'superuser')
ORDER BY name
