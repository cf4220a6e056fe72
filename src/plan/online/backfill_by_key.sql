DECLARE
  span text := 'true';
@declare@
  total bigint;
  seen bigint := 0;
  changed bigint;
  written bigint := 0;
  attempts integer := 0;
  told timestamptz := pg_catalog.clock_timestamp();
BEGIN
  SELECT greatest(c.reltuples, 0)::bigint INTO total FROM pg_catalog.pg_class c WHERE c.oid = @table_literal@::pg_catalog.regclass;
  LOOP
@session@
    BEGIN
      EXECUTE @find_head@ || span || @find_tail@ INTO @highs@ USING @lows@;
      EXIT WHEN @high1@ IS NULL;
      EXECUTE @work_head@ || span || @work_tail@ USING @lows@, @highs@;
      GET DIAGNOSTICS changed = ROW_COUNT;
      written := written + changed;
      seen := seen + @rows@;
      span := @next_span@;
@advance@
      attempts := 0;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      attempts := attempts + 1;
      IF attempts > 100 THEN
        RAISE;
      END IF;
    END;
    COMMIT;
    IF pg_catalog.clock_timestamp() - told > interval '1 second' THEN
      RAISE NOTICE 'pgarchitect: % of about % rows', seen, greatest(total, seen);
      told := pg_catalog.clock_timestamp();
    END IF;
  END LOOP;
  COMMIT;
  RAISE NOTICE 'pgarchitect: % rows written', written;
END
