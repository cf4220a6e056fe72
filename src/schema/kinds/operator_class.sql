-- Operator classes with the members that are theirs (kinds/operator_family.sql has the others).
SELECT c.oid,
       ARRAY[n.nspname::text, c.opcname::text, m.amname::text] AS path,
       @owner(c.opcowner)@ AS owner,
       c.opcdefault AS is_default,
       format_type(c.opcintype, NULL) AS type,
       quote_ident(fn.nspname) || '.' || quote_ident(f.opfname) AS family,
       CASE WHEN c.opckeytype <> 0 THEN format_type(c.opckeytype, NULL) END AS storage,
       (SELECT array_agg('OPERATOR ' || x.amopstrategy || ' ' || x.operator ||
                         coalesce(' FOR ORDER BY ' || quote_ident(sn.nspname) || '.' || quote_ident(s.opfname), '')
                         ORDER BY x.amopstrategy, x.operator)
        FROM (SELECT a.amopstrategy, a.amopsortfamily, a.amopopr::regoperator::text COLLATE "C" AS operator
              FROM pg_amop a
              JOIN pg_depend d ON d.classid = 'pg_amop'::regclass AND d.objid = a.oid
              WHERE d.refclassid = 'pg_opclass'::regclass AND d.refobjid = c.oid) x
        LEFT JOIN pg_opfamily s ON s.oid = x.amopsortfamily
        LEFT JOIN pg_namespace sn ON sn.oid = s.opfnamespace) AS operators,
       (SELECT array_agg('FUNCTION ' || x.amprocnum || x.slot || ' ' || x.function ORDER BY x.amprocnum, x.slot)
        FROM (SELECT a.amprocnum, a.amproc::oid::regprocedure::text AS function,
                     (' (' || format_type(a.amproclefttype, NULL) || ', ' || format_type(a.amprocrighttype, NULL) || ')')
                       COLLATE "C" AS slot
              FROM pg_amproc a
              JOIN pg_depend d ON d.classid = 'pg_amproc'::regclass AND d.objid = a.oid
              WHERE d.refclassid = 'pg_opclass'::regclass AND d.refobjid = c.oid) x) AS functions
FROM pg_opclass c
JOIN pg_namespace n ON n.oid = c.opcnamespace
JOIN pg_am m ON m.oid = c.opcmethod
JOIN pg_opfamily f ON f.oid = c.opcfamily
JOIN pg_namespace fn ON fn.oid = f.opfnamespace
WHERE c.oid >= 16384
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
