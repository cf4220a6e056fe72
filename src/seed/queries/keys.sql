-- Unique and exclusion indexes: the columns that make one, those of expressions and predicates included.
SELECT i.indrelid AS relation, ic.relname,
       i.indisexclusion AS exclusion,
       i.indisunique AND i.indexprs IS NULL AND i.indpred IS NULL AS plain,
-- pg>=15
       i.indnullsnotdistinct AS nulls_not_distinct,
-- pg<15
       false AS nulls_not_distinct,
-- pg
       ARRAY(SELECT k.num FROM unnest(i.indkey) WITH ORDINALITY k(num, place) WHERE k.num > 0 AND k.place <= i.indnkeyatts
             UNION SELECT d.refobjsubid FROM pg_depend d
              WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid AND d.refobjid = i.indrelid AND d.refobjsubid > 0
                AND NOT d.refobjsubid = ANY (i.indkey)
             ORDER BY 1) AS columns
FROM pg_index i
JOIN pg_class ic ON ic.oid = i.indexrelid
WHERE (i.indisunique OR i.indisexclusion) AND i.indexrelid >= 16384
ORDER BY i.indrelid, ic.relname
