-- The address of every object that a user made, of whatever kind, so that what no kind reads can be told. Left out is what is a
-- part of another object without a mark in pg_depend: row types and array types, TOAST tables, triggers that enforce constraints,
-- what a partition or an inheriting table has from its parent, NOT NULL constraints, members of operator families. Large objects
-- are data. Everything else that is a part of something has an internal dependency.
SELECT o.classid, o.objid
FROM (
  SELECT 'pg_namespace'::regclass::oid AS classid, oid AS objid FROM pg_namespace WHERE nspname !~ '^pg_'
  UNION ALL SELECT 'pg_class'::regclass, c.oid FROM pg_class c WHERE c.relkind NOT IN ('t', 'c') AND c.relpersistence <> 't'
  -- the array type of a type is asked of its element: nothing indexes typarray
  UNION ALL SELECT 'pg_type'::regclass, t.oid FROM pg_type t LEFT JOIN pg_type e ON e.oid = t.typelem
    LEFT JOIN pg_class c ON c.oid = t.typrelid AND c.relkind <> 'c'
    WHERE e.typarray IS DISTINCT FROM t.oid AND t.typtype <> 'm' AND c.oid IS NULL
  UNION ALL SELECT 'pg_proc'::regclass, oid FROM pg_proc
  UNION ALL SELECT 'pg_constraint'::regclass, oid FROM pg_constraint
    WHERE contype NOT IN ('n', 't') AND conparentid = 0 AND (conislocal OR coninhcount = 0)
  UNION ALL SELECT 'pg_trigger'::regclass, oid FROM pg_trigger WHERE NOT tgisinternal AND tgparentid = 0
  UNION ALL SELECT 'pg_rewrite'::regclass, oid FROM pg_rewrite WHERE rulename <> '_RETURN'
  UNION ALL SELECT 'pg_policy'::regclass, oid FROM pg_policy
  UNION ALL SELECT 'pg_statistic_ext'::regclass, oid FROM pg_statistic_ext
  UNION ALL SELECT 'pg_collation'::regclass, oid FROM pg_collation
  UNION ALL SELECT 'pg_conversion'::regclass, oid FROM pg_conversion
  UNION ALL SELECT 'pg_language'::regclass, oid FROM pg_language
  UNION ALL SELECT 'pg_am'::regclass, oid FROM pg_am
  UNION ALL SELECT 'pg_cast'::regclass, oid FROM pg_cast
  UNION ALL SELECT 'pg_operator'::regclass, oid FROM pg_operator WHERE oprcode <> 0  -- a shell is said by who names it
  UNION ALL SELECT 'pg_opclass'::regclass, oid FROM pg_opclass
  UNION ALL SELECT 'pg_opfamily'::regclass, oid FROM pg_opfamily
  UNION ALL SELECT 'pg_transform'::regclass, oid FROM pg_transform
  UNION ALL SELECT 'pg_ts_parser'::regclass, oid FROM pg_ts_parser
  UNION ALL SELECT 'pg_ts_template'::regclass, oid FROM pg_ts_template
  UNION ALL SELECT 'pg_ts_dict'::regclass, oid FROM pg_ts_dict
  UNION ALL SELECT 'pg_ts_config'::regclass, oid FROM pg_ts_config
  UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, oid FROM pg_foreign_data_wrapper
  UNION ALL SELECT 'pg_foreign_server'::regclass, oid FROM pg_foreign_server
  UNION ALL SELECT 'pg_user_mapping'::regclass, umid FROM pg_user_mappings
  UNION ALL SELECT 'pg_event_trigger'::regclass, oid FROM pg_event_trigger
  UNION ALL SELECT 'pg_publication'::regclass, oid FROM pg_publication
-- pg>=14  (on 13 not every role may read the OID)
  UNION ALL SELECT 'pg_subscription'::regclass, oid FROM pg_subscription
    WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
-- pg
  UNION ALL SELECT 'pg_default_acl'::regclass, oid FROM pg_default_acl
  UNION ALL SELECT 'pg_extension'::regclass, oid FROM pg_extension
) o
WHERE o.objid >= 16384
ORDER BY 1, 2
