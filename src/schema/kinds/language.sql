-- Procedural languages that no extension brought.
SELECT l.oid,
       ARRAY[l.lanname::text] AS path,
       @owner(l.lanowner)@ AS owner,
       -- PostgreSQL refuses GRANT and REVOKE on an untrusted language; what it had before is without effect
       @acl('l', CASE WHEN l.lanpltrusted THEN l.lanacl END, l.lanowner)@ AS acl,
       l.lanpltrusted AS trusted,
       quote_ident(hn.nspname) || '.' || quote_ident(h.proname) AS handler,
       (SELECT quote_ident(fn.nspname) || '.' || quote_ident(f.proname)
        FROM pg_proc f JOIN pg_namespace fn ON fn.oid = f.pronamespace WHERE f.oid = l.laninline) AS inline_handler,
       (SELECT quote_ident(fn.nspname) || '.' || quote_ident(f.proname)
        FROM pg_proc f JOIN pg_namespace fn ON fn.oid = f.pronamespace WHERE f.oid = l.lanvalidator) AS validator
FROM pg_language l
JOIN pg_proc h ON h.oid = l.lanplcallfoid
JOIN pg_namespace hn ON hn.oid = h.pronamespace
WHERE l.oid >= 16384
