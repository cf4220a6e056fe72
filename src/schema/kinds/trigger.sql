-- Triggers that users made. A partition's clone of its parent's trigger is no object of its own unless its state differs from
-- the parent's (so does pg_dump); triggers that enforce constraints belong to them.
SELECT t.oid,
       ARRAY[n.nspname::text, c.relname::text, t.tgname::text] AS path,
       t.tgrelid AS parent,
       pg_get_triggerdef(t.oid) AS definition,
       CASE t.tgenabled WHEN 'O' THEN 'origin' WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' ELSE 'always' END AS enabled,
       t.tgconstraint <> 0 AS is_constraint,
       quote_ident(fn.nspname) || '.' || quote_ident(f.proname) AS function,
       (SELECT array_agg(e.extname::text ORDER BY e.extname)
        FROM pg_depend x JOIN pg_extension e ON e.oid = x.refobjid
        WHERE x.classid = 'pg_trigger'::regclass AND x.objid = t.oid AND x.refclassid = 'pg_extension'::regclass
          AND x.deptype = 'x') AS depends_on_extensions,
       t.tgparentid <> 0 AS is_clone,
       CASE p.tgenabled WHEN 'O' THEN 'origin' WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' END
         AS parent_enabled
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_proc f ON f.oid = t.tgfoid
JOIN pg_namespace fn ON fn.oid = f.pronamespace
LEFT JOIN pg_trigger p ON p.oid = t.tgparentid
LEFT JOIN pg_constraint k ON k.oid = t.tgconstraint
WHERE t.tgrelid >= 16384
  AND (k.oid IS NULL OR k.contype = 't')
  AND ((NOT t.tgisinternal AND t.tgparentid = 0) OR t.tgenabled <> p.tgenabled)
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
