-- Is the runner's advisory lock held by the very server process that answers this? Behind a transaction pooler it is not.
SELECT EXISTS (
  SELECT FROM pg_catalog.pg_locks l
  WHERE l.locktype = 'advisory' AND l.granted AND l.pid = pg_catalog.pg_backend_pid()
    AND l.classid = 1885823346 AND l.objid = 1 AND l.objsubid = 2
    AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()))
