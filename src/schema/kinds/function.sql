-- Functions, procedures and window functions; aggregates are a kind of their own. Functions that belong to another object
-- (the constructors of a range type) have an internal dependency and are left out, as pg_dump does.
SELECT p.oid,
       -- types of the input arguments only: names and OUT arguments are no part of the identity
       ARRAY[n.nspname::text, p.proname::text, oidvectortypes(p.proargtypes)] AS path,
       @owner(p.proowner)@ AS owner,
       @acl('f', p.proacl, p.proowner)@ AS acl,
       CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'w' THEN 'window' ELSE 'function' END AS routine,
       pg_get_function_arguments(p.oid) AS arguments,
       pg_get_function_identity_arguments(p.oid) AS identity,
       pg_get_function_result(p.oid) AS result,
       l.lanname AS language,
       CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END AS volatility,
       p.proisstrict AS strict,
       p.proleakproof AS leakproof,
       p.prosecdef AS security_definer,
       CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' ELSE 'unsafe' END AS parallel,
       p.procost AS cost,
       p.prorows AS rows,
       (SELECT quote_ident(sn.nspname) || '.' || quote_ident(s.proname)
        FROM pg_proc s JOIN pg_namespace sn ON sn.oid = s.pronamespace
        WHERE s.oid = p.prosupport::oid) AS support,
       p.proconfig AS settings,
       (SELECT array_agg(format_type(t.type, NULL) ORDER BY t.nr)
        FROM unnest(p.protrftypes) WITH ORDINALITY t(type, nr)) AS transforms,
       p.probin AS object_file,
-- pg>=14
       CASE WHEN p.prosqlbody IS NULL THEN p.prosrc END AS body,
       pg_get_function_sqlbody(p.oid) AS sql_body,
-- pg<14
       p.prosrc AS body,
       NULL::text AS sql_body,
-- pg
       (SELECT array_agg(e.extname::text ORDER BY e.extname)
        FROM pg_depend x JOIN pg_extension e ON e.oid = x.refobjid
        WHERE x.classid = 'pg_proc'::regclass AND x.objid = p.oid AND x.refclassid = 'pg_extension'::regclass
          AND x.deptype = 'x') AS depends_on_extensions,
       p.pronargdefaults::int AS default_count,
       p.proargnames AS argument_names,
       (SELECT array_agg(coalesce(p.proargmodes[a.nr::int], 'i')::text || ' ' || format_type(a.type, NULL) ORDER BY a.nr)
        FROM unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY a(type, nr)) AS argument_types
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace
JOIN pg_language l ON l.oid = p.prolang
WHERE p.oid >= 16384
  AND p.prokind <> 'a'
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')
