-- Everything about a relation but its columns.
SELECT CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'c' THEN 'type' WHEN 'S' THEN 'sequence' ELSE 'table' END
         || format(' %I.%I', n.nspname, c.relname) AS object,
       concat_ws(E'\n', 'kind ' || c.relkind::text, 'owner ' || pg_get_userbyid(c.relowner), 'persistence ' || c.relpersistence::text,
         (SELECT 'options ' || string_agg(o, ',' ORDER BY o) FROM unnest(c.reloptions) o),
         (SELECT 'toast options ' || string_agg(o, ',' ORDER BY o) FROM pg_class x, unnest(x.reloptions) o WHERE x.oid = c.reltoastrelid),
         (SELECT 'tablespace ' || spcname FROM pg_tablespace s WHERE s.oid = c.reltablespace),
         (SELECT 'access method ' || amname FROM pg_am m WHERE m.oid = c.relam),
         'replica identity ' || c.relreplident::text,
         CASE WHEN c.relrowsecurity THEN 'row security' END, CASE WHEN c.relforcerowsecurity THEN 'forced row security' END,
         CASE WHEN c.relkind = 'p' THEN 'partition by ' || pg_get_partkeydef(c.oid) END,
         (SELECT string_agg(format('inherits %I.%I', xn.nspname, x.relname), E'\n' ORDER BY h.inhseqno)
            FROM pg_inherits h JOIN pg_class x ON x.oid = h.inhparent JOIN pg_namespace xn ON xn.oid = x.relnamespace WHERE h.inhrelid = c.oid),
         CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END,
-- pg>=14
         (SELECT 'detach pending' FROM pg_inherits h WHERE h.inhrelid = c.oid AND h.inhdetachpending),
-- pg
         CASE WHEN c.reloftype <> 0 THEN 'of ' || format_type(c.reloftype, NULL) END,
         CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END,
         (SELECT 'server ' || s.srvname || ' ' || COALESCE(array_to_string(f.ftoptions, ','), '')
            FROM pg_foreign_table f JOIN pg_foreign_server s ON s.oid = f.ftserver WHERE f.ftrelid = c.oid),
         (SELECT format('%s start %s increment %s min %s max %s cache %s cycle %s', format_type(q.seqtypid, NULL), q.seqstart, q.seqincrement,
                        q.seqmin, q.seqmax, q.seqcache, q.seqcycle) FROM pg_sequence q WHERE q.seqrelid = c.oid),
         (SELECT format('owned by %s.%I (%s)', d.refobjid::regclass, a.attname, d.deptype)
            FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
           WHERE c.relkind = 'S' AND d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
             AND d.deptype IN ('a', 'i'))) AS text
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c', 'S') AND @user@ AND @own('pg_class', c.oid)@
