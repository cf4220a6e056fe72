-- Base types (CREATE TYPE with functions in C) and shell types, of which only the name is known. Array types belong to their
-- element.
SELECT t.oid,
       ARRAY[n.nspname::text, t.typname::text] AS path,
       @owner(t.typowner)@ AS owner,
       @acl('T', t.typacl, t.typowner)@ AS acl,
       NOT t.typisdefined AS shell,
       (SELECT quote_ident(fn.nspname) || '.' || quote_ident(f.proname)
        FROM pg_proc f JOIN pg_namespace fn ON fn.oid = f.pronamespace
        WHERE f.oid = t.typinput::oid AND t.typisdefined) AS input,
       (SELECT quote_ident(fn.nspname) || '.' || quote_ident(f.proname)
        FROM pg_proc f JOIN pg_namespace fn ON fn.oid = f.pronamespace
        WHERE f.oid = t.typoutput::oid AND t.typisdefined) AS output,
       (SELECT quote_ident(fn.nspname) || '.' || quote_ident(f.proname)
        FROM pg_proc f JOIN pg_namespace fn ON fn.oid = f.pronamespace WHERE f.oid = t.typreceive::oid) AS receive,
       (SELECT quote_ident(fn.nspname) || '.' || quote_ident(f.proname)
        FROM pg_proc f JOIN pg_namespace fn ON fn.oid = f.pronamespace WHERE f.oid = t.typsend::oid) AS send,
       (SELECT quote_ident(fn.nspname) || '.' || quote_ident(f.proname)
        FROM pg_proc f JOIN pg_namespace fn ON fn.oid = f.pronamespace WHERE f.oid = t.typmodin::oid) AS typmod_in,
       (SELECT quote_ident(fn.nspname) || '.' || quote_ident(f.proname)
        FROM pg_proc f JOIN pg_namespace fn ON fn.oid = f.pronamespace WHERE f.oid = t.typmodout::oid) AS typmod_out,
       (SELECT quote_ident(fn.nspname) || '.' || quote_ident(f.proname)
        FROM pg_proc f JOIN pg_namespace fn ON fn.oid = f.pronamespace WHERE f.oid = t.typanalyze::oid) AS analyze_function,
-- pg>=14
       (SELECT quote_ident(fn.nspname) || '.' || quote_ident(f.proname)
        FROM pg_proc f JOIN pg_namespace fn ON fn.oid = f.pronamespace
        WHERE f.oid = t.typsubscript::oid AND f.proname <> 'raw_array_subscript_handler') AS subscript,
-- pg<14
       NULL::text AS subscript,
-- pg
       t.typlen::int AS internal_length,
       t.typbyval AS by_value,
       CASE t.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2' WHEN 'd' THEN 'double' ELSE 'int4' END AS alignment,
       CASE t.typstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'm' THEN 'main' ELSE 'extended' END AS storage,
       t.typcategory AS category,
       t.typispreferred AS preferred,
       t.typdefault AS default_value,
       CASE WHEN t.typelem <> 0 THEN format_type(t.typelem, NULL) END AS element,
       t.typdelim AS delimiter,
       t.typcollation <> 0 AS collatable
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE t.oid >= 16384
  AND (t.typtype = 'b' OR (t.typtype = 'p' AND NOT t.typisdefined))
  AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
