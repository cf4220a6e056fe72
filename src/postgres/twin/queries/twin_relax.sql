-- For the time of inserting the rows at the ends, nothing may stand in their way: CHECKs, NOT NULL, triggers, rules, bounds of
-- partitions, uniqueness, generated columns. All of it comes back with twin_restore.sql in the same transaction.
CREATE TEMP TABLE pga_class AS SELECT oid, relchecks, relispartition, relhastriggers, relhasrules, relkind FROM pg_catalog.pg_class
  WHERE relkind IN ('r', 'm') AND oid >= 16384;
CREATE TEMP TABLE pga_attribute AS SELECT attrelid, attnum, attnotnull, attgenerated, attidentity FROM pg_catalog.pg_attribute
  WHERE attrelid IN (SELECT oid FROM pga_class) AND attnum > 0 AND (attnotnull OR attgenerated <> '' OR attidentity <> '');
CREATE TEMP TABLE pga_index AS SELECT indexrelid, indisunique, indisexclusion FROM pg_catalog.pg_index
  WHERE indrelid IN (SELECT oid FROM pga_class) AND (indisunique OR indisexclusion);
UPDATE pg_catalog.pg_index SET indisunique = false, indisexclusion = false WHERE indexrelid IN (SELECT indexrelid FROM pga_index);
UPDATE pg_catalog.pg_attribute a SET attnotnull = false, attgenerated = '', attidentity = '' FROM pga_attribute p
  WHERE a.attrelid = p.attrelid AND a.attnum = p.attnum;
UPDATE pg_catalog.pg_class SET relchecks = 0, relispartition = false, relhastriggers = false, relhasrules = false, relkind = 'r'
  WHERE oid IN (SELECT oid FROM pga_class)
