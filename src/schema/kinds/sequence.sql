-- Sequences, but not those of identity columns (properties of the column).
SELECT c.oid,
       ARRAY[n.nspname::text, c.relname::text] AS path,
       @owner(c.relowner)@ AS owner,
       @acl('s', c.relacl, c.relowner)@ AS acl,
       format_type(q.seqtypid, NULL) AS type,
       q.seqstart AS start,
       q.seqincrement AS increment,
       q.seqmin AS minimum,
       q.seqmax AS maximum,
       q.seqcache AS cache,
       q.seqcycle AS cycle,
       c.relpersistence = 'u' AS unlogged,
       (SELECT ARRAY[tn.nspname::text, tc.relname::text, a.attname::text] FROM pg_depend d
          JOIN pg_class tc ON tc.oid = d.refobjid
          JOIN pg_namespace tn ON tn.oid = tc.relnamespace
          JOIN pg_attribute a ON a.attrelid = tc.oid AND a.attnum = d.refobjsubid
         WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'a'
           AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0) AS owned_by
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_sequence q ON q.seqrelid = c.oid
WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND c.oid >= 16384
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i')
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
