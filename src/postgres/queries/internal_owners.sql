-- Catalog rows that are a part of another object: the expression of a default, so that dependencies can be told of the object
-- that a user knows. Everything with an internal ('i') dependency is resolved from pg_depend itself.
SELECT 'pg_attrdef'::regclass::oid AS classid, d.oid AS objid,
       'pg_class'::regclass::oid AS refclassid, d.adrelid AS refobjid, d.adnum::int AS refobjsubid,
       a.attgenerated <> '' AS generated
FROM pg_attrdef d
JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
WHERE d.adrelid >= 16384
UNION ALL  -- members of operator classes and families: the dependency is internal only where the access method wants it
SELECT d.classid, d.objid, d.refclassid, d.refobjid, 0, false
FROM pg_depend d
WHERE d.classid IN ('pg_amop'::regclass, 'pg_amproc'::regclass)
  AND d.refclassid IN ('pg_opclass'::regclass, 'pg_opfamily'::regclass) AND d.deptype = 'a' AND d.objid >= 16384
UNION ALL  -- what a publication publishes
SELECT 'pg_publication_rel'::regclass, r.oid, 'pg_publication'::regclass, r.prpubid, 0, false
FROM pg_publication_rel r
-- pg>=15
UNION ALL
SELECT 'pg_publication_namespace'::regclass, s.oid, 'pg_publication'::regclass, s.pnpubid, 0, false
FROM pg_publication_namespace s
-- pg
