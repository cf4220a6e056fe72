-- Every dependency between user objects, as the catalog keeps them. The extension edges ('e') tell the members.
SELECT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, d.deptype
FROM pg_depend d
WHERE d.objid >= 16384 AND (d.refobjid >= 16384 OR d.refclassid = 'pg_namespace'::regclass)
ORDER BY 1, 2, 3, 4, 5, 6, 7
