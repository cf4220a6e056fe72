-- Rarer kinds: casts, operators and what is built of them, text search, collations, foreign data, publications, languages.
SELECT 'cast ' || format_type(k.castsource, NULL) || ' AS ' || format_type(k.casttarget, NULL) AS object,
       concat_ws(' ', NULLIF(k.castfunc, 0)::regprocedure, k.castcontext, k.castmethod) AS text
FROM pg_cast k WHERE k.oid >= 16384 AND @own('pg_cast', k.oid)@
UNION ALL
SELECT 'operator ' || o.oid::regoperator, concat_ws(' ', o.oprcode, NULLIF(o.oprcom, 0)::regoperator, NULLIF(o.oprnegate, 0)::regoperator,
       o.oprrest, o.oprjoin, o.oprcanmerge, o.oprcanhash, 'owner ' || pg_get_userbyid(o.oprowner))
FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE @user@ AND @own('pg_operator', o.oid)@
UNION ALL
SELECT format('operator family %I.%I USING %s', n.nspname, f.opfname, m.amname),
       concat_ws(E'\n', 'owner ' || pg_get_userbyid(f.opfowner),
         (SELECT string_agg(concat_ws(' ', o.amopstrategy, o.amopopr::regoperator, o.amoppurpose, o.amopsortfamily), E'\n'
                            ORDER BY o.amopstrategy, o.amopopr::regoperator::text) FROM pg_amop o WHERE o.amopfamily = f.oid),
         (SELECT string_agg(concat_ws(' ', p.amprocnum, p.amproc::regprocedure, format_type(p.amproclefttype, NULL),
                                      format_type(p.amprocrighttype, NULL)), E'\n' ORDER BY p.amprocnum, p.amproc::regprocedure::text,
                                      p.amproclefttype::regtype::text, p.amprocrighttype::regtype::text)
            FROM pg_amproc p WHERE p.amprocfamily = f.oid))
FROM pg_opfamily f JOIN pg_am m ON m.oid = f.opfmethod JOIN pg_namespace n ON n.oid = f.opfnamespace
WHERE @user@ AND @own('pg_opfamily', f.oid)@
UNION ALL
SELECT format('operator class %I.%I USING %s', n.nspname, o.opcname, m.amname),
       concat_ws(' ', format_type(o.opcintype, NULL), o.opcdefault, NULLIF(o.opckeytype, 0)::regtype, f.opfname, 'owner ' || pg_get_userbyid(o.opcowner))
FROM pg_opclass o JOIN pg_am m ON m.oid = o.opcmethod JOIN pg_opfamily f ON f.oid = o.opcfamily JOIN pg_namespace n ON n.oid = o.opcnamespace
WHERE @user@ AND @own('pg_opclass', o.oid)@
UNION ALL
SELECT 'access method ' || quote_ident(m.amname), m.amhandler || ' ' || m.amtype::text FROM pg_am m WHERE m.oid >= 16384 AND @own('pg_am', m.oid)@
UNION ALL
SELECT format('collation %I.%I', n.nspname, o.collname), concat_ws(' ', o.collprovider, o.collisdeterministic, o.collcollate, o.collctype,
-- pg>=17
       o.colllocale, o.collicurules,
-- pg
       'owner ' || pg_get_userbyid(o.collowner))
FROM pg_collation o JOIN pg_namespace n ON n.oid = o.collnamespace WHERE @user@ AND @own('pg_collation', o.oid)@
UNION ALL
SELECT format('conversion %I.%I', n.nspname, o.conname), concat_ws(' ', o.conforencoding, o.contoencoding, o.conproc, o.condefault,
       'owner ' || pg_get_userbyid(o.conowner))
FROM pg_conversion o JOIN pg_namespace n ON n.oid = o.connamespace WHERE @user@ AND @own('pg_conversion', o.oid)@
UNION ALL
SELECT format('text search configuration %I.%I', n.nspname, f.cfgname),
       concat_ws(E'\n', 'owner ' || pg_get_userbyid(f.cfgowner), (SELECT p.prsname FROM pg_ts_parser p WHERE p.oid = f.cfgparser),
         (SELECT string_agg(concat_ws(' ', m.maptokentype, m.mapseqno, m.mapdict::regdictionary), E'\n' ORDER BY m.maptokentype, m.mapseqno)
            FROM pg_ts_config_map m WHERE m.mapcfg = f.oid))
