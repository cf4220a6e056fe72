-- Privileges, comments and security labels of everything, by the identity that PostgreSQL itself gives an object.
WITH held(classid, objid, objsubid, items, owner) AS (
  SELECT 'pg_class'::regclass::oid, c.oid, 0,
         COALESCE(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner)), c.relowner
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND @user@
  UNION ALL
  SELECT 'pg_class'::regclass::oid, c.oid, a.attnum, a.attacl, c.relowner
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE a.attacl IS NOT NULL AND @user@
     AND NOT a.attisdropped
  UNION ALL
  SELECT 'pg_proc'::regclass::oid, p.oid, 0, COALESCE(p.proacl, acldefault('f', p.proowner)), p.proowner
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE @user@
  UNION ALL
  SELECT 'pg_type'::regclass::oid, t.oid, 0, COALESCE(t.typacl, acldefault('T', t.typowner)), t.typowner
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype IN ('b', 'd', 'e', 'r', 'c') AND t.typcategory <> 'A' AND @user@
     AND (t.typrelid = 0 OR (SELECT c.relkind = 'c' FROM pg_class c WHERE c.oid = t.typrelid))
  UNION ALL
  SELECT 'pg_namespace'::regclass::oid, n.oid, 0, COALESCE(n.nspacl, acldefault('n', n.nspowner)), n.nspowner FROM pg_namespace n WHERE @user@
  UNION ALL
  SELECT 'pg_language'::regclass::oid, l.oid, 0, COALESCE(l.lanacl, acldefault('l', l.lanowner)), l.lanowner FROM pg_language l WHERE l.lanispl
  UNION ALL
  SELECT 'pg_foreign_data_wrapper'::regclass::oid, w.oid, 0, COALESCE(w.fdwacl, acldefault('F', w.fdwowner)), w.fdwowner FROM pg_foreign_data_wrapper w
  UNION ALL
  SELECT 'pg_foreign_server'::regclass::oid, s.oid, 0, COALESCE(s.srvacl, acldefault('S', s.srvowner)), s.srvowner FROM pg_foreign_server s
), told(object, item) AS (
  SELECT i.type || ' ' || i.identity,
         concat_ws(' ', CASE WHEN e.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(e.grantee)) END, e.privilege_type,
                   CASE WHEN e.is_grantable THEN 'with grant option' END, 'by', pg_get_userbyid(e.grantor))
  FROM held h, aclexplode(h.items) e, pg_identify_object(h.classid, h.objid, h.objsubid) i
  WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = h.classid AND d.objid = h.objid AND d.deptype = 'e')
)
SELECT 'privileges of ' || object AS object, string_agg(item, E'\n' ORDER BY item) AS text FROM told GROUP BY object
UNION ALL
SELECT concat_ws(' ', 'default privileges for role', pg_get_userbyid(d.defaclrole), 'in schema ' || n.nspname, 'on', d.defaclobjtype),
       (SELECT string_agg(x.item, E'\n' ORDER BY x.item) FROM (
          SELECT concat_ws(' ', CASE WHEN e.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(e.grantee)) END, e.privilege_type,
                           CASE WHEN e.is_grantable THEN 'with grant option' END) AS item FROM aclexplode(d.defaclacl) e) x)
FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
UNION ALL
SELECT 'comment on ' || i.type || ' ' || i.identity, d.description
FROM pg_description d, pg_identify_object(d.classoid, d.objoid, d.objsubid) i
WHERE (d.objoid >= 16384 OR (d.classoid = 'pg_namespace'::regclass AND d.objoid = 'public'::regnamespace))
  AND COALESCE(i.schema, '') NOT IN ('pgarchitect', 'pgarchitect_parked')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = d.classoid AND x.objid = d.objoid AND x.deptype = 'e')
  -- a copied database has the comments of the subscriptions that it was copied with, which are not its own
  AND (d.classoid <> 'pg_subscription'::regclass OR EXISTS (SELECT FROM pg_subscription s JOIN pg_database b ON b.oid = s.subdbid
       WHERE s.oid = d.objoid AND b.datname = current_database()))
UNION ALL
SELECT 'security label of ' || i.type || ' ' || i.identity, string_agg(l.provider || ' ' || l.label, E'\n' ORDER BY l.provider)
FROM pg_seclabel l, pg_identify_object(l.classoid, l.objoid, l.objsubid) i GROUP BY 1
