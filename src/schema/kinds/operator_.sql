-- Operators. A shell (an operator that was named as a commutator or negator and never defined) is no object, as for pg_dump, but
-- those who name it say so, because it must go with them.
SELECT o.oid,
       ARRAY[n.nspname::text, o.oprname::text,
             CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END || ', ' ||
             CASE WHEN o.oprright = 0 THEN 'NONE' ELSE format_type(o.oprright, NULL) END] AS path,
       @owner(o.oprowner)@ AS owner,
       CASE WHEN o.oprleft <> 0 THEN format_type(o.oprleft, NULL) END AS left,
       CASE WHEN o.oprright <> 0 THEN format_type(o.oprright, NULL) END AS right,
       o.oprcode::text AS function,
       quote_ident(cn.nspname) || '.' || c.oprname AS commutator,
       quote_ident(gn.nspname) || '.' || g.oprname AS negator,
       NULLIF(o.oprrest::text, '-') AS restrict,
       NULLIF(o.oprjoin::text, '-') AS join,
       o.oprcanhash AS hashes,
       o.oprcanmerge AS merges,
       coalesce(c.oprcode = 0, false) AS commutator_is_shell,
       coalesce(g.oprcode = 0, false) AS negator_is_shell
FROM pg_operator o
JOIN pg_namespace n ON n.oid = o.oprnamespace
LEFT JOIN pg_operator c ON c.oid = o.oprcom
LEFT JOIN pg_namespace cn ON cn.oid = c.oprnamespace
LEFT JOIN pg_operator g ON g.oid = o.oprnegate
LEFT JOIN pg_namespace gn ON gn.oid = g.oprnamespace
WHERE o.oid >= 16384
  AND o.oprcode <> 0
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
