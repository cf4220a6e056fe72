-- What belongs to tables: constraints, indexes, triggers, rules, policies, statistics objects.
SELECT 'constraint ' || COALESCE(k.conrelid::regclass::text, format_type(k.contypid, NULL)) || ' ' || quote_ident(k.conname) AS object,
       concat_ws(E'\n', pg_get_constraintdef(k.oid), CASE WHEN NOT k.convalidated THEN 'not valid' END,
         CASE WHEN NOT k.conislocal THEN 'not local' END, CASE WHEN k.coninhcount > 0 THEN 'inherited ' || k.coninhcount END,
         CASE WHEN k.connoinherit AND k.contype IN ('c', 'n') THEN 'no inherit' END) AS text
FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
LEFT JOIN pg_class c ON c.oid = k.conrelid
WHERE @user@ AND k.contype <> 't'
  -- PostgreSQL's own copies of a foreign key, one for each partition of the table that it refers to
  AND NOT EXISTS (SELECT FROM pg_constraint whole WHERE whole.oid = k.conparentid AND whole.conrelid = k.conrelid) AND @own('pg_class', k.conrelid)@ AND @own('pg_type', k.contypid)@
UNION ALL
SELECT format('index %I.%I', n.nspname, c.relname),
       concat_ws(E'\n', pg_get_indexdef(i.indexrelid), CASE WHEN NOT (i.indisvalid AND i.indisready AND i.indislive) THEN 'invalid' END,
         CASE WHEN i.indisclustered THEN 'clustered' END, CASE WHEN i.indisreplident THEN 'replica identity' END,
         (SELECT 'tablespace ' || spcname FROM pg_tablespace s WHERE s.oid = c.reltablespace),
         (SELECT 'part of ' || h.inhparent::regclass FROM pg_inherits h WHERE h.inhrelid = c.oid),
         (SELECT 'statistics ' || string_agg(a.attnum || ':' || a.attstattarget, ',' ORDER BY a.attnum) FROM pg_attribute a
           WHERE a.attrelid = c.oid AND COALESCE(a.attstattarget, -1) >= 0))
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE @user@ AND @own('pg_class', i.indrelid)@
UNION ALL
SELECT 'trigger ' || t.tgrelid::regclass || ' ' || quote_ident(t.tgname), pg_get_triggerdef(t.oid) || E'\nenabled ' || t.tgenabled::text
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT t.tgisinternal AND @user@ AND @own('pg_class', c.oid)@ AND @own('pg_trigger', t.oid)@
UNION ALL
SELECT 'rule ' || r.ev_class::regclass || ' ' || quote_ident(r.rulename), pg_get_ruledef(r.oid) || E'\nenabled ' || r.ev_enabled::text
FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE r.rulename <> '_RETURN' AND @user@ AND @own('pg_class', c.oid)@
UNION ALL
SELECT 'policy ' || p.polrelid::regclass || ' ' || quote_ident(p.polname),
       concat_ws(E'\n', CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END, 'for ' || p.polcmd::text,
         (SELECT 'to ' || string_agg(CASE WHEN r = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(r)) END, ', '
                                     ORDER BY CASE WHEN r = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(r)) END)
            FROM unnest(p.polroles) r),
         'using ' || pg_get_expr(p.polqual, p.polrelid), 'check ' || pg_get_expr(p.polwithcheck, p.polrelid))
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE @user@ AND @own('pg_class', c.oid)@
UNION ALL
SELECT format('statistics %I.%I', n.nspname, s.stxname),
       concat_ws(E'\n', regexp_replace(pg_get_statisticsobjdef(s.oid), ' ON .* FROM ', ' FROM '),
         -- the order of the columns is that of the table's
         (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname) FROM pg_attribute a
           WHERE a.attrelid = s.stxrelid AND a.attnum = ANY (s.stxkeys)),
-- pg>=14
         array_to_string(pg_get_statisticsobjdef_expressions(s.oid), ', '),
-- pg
         'owner ' || pg_get_userbyid(s.stxowner),
         CASE WHEN COALESCE(s.stxstattarget, -1) >= 0 THEN 'statistics ' || s.stxstattarget END)
FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace
WHERE @user@ AND @own('pg_statistic_ext', s.oid)@
