-- Operator classes that can index a value of a type ($1), each with the operators that it answers.
SELECT am.amname, CASE WHEN n.nspname = 'pg_catalog' THEN '' ELSE quote_ident(n.nspname) || '.' END || quote_ident(oc.opcname) AS name,
       oc.opcname, oc.opcdefault,
       array_agg(DISTINCT o.oprname) FILTER (WHERE ao.amoppurpose = 's') AS searches,
       array_agg(DISTINCT o.oprname) FILTER (WHERE ao.amoppurpose = 'o') AS orders
FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_opclass oc ON oc.opcintype = t.oid
  OR EXISTS (SELECT FROM pg_catalog.pg_cast x WHERE x.castsource = t.oid AND x.casttarget = oc.opcintype AND x.castmethod = 'b' AND x.castcontext = 'i')
  OR (oc.opcintype = 'anyarray'::regtype AND t.typcategory = 'A') OR (oc.opcintype = 'anyenum'::regtype AND t.typtype = 'e')
  OR (oc.opcintype = 'anyrange'::regtype AND t.typtype = 'r') OR (oc.opcintype::regtype::text = 'anymultirange' AND t.typtype = 'm')
JOIN pg_catalog.pg_am am ON am.oid = oc.opcmethod
JOIN pg_catalog.pg_namespace n ON n.oid = oc.opcnamespace
JOIN pg_catalog.pg_amop ao ON ao.amopfamily = oc.opcfamily AND (ao.amoplefttype = oc.opcintype)
JOIN pg_catalog.pg_operator o ON o.oid = ao.amopopr
WHERE t.oid = (SELECT CASE WHEN b.typtype = 'd' THEN b.typbasetype ELSE b.oid END FROM pg_catalog.pg_type b WHERE b.oid = $1)
GROUP BY 1, 2, 3, 4
ORDER BY 1, 4 DESC, 3
