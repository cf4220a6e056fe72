-- Foreign servers. Options that may be secrets are never selected, only their names.
SELECT s.oid,
       ARRAY[s.srvname::text] AS path,
       @owner(s.srvowner)@ AS owner,
       @acl('S', s.srvacl, s.srvowner)@ AS acl,
       w.fdwname AS wrapper,
       s.srvtype AS type,
       s.srvversion AS version,
       (SELECT array_agg(o.item ORDER BY o.item COLLATE "C") FROM unnest(s.srvoptions) o(item)
        WHERE NOT @secret(o.item)@) AS options,
       (SELECT array_agg(split_part(o.item, '=', 1) ORDER BY o.item COLLATE "C") FROM unnest(s.srvoptions) o(item)
        WHERE @secret(o.item)@) AS left_out
FROM pg_foreign_server s
JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
WHERE s.oid >= 16384
