DECLARE
  leaves pg_catalog.regclass[] := ARRAY(
    WITH RECURSIVE below AS (
      SELECT @table_literal@::pg_catalog.regclass::pg_catalog.oid AS relation
      UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN below b ON i.inhparent = b.relation)
    SELECT c.oid::pg_catalog.regclass FROM below b JOIN pg_catalog.pg_class c ON c.oid = b.relation WHERE c.relkind = 'r' ORDER BY c.oid);
  leaf pg_catalog.regclass;
@declare@  block bigint;
  blocks bigint;
  stride bigint;
  changed bigint;
  written bigint := 0;
  attempts integer := 0;
  told timestamptz := pg_catalog.clock_timestamp();
BEGIN
  FOREACH leaf IN ARRAY leaves LOOP
    block := 0;
    SELECT greatest(1, (@rows@ * c.relpages / greatest(c.reltuples, 1, c.relpages))::bigint) INTO stride
      FROM pg_catalog.pg_class c WHERE c.oid = leaf;
    LOOP
      blocks := pg_catalog.pg_relation_size(leaf) / pg_catalog.current_setting('block_size')::bigint;
      EXIT WHEN block >= blocks;
@session@
      BEGIN
@identify@        EXECUTE @work_head@ || leaf::text || @work_middle@ || pg_catalog.format(@span@, block, block + stride) || @work_tail@;
        GET DIAGNOSTICS changed = ROW_COUNT;
@forget@        written := written + changed;
        block := block + stride;
        attempts := 0;
      EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
        attempts := attempts + 1;
        IF attempts > 100 THEN
          RAISE;
        END IF;
      END;
      COMMIT;
      IF pg_catalog.clock_timestamp() - told > interval '1 second' THEN
        RAISE NOTICE 'pgarchitect: % of about % blocks of %, % rows written', block, blocks, leaf, written;
        told := pg_catalog.clock_timestamp();
      END IF;
    END LOOP;
  END LOOP;
  COMMIT;
  RAISE NOTICE 'pgarchitect: % rows written', written;
END
