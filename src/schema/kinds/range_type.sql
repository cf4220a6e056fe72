-- Range types, each with its multirange type (14 and newer).
SELECT t.oid,
       ARRAY[n.nspname::text, t.typname::text] AS path,
       @owner(t.typowner)@ AS owner,
       @acl('T', t.typacl, t.typowner)@ AS acl,
       format_type(r.rngsubtype, NULL) AS subtype,
       CASE WHEN NOT o.opcdefault OR o.opcintype <> r.rngsubtype
            THEN quote_ident(opn.nspname) || '.' || quote_ident(o.opcname) END AS subtype_opclass,
       (SELECT quote_ident(ln.nspname) || '.' || quote_ident(l.collname)
        FROM pg_collation l JOIN pg_namespace ln ON ln.oid = l.collnamespace
        WHERE l.oid = r.rngcollation AND r.rngcollation <> s.typcollation) AS collation,
       (SELECT quote_ident(fn.nspname) || '.' || quote_ident(f.proname)
        FROM pg_proc f JOIN pg_namespace fn ON fn.oid = f.pronamespace WHERE f.oid = r.rngcanonical::oid) AS canonical,
       (SELECT quote_ident(fn.nspname) || '.' || quote_ident(f.proname)
        FROM pg_proc f JOIN pg_namespace fn ON fn.oid = f.pronamespace WHERE f.oid = r.rngsubdiff::oid) AS subtype_diff,
-- pg>=14
       (SELECT ARRAY[mn.nspname::text, m.typname::text]
        FROM pg_type m JOIN pg_namespace mn ON mn.oid = m.typnamespace WHERE m.oid = r.rngmultitypid) AS multirange,
       (SELECT min(ARRAY[fn.nspname::text, f.proname::text])
        FROM pg_depend d JOIN pg_proc f ON f.oid = d.objid JOIN pg_namespace fn ON fn.oid = f.pronamespace
        WHERE d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_type'::regclass AND d.refobjid = r.rngmultitypid
          AND d.deptype = 'i') AS multirange_constructor,
-- pg<14
       NULL::text[] AS multirange,
       NULL::text[] AS multirange_constructor,
-- pg
       -- the functions that make values keep their name when the type is renamed
       (SELECT min(ARRAY[fn.nspname::text, f.proname::text])
        FROM pg_depend d JOIN pg_proc f ON f.oid = d.objid JOIN pg_namespace fn ON fn.oid = f.pronamespace
        WHERE d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_type'::regclass AND d.refobjid = r.rngtypid
          AND d.deptype = 'i') AS constructor
FROM pg_type t
JOIN pg_range r ON r.rngtypid = t.oid
JOIN pg_type s ON s.oid = r.rngsubtype
JOIN pg_opclass o ON o.oid = r.rngsubopc
JOIN pg_namespace opn ON opn.oid = o.opcnamespace
JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE t.oid >= 16384 AND t.typtype = 'r'
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
