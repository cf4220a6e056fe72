-- Types that a column can have: what a value of one is made of.
SELECT t.oid, t.typname, format_type(t.oid, NULL) AS name, t.typtype, t.typcategory, t.typbasetype, t.typtypmod, t.typnotnull,
       coalesce((SELECT e.oid FROM pg_type e WHERE e.typarray = t.oid), 0) AS element,
       t.oid < 16384 AS built_in,
-- pg>=14
       coalesce((SELECT r.rngsubtype FROM pg_range r WHERE t.oid IN (r.rngtypid, r.rngmultitypid)), 0) AS subtype,
-- pg<14
       coalesce((SELECT r.rngsubtype FROM pg_range r WHERE t.oid = r.rngtypid), 0) AS subtype,
-- pg
       (SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid) AS labels,
       (SELECT array_agg(a.atttypid ORDER BY a.attnum) FROM pg_attribute a
         WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) AS attribute_types,
       (SELECT array_agg(a.atttypmod ORDER BY a.attnum) FROM pg_attribute a
         WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) AS attribute_modifiers
FROM pg_type t
LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE t.typtype <> 'p' AND (c.oid IS NULL OR c.oid >= 16384)
