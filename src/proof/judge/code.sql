-- Functions, procedures, aggregates, types, schemas, extensions, event triggers.
SELECT 'function ' || p.oid::regprocedure AS object,
       pg_get_functiondef(p.oid) || E'\nowner ' || pg_get_userbyid(p.proowner) AS text
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.prokind <> 'a' AND @user@ AND @own('pg_proc', p.oid)@
UNION ALL
SELECT 'aggregate ' || p.oid::regprocedure,
       concat_ws(E'\n', pg_get_function_arguments(p.oid), pg_get_function_result(p.oid), 'owner ' || pg_get_userbyid(p.proowner),
         'kind ' || a.aggkind::text || a.aggnumdirectargs, 'parallel ' || p.proparallel::text,
         concat_ws(' ', a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggserialfn, a.aggdeserialfn, a.aggmtransfn, a.aggminvtransfn,
                   a.aggmfinalfn), concat_ws(' ', a.aggfinalextra, a.aggmfinalextra, a.aggfinalmodify, a.aggmfinalmodify),
         NULLIF(a.aggsortop, 0)::regoperator, a.aggtranstype::regtype || ' ' || a.aggtransspace,
         a.aggmtranstype::regtype || ' ' || a.aggmtransspace, 'initial ' || a.agginitval, 'moving initial ' || a.aggminitval)
FROM pg_aggregate a JOIN pg_proc p ON p.oid = a.aggfnoid JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE @user@ AND @own('pg_proc', p.oid)@
UNION ALL
SELECT CASE t.typtype WHEN 'd' THEN 'domain ' ELSE 'type ' END || format('%I.%I', n.nspname, t.typname),
       concat_ws(E'\n', 'owner ' || pg_get_userbyid(t.typowner), 'sort ' || t.typtype::text,
         CASE WHEN t.typtype = 'd' THEN concat_ws(' ', format_type(t.typbasetype, t.typtypmod), CASE WHEN t.typnotnull THEN 'NOT NULL' END,
           'default ' || t.typdefault, 'collation ' || NULLIF(t.typcollation, 0)::regcollation) END,
         (SELECT string_agg(e.enumlabel, E'\n' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid),
         (SELECT concat_ws(' ', 'range of ' || format_type(r.rngsubtype, NULL), NULLIF(r.rngcollation, 0)::regcollation, o.opcname,
-- pg>=14
                           'multirange ' || format_type(r.rngmultitypid, NULL),
-- pg
                           r.rngcanonical, r.rngsubdiff)
            FROM pg_range r JOIN pg_opclass o ON o.oid = r.rngsubopc WHERE r.rngtypid = t.oid),
         CASE WHEN t.typtype = 'b' THEN concat_ws(' ', t.typinput, t.typoutput, t.typreceive, t.typsend, t.typmodin, t.typmodout,
           t.typanalyze, t.typlen, t.typbyval, t.typalign, t.typstorage, t.typcategory, t.typispreferred, t.typdelim) END)
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype IN ('b', 'd', 'e', 'r') AND t.typcategory <> 'A' AND @user@ AND @own('pg_type', t.oid)@
UNION ALL
SELECT 'schema ' || quote_ident(n.nspname), 'owner ' || pg_get_userbyid(n.nspowner) FROM pg_namespace n
WHERE @user@ AND @own('pg_namespace', n.oid)@
UNION ALL
SELECT 'extension ' || quote_ident(e.extname), n.nspname || ' ' || e.extversion FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
UNION ALL
SELECT 'event trigger ' || quote_ident(e.evtname),
       concat_ws(' ', e.evtevent, e.evtfoid::regprocedure, e.evtenabled, array_to_string(e.evttags, ','), 'owner ' || pg_get_userbyid(e.evtowner))
FROM pg_event_trigger e WHERE @own('pg_event_trigger', e.oid)@
