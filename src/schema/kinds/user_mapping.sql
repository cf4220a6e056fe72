-- User mappings, from the view: the catalog is closed to ordinary roles, who see in the view that a mapping exists, and its options
-- where they may. Options that may be secrets are never selected, only their names.
SELECT u.umid AS oid,
       -- the empty name is PUBLIC
       ARRAY[u.srvname::text, CASE WHEN u.umuser = 0 THEN '' ELSE u.usename::text END] AS path,
       (SELECT array_agg(o.item ORDER BY o.item COLLATE "C") FROM unnest(u.umoptions) o(item)
        WHERE NOT @secret(o.item)@) AS options,
       (SELECT array_agg(split_part(o.item, '=', 1) ORDER BY o.item COLLATE "C") FROM unnest(u.umoptions) o(item)
        WHERE @secret(o.item)@) AS left_out
FROM pg_user_mappings u
WHERE u.umid >= 16384
