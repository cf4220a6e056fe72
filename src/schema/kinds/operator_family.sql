-- Operator families with their loose members: those that belong to no operator class. Which do is in pg_depend, whatever the
-- dependency is called: an access method decides it when a member is added (14 and newer), CREATE OPERATOR CLASS before.
SELECT f.oid,
       ARRAY[n.nspname::text, f.opfname::text, m.amname::text] AS path,
       @owner(f.opfowner)@ AS owner,
       o.operators,
       o.operator_slots,
       p.functions,
       p.function_slots,
       -- what the access method calls required (14 and newer) has an internal dependency, and is not dropped alone
       (SELECT array_agg(r.slot ORDER BY r.slot COLLATE "C")
        FROM (SELECT 'OPERATOR ' || a.amopstrategy || ' (' || format_type(a.amoplefttype, NULL) || ', ' ||
                     format_type(a.amoprighttype, NULL) || ')' AS slot
              FROM pg_depend d JOIN pg_amop a ON a.oid = d.objid
              WHERE d.classid = 'pg_amop'::regclass AND d.deptype = 'i'
                AND d.refclassid = 'pg_opfamily'::regclass AND d.refobjid = f.oid
              UNION ALL
              SELECT 'FUNCTION ' || a.amprocnum || ' (' || format_type(a.amproclefttype, NULL) || ', ' ||
                     format_type(a.amprocrighttype, NULL) || ')'
              FROM pg_depend d JOIN pg_amproc a ON a.oid = d.objid
              WHERE d.classid = 'pg_amproc'::regclass AND d.deptype = 'i'
                AND d.refclassid = 'pg_opfamily'::regclass AND d.refobjid = f.oid) r) AS required_slots
FROM pg_opfamily f
JOIN pg_namespace n ON n.oid = f.opfnamespace
JOIN pg_am m ON m.oid = f.opfmethod
CROSS JOIN LATERAL (
  SELECT array_agg('OPERATOR ' || x.amopstrategy || ' ' || x.amopopr::regoperator::text ||
                   coalesce(' FOR ORDER BY ' || quote_ident(sn.nspname) || '.' || quote_ident(s.opfname), '')
                   ORDER BY x.amopstrategy, x.slot) AS operators,
         array_agg('OPERATOR ' || x.amopstrategy || x.slot ORDER BY x.amopstrategy, x.slot) AS operator_slots
  FROM (SELECT a.amopstrategy, a.amopopr, a.amopsortfamily,
               (' (' || format_type(a.amoplefttype, NULL) || ', ' || format_type(a.amoprighttype, NULL) || ')') COLLATE "C" AS slot
        FROM pg_amop a
        WHERE a.amopfamily = f.oid
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_amop'::regclass AND d.objid = a.oid
                          AND d.refclassid = 'pg_opclass'::regclass)) x
  LEFT JOIN pg_opfamily s ON s.oid = x.amopsortfamily
  LEFT JOIN pg_namespace sn ON sn.oid = s.opfnamespace) o
CROSS JOIN LATERAL (
  SELECT array_agg('FUNCTION ' || x.amprocnum || x.slot || ' ' || x.amproc::oid::regprocedure::text
                   ORDER BY x.amprocnum, x.slot) AS functions,
         array_agg('FUNCTION ' || x.amprocnum || x.slot ORDER BY x.amprocnum, x.slot) AS function_slots
  FROM (SELECT a.amprocnum, a.amproc,
               (' (' || format_type(a.amproclefttype, NULL) || ', ' || format_type(a.amprocrighttype, NULL) || ')') COLLATE "C"
                 AS slot
        FROM pg_amproc a
        WHERE a.amprocfamily = f.oid
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_amproc'::regclass AND d.objid = a.oid
                          AND d.refclassid = 'pg_opclass'::regclass)) x) p
WHERE f.oid >= 16384
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
