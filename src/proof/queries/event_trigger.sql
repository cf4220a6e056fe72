-- Notes the reason of each table rewrite. The function is temporary: it and the trigger go with the session at the latest.
-- The user's own event triggers do not fire for these statements (session_replication_role).
SET LOCAL session_replication_role = replica;
CREATE OR REPLACE FUNCTION pg_temp.pgarchitect_on_rewrite() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_catalog.set_config('pgarchitect.rewrites',
    coalesce(pg_catalog.current_setting('pgarchitect.rewrites', true), '')
      || pg_catalog.pg_event_trigger_table_rewrite_reason()::pg_catalog.text || ',', true);
END $$;
DROP EVENT TRIGGER IF EXISTS pgarchitect_observer;
CREATE EVENT TRIGGER pgarchitect_observer ON table_rewrite EXECUTE FUNCTION pg_temp.pgarchitect_on_rewrite();
ALTER EVENT TRIGGER pgarchitect_observer ENABLE ALWAYS;
SET LOCAL session_replication_role = origin;
