-- Text search configurations with their mappings. The names of token types are known to the parser alone; its function is called
-- for them, as pg_dump does. It is no user's code: only a superuser can create a parser, and a function from internal to internal
-- can only be built in or of a shared library.
SELECT c.oid,
       ARRAY[n.nspname::text, c.cfgname::text] AS path,
       @owner(c.cfgowner)@ AS owner,
       quote_ident(pn.nspname) || '.' || quote_ident(p.prsname) AS parser,
       m.tokens,
       m.dictionaries
FROM pg_ts_config c
JOIN pg_namespace n ON n.oid = c.cfgnamespace
JOIN pg_ts_parser p ON p.oid = c.cfgparser
JOIN pg_namespace pn ON pn.oid = p.prsnamespace
CROSS JOIN LATERAL (
  SELECT array_agg(x.token ORDER BY x.token) AS tokens,
         array_agg(x.dictionaries ORDER BY x.token) AS dictionaries
  FROM (SELECT t.alias COLLATE "C" AS token,
               string_agg(quote_ident(dn.nspname) || '.' || quote_ident(d.dictname), ', ' ORDER BY g.mapseqno) AS dictionaries
        FROM pg_ts_config_map g
        JOIN ts_token_type(c.cfgparser) t ON t.tokid = g.maptokentype
        JOIN pg_ts_dict d ON d.oid = g.mapdict
        JOIN pg_namespace dn ON dn.oid = d.dictnamespace
        WHERE g.mapcfg = c.oid
        GROUP BY t.alias) x) m
WHERE c.oid >= 16384
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
