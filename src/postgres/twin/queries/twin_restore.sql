-- The other half of twin_relax.sql.
UPDATE pg_catalog.pg_class c SET relchecks = p.relchecks, relispartition = p.relispartition, relhastriggers = p.relhastriggers,
  relhasrules = p.relhasrules, relkind = p.relkind FROM pga_class p WHERE c.oid = p.oid;
UPDATE pg_catalog.pg_attribute a SET attnotnull = p.attnotnull, attgenerated = p.attgenerated, attidentity = p.attidentity
  FROM pga_attribute p WHERE a.attrelid = p.attrelid AND a.attnum = p.attnum;
UPDATE pg_catalog.pg_index i SET indisunique = p.indisunique, indisexclusion = p.indisexclusion FROM pga_index p
  WHERE i.indexrelid = p.indexrelid;
DROP TABLE pga_class, pga_attribute, pga_index
