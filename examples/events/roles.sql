-- The roles that the schema grants to. pgarchitect makes missing roles by itself on its private server; psql does not.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'events_app') THEN CREATE ROLE events_app NOLOGIN; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'events_reporting') THEN CREATE ROLE events_reporting NOLOGIN; END IF;
END
$$;
