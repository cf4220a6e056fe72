-- Domains. CHECK constraints are the kind domain_constraint; NOT NULL (a named constraint since 17) is a property here.
SELECT t.oid,
       ARRAY[n.nspname::text, t.typname::text] AS path,
       @owner(t.typowner)@ AS owner,
       @acl('T', t.typacl, t.typowner)@ AS acl,
       format_type(t.typbasetype, t.typtypmod) AS type,
       -- the collation, where it is not the type's own
       (SELECT quote_ident(ln.nspname) || '.' || quote_ident(l.collname)
        FROM pg_collation l JOIN pg_namespace ln ON ln.oid = l.collnamespace
        WHERE l.oid = t.typcollation AND t.typcollation <> b.typcollation) AS collation,
       pg_get_expr(t.typdefaultbin, 0) AS default_value,
       t.typnotnull AS not_null,
-- pg>=17
       nn.conname AS not_null_name,
       obj_description(nn.oid, 'pg_constraint') AS not_null_comment
-- pg<17
       NULL::text AS not_null_name,
       NULL::text AS not_null_comment
-- pg
FROM pg_type t
JOIN pg_type b ON b.oid = t.typbasetype
JOIN pg_namespace n ON n.oid = t.typnamespace
-- pg>=17
LEFT JOIN pg_constraint nn ON nn.contypid = t.oid AND nn.contype = 'n'
-- pg
WHERE t.oid >= 16384 AND t.typtype = 'd'
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
