-- What PostgreSQL evaluates on each row: checks of tables (inherited ones included) and of domains, by name.
SELECT k.conrelid AS relation, k.contypid AS type, k.conname,
       pg_get_expr(k.conbin, k.conrelid) AS expression
FROM pg_constraint k
WHERE k.contype = 'c'
-- pg>=18
  AND k.conenforced
-- pg
ORDER BY k.conrelid, k.contypid, k.conname
