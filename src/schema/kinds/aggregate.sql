-- Aggregates. Functions are named as regproc prints them: with their schema, unless they are pg_catalog's and cannot be confused.
SELECT p.oid,
       -- types of all arguments, direct ones first: names and ORDER BY are no part of the identity
       ARRAY[n.nspname::text, p.proname::text, oidvectortypes(p.proargtypes)] AS path,
       @owner(p.proowner)@ AS owner,
       @acl('f', p.proacl, p.proowner)@ AS acl,
       CASE a.aggkind WHEN 'o' THEN 'ordered_set' WHEN 'h' THEN 'hypothetical' ELSE 'normal' END AS form,
       pg_get_function_arguments(p.oid) AS arguments,
       a.aggnumdirectargs::int AS direct_count,
       p.proargnames AS argument_names,
       pg_get_function_result(p.oid) AS result,
       a.aggtransfn::text AS sfunc,
       format_type(a.aggtranstype, NULL) AS stype,
       a.aggtransspace AS sspace,
       NULLIF(a.aggfinalfn::text, '-') AS finalfunc,
       a.aggfinalextra AS finalfunc_extra,
       CASE a.aggfinalmodify WHEN 'r' THEN 'read_only' WHEN 's' THEN 'shareable' ELSE 'read_write' END AS finalfunc_modify,
       NULLIF(a.aggcombinefn::text, '-') AS combinefunc,
       NULLIF(a.aggserialfn::text, '-') AS serialfunc,
       NULLIF(a.aggdeserialfn::text, '-') AS deserialfunc,
       a.agginitval AS initcond,
       NULLIF(a.aggmtransfn::text, '-') AS msfunc,
       NULLIF(a.aggminvtransfn::text, '-') AS minvfunc,
       CASE WHEN a.aggmtranstype <> 0 THEN format_type(a.aggmtranstype, NULL) END AS mstype,
       a.aggmtransspace AS msspace,
       NULLIF(a.aggmfinalfn::text, '-') AS mfinalfunc,
       a.aggmfinalextra AS mfinalfunc_extra,
       CASE a.aggmfinalmodify WHEN 'r' THEN 'read_only' WHEN 's' THEN 'shareable' ELSE 'read_write' END AS mfinalfunc_modify,
       a.aggminitval AS minitcond,
       (SELECT 'OPERATOR(' || quote_ident(sn.nspname) || '.' || s.oprname || ')'
        FROM pg_operator s JOIN pg_namespace sn ON sn.oid = s.oprnamespace
        WHERE s.oid = a.aggsortop) AS sortop,
       CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' ELSE 'unsafe' END AS parallel
FROM pg_aggregate a
JOIN pg_proc p ON p.oid = a.aggfnoid::oid
JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.oid >= 16384
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
