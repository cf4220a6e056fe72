-- Objects in words; $1: classids, $2: objids. Left out: objects of PostgreSQL's own schemas (temporary ones too), and what was
-- dropped meanwhile.
SELECT DISTINCT d.description
FROM unnest($1::oid[], $2::oid[]) u(classid, objid)
CROSS JOIN LATERAL pg_identify_object(u.classid, u.objid, 0) i
CROSS JOIN LATERAL (SELECT pg_describe_object(u.classid, u.objid, 0) AS description) d
WHERE d.description IS NOT NULL
  AND (i.schema IS NULL OR (i.schema !~ '^pg_' AND i.schema <> 'information_schema'))
  AND i.type IS DISTINCT FROM 'toast table'
ORDER BY 1
