-- Foreign-data wrappers. Options that may be secrets are never selected, only their names.
SELECT w.oid,
       ARRAY[w.fdwname::text] AS path,
       @owner(w.fdwowner)@ AS owner,
       @acl('F', w.fdwacl, w.fdwowner)@ AS acl,
       (SELECT quote_ident(n.nspname) || '.' || quote_ident(p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = w.fdwhandler) AS handler,
       (SELECT quote_ident(n.nspname) || '.' || quote_ident(p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = w.fdwvalidator) AS validator,
       (SELECT array_agg(o.item ORDER BY o.item COLLATE "C") FROM unnest(w.fdwoptions) o(item)
        WHERE NOT @secret(o.item)@) AS options,
       (SELECT array_agg(split_part(o.item, '=', 1) ORDER BY o.item COLLATE "C") FROM unnest(w.fdwoptions) o(item)
        WHERE @secret(o.item)@) AS left_out
FROM pg_foreign_data_wrapper w
WHERE w.oid >= 16384
