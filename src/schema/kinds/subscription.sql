-- Subscriptions of this database. subconninfo may hold a password and is never read; only columns that every role may read are
-- named. On 13 these are few: the OID comes from the view (the same name in two databases would be ambiguous there), and
-- synchronous_commit cannot be known.
SELECT
-- pg>=14
       s.oid,
       NULLIF(s.subsynccommit, 'off') AS synchronous_commit,
       s.subbinary AS is_binary,
       -- boolean on 14 and 15, a letter since
       CASE s.substream::text WHEN 'true' THEN 'on' WHEN 't' THEN 'on' WHEN 'p' THEN 'parallel' ELSE 'off' END AS streaming,
-- pg<14
       (SELECT min(v.subid::bigint) FROM pg_stat_subscription v WHERE v.subname = s.subname) AS oid,
       NULL::text AS synchronous_commit,
       false AS is_binary,
       'off' AS streaming,
-- pg>=16
       s.suborigin AS origin,
       s.subpasswordrequired AS password_required,
       s.subrunasowner AS run_as_owner,
-- pg<16
       NULL::text AS origin,
       NULL::boolean AS password_required,
       NULL::boolean AS run_as_owner,
-- pg>=15
       s.subtwophasestate <> 'd' AS two_phase,
       s.subdisableonerr AS disable_on_error,
-- pg<15
       false AS two_phase,
       false AS disable_on_error,
-- pg>=17
       s.subfailover AS failover,
-- pg<17
       false AS failover,
-- pg
       ARRAY[s.subname::text] AS path,
       @owner(s.subowner)@ AS owner,
       s.subenabled AS enabled,
       s.subslotname AS slot_name,
       s.subpublications AS publications
FROM pg_subscription s
WHERE s.subdbid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