FROM pg_ts_config f JOIN pg_namespace n ON n.oid = f.cfgnamespace WHERE @user@ AND @own('pg_ts_config', f.oid)@
UNION ALL
SELECT format('text search dictionary %I.%I', n.nspname, d.dictname),
       concat_ws(' ', (SELECT t.tmplname FROM pg_ts_template t WHERE t.oid = d.dicttemplate), d.dictinitoption, 'owner ' || pg_get_userbyid(d.dictowner))
FROM pg_ts_dict d JOIN pg_namespace n ON n.oid = d.dictnamespace WHERE @user@ AND @own('pg_ts_dict', d.oid)@
UNION ALL
SELECT format('text search parser %I.%I', n.nspname, p.prsname),
       concat_ws(' ', p.prsstart, p.prstoken, p.prsend, p.prsheadline, p.prslextype)
FROM pg_ts_parser p JOIN pg_namespace n ON n.oid = p.prsnamespace WHERE @user@ AND @own('pg_ts_parser', p.oid)@
UNION ALL
SELECT format('text search template %I.%I', n.nspname, t.tmplname), concat_ws(' ', t.tmplinit, t.tmpllexize)
FROM pg_ts_template t JOIN pg_namespace n ON n.oid = t.tmplnamespace WHERE @user@ AND @own('pg_ts_template', t.oid)@
UNION ALL
SELECT 'language ' || quote_ident(l.lanname), concat_ws(' ', l.lanpltrusted, NULLIF(l.lanplcallfoid, 0)::regproc, NULLIF(l.laninline, 0)::regproc,
       NULLIF(l.lanvalidator, 0)::regproc, 'owner ' || pg_get_userbyid(l.lanowner))
FROM pg_language l WHERE l.lanispl AND @own('pg_language', l.oid)@
UNION ALL
SELECT 'transform for ' || format_type(t.trftype, NULL) || ' ' || l.lanname, concat_ws(' ', NULLIF(t.trffromsql, 0)::regproc, NULLIF(t.trftosql, 0)::regproc)
FROM pg_transform t JOIN pg_language l ON l.oid = t.trflang WHERE @own('pg_transform', t.oid)@
UNION ALL
SELECT 'foreign data wrapper ' || quote_ident(w.fdwname), concat_ws(' ', NULLIF(w.fdwhandler, 0)::regproc, NULLIF(w.fdwvalidator, 0)::regproc,
       array_to_string(w.fdwoptions, ','), 'owner ' || pg_get_userbyid(w.fdwowner))
FROM pg_foreign_data_wrapper w WHERE @own('pg_foreign_data_wrapper', w.oid)@
UNION ALL
SELECT 'server ' || quote_ident(s.srvname), concat_ws(' ', (SELECT w.fdwname FROM pg_foreign_data_wrapper w WHERE w.oid = s.srvfdw), s.srvtype,
       s.srvversion, array_to_string(s.srvoptions, ','), 'owner ' || pg_get_userbyid(s.srvowner))
FROM pg_foreign_server s WHERE @own('pg_foreign_server', s.oid)@
UNION ALL
SELECT 'user mapping ' || u.usename || ' SERVER ' || u.srvname, COALESCE(array_to_string(u.umoptions, ','), '') FROM pg_user_mappings u
UNION ALL
SELECT 'publication ' || quote_ident(p.pubname), concat_ws(' ', p.puballtables, p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate, p.pubviaroot,
-- pg>=18
       'generated ' || p.pubgencols::text,
-- pg
       'owner ' || pg_get_userbyid(p.pubowner))
FROM pg_publication p
UNION ALL
SELECT 'publication table ' || quote_ident(p.pubname) || ' ' || r.prrelid::regclass, concat_ws(' ', 'published',
-- pg>=15
       'where ' || pg_get_expr(r.prqual, r.prrelid),
       (SELECT 'columns ' || string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname) FROM pg_attribute a
         WHERE a.attrelid = r.prrelid AND a.attnum = ANY(r.prattrs)),
-- pg
       '')
FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid
-- pg>=15
UNION ALL
SELECT 'publication schema ' || quote_ident(p.pubname) || ' ' || s.pnnspid::regnamespace, 'published'
FROM pg_publication_namespace s JOIN pg_publication p ON p.oid = s.pnpubid
-- pg
UNION ALL
SELECT 'subscription ' || quote_ident(s.subname), concat_ws(' ', s.subenabled, s.subslotname, s.subsynccommit, array_to_string(s.subpublications, ','),
       'owner ' || pg_get_userbyid(s.subowner))
FROM pg_subscription s WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
