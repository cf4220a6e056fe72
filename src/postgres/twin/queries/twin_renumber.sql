-- Gives indexes the OIDs of each other (temporary table pga_order: old, new), in two moves because OIDs are unique. For a private
-- server only; the session that did it must be closed.
CREATE TEMP TABLE pga_moves AS
  SELECT 1 AS move, old AS was, (4000000000 + row_number() OVER ())::oid AS becomes, new FROM pga_order;
INSERT INTO pga_moves SELECT 2, becomes, new, new FROM pga_moves;
DO $$
BEGIN
  FOR step IN 1 .. 2 LOOP
    UPDATE pg_catalog.pg_class t SET oid = m.becomes FROM pga_moves m WHERE m.move = step AND t.oid = m.was;
    UPDATE pg_catalog.pg_index t SET indexrelid = m.becomes FROM pga_moves m WHERE m.move = step AND t.indexrelid = m.was;
    UPDATE pg_catalog.pg_attribute t SET attrelid = m.becomes FROM pga_moves m WHERE m.move = step AND t.attrelid = m.was;
    UPDATE pg_catalog.pg_constraint t SET conindid = m.becomes FROM pga_moves m WHERE m.move = step AND t.conindid = m.was;
    UPDATE pg_catalog.pg_trigger t SET tgconstrindid = m.becomes FROM pga_moves m WHERE m.move = step AND t.tgconstrindid = m.was;
    UPDATE pg_catalog.pg_inherits t SET inhrelid = m.becomes FROM pga_moves m WHERE m.move = step AND t.inhrelid = m.was;
    UPDATE pg_catalog.pg_inherits t SET inhparent = m.becomes FROM pga_moves m WHERE m.move = step AND t.inhparent = m.was;
    UPDATE pg_catalog.pg_depend t SET objid = m.becomes FROM pga_moves m
      WHERE m.move = step AND t.classid = 'pg_catalog.pg_class'::regclass AND t.objid = m.was;
    UPDATE pg_catalog.pg_depend t SET refobjid = m.becomes FROM pga_moves m
      WHERE m.move = step AND t.refclassid = 'pg_catalog.pg_class'::regclass AND t.refobjid = m.was;
  END LOOP;
END $$;
DROP TABLE pga_moves, pga_order
