-- ALTER DEFAULT PRIVILEGES. An entry without a schema replaces the built-in privileges, one of a schema adds to them; so the first is
-- told as the difference from acldefault, the second as it is. Items: sign|privilege|grantable|o, p or r|role.
SELECT d.oid,
       ARRAY[coalesce(@owner(d.defaclrole)@, ''), coalesce(n.nspname::text, ''),
             CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions'
                                  WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' ELSE 'large objects' END] AS path,
       i.grants
FROM pg_default_acl d
LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
CROSS JOIN LATERAL (SELECT CASE WHEN d.defaclnamespace = 0
  THEN acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END, d.defaclrole) END AS acl) b
CROSS JOIN LATERAL (
  SELECT array_agg(x.sign || '|' || x.privilege_type || '|' || x.is_grantable::text || '|' ||
                   CASE WHEN x.grantee = d.defaclrole THEN 'o|' WHEN x.grantee = 0 THEN 'p|'
                        ELSE 'r|' || pg_get_userbyid(x.grantee) END
                   ORDER BY x.sign, x.privilege_type, x.is_grantable, x.grantee = 0,
                            CASE WHEN x.grantee = 0 THEN '' ELSE pg_get_userbyid(x.grantee)::text END) AS grants
  FROM (
    (SELECT '+' AS sign, a.privilege_type, a.is_grantable, a.grantee FROM aclexplode(d.defaclacl) a
     EXCEPT SELECT '+', a.privilege_type, a.is_grantable, a.grantee FROM aclexplode(b.acl) a)
    UNION ALL
    (SELECT '-', a.privilege_type, a.is_grantable, a.grantee FROM aclexplode(b.acl) a
     EXCEPT SELECT '-', a.privilege_type, a.is_grantable, a.grantee FROM aclexplode(d.defaclacl) a)) x) i
WHERE d.oid >= 16384
  AND coalesce(n.nspname !~ '^pg_' AND n.nspname <> 'information_schema', true)
