-- Tables and rows in the shape of TPC-H, by a generator of our own (not dbgen): psql -v scale=0.1 -f load.sql
-- Sizes, keys, distributions and correlations follow the specification's clause 4.2; texts are shorter word lists. Deterministic.
CREATE FUNCTION pg_temp.h(i bigint, salt int) RETURNS bigint LANGUAGE sql IMMUTABLE AS
  $$ SELECT abs(hashint8extended(i, salt)::bigint % 1000000007) $$;
CREATE TABLE region (r_regionkey int PRIMARY KEY, r_name char(25) NOT NULL, r_comment varchar(152));
CREATE TABLE nation (n_nationkey int PRIMARY KEY, n_name char(25) NOT NULL, n_regionkey int NOT NULL REFERENCES region, n_comment varchar(152));
CREATE TABLE supplier (s_suppkey int PRIMARY KEY, s_name char(25) NOT NULL, s_address varchar(40) NOT NULL, s_nationkey int NOT NULL REFERENCES nation,
  s_phone char(15) NOT NULL, s_acctbal decimal(15,2) NOT NULL, s_comment varchar(101) NOT NULL);
CREATE TABLE customer (c_custkey int PRIMARY KEY, c_name varchar(25) NOT NULL, c_address varchar(40) NOT NULL, c_nationkey int NOT NULL REFERENCES nation,
  c_phone char(15) NOT NULL, c_acctbal decimal(15,2) NOT NULL, c_mktsegment char(10) NOT NULL, c_comment varchar(117) NOT NULL);
CREATE TABLE part (p_partkey int PRIMARY KEY, p_name varchar(55) NOT NULL, p_mfgr char(25) NOT NULL, p_brand char(10) NOT NULL, p_type varchar(25) NOT NULL,
  p_size int NOT NULL, p_container char(10) NOT NULL, p_retailprice decimal(15,2) NOT NULL, p_comment varchar(23) NOT NULL);
CREATE TABLE partsupp (ps_partkey int NOT NULL, ps_suppkey int NOT NULL, ps_availqty int NOT NULL, ps_supplycost decimal(15,2) NOT NULL, ps_comment varchar(199) NOT NULL);
CREATE TABLE orders (o_orderkey bigint NOT NULL, o_custkey int NOT NULL, o_orderstatus char(1) NOT NULL, o_totalprice decimal(15,2) NOT NULL, o_orderdate date NOT NULL,
  o_orderpriority char(15) NOT NULL, o_clerk char(15) NOT NULL, o_shippriority int NOT NULL, o_comment varchar(79) NOT NULL);
CREATE TABLE lineitem (l_orderkey bigint NOT NULL, l_partkey int NOT NULL, l_suppkey int NOT NULL, l_linenumber int NOT NULL, l_quantity decimal(15,2) NOT NULL,
  l_extendedprice decimal(15,2) NOT NULL, l_discount decimal(15,2) NOT NULL, l_tax decimal(15,2) NOT NULL, l_returnflag char(1) NOT NULL, l_linestatus char(1) NOT NULL,
  l_shipdate date NOT NULL, l_commitdate date NOT NULL, l_receiptdate date NOT NULL, l_shipinstruct char(25) NOT NULL, l_shipmode char(10) NOT NULL, l_comment varchar(44) NOT NULL);
INSERT INTO region SELECT i, (ARRAY['AFRICA','AMERICA','ASIA','EUROPE','MIDDLE EAST'])[i+1], 'region ' || i FROM generate_series(0,4) i;
INSERT INTO nation SELECT i, (ARRAY['ALGERIA','ARGENTINA','BRAZIL','CANADA','EGYPT','ETHIOPIA','FRANCE','GERMANY','INDIA','INDONESIA','IRAN','IRAQ','JAPAN','JORDAN','KENYA','MOROCCO','MOZAMBIQUE','PERU','CHINA','ROMANIA','SAUDI ARABIA','VIETNAM','RUSSIA','UNITED KINGDOM','UNITED STATES'])[i+1],
  (ARRAY[0,1,1,1,4,0,3,3,2,2,4,4,2,4,0,0,0,1,2,3,4,2,3,3,1])[i+1], 'nation ' || i FROM generate_series(0,24) i;
INSERT INTO supplier SELECT i, 'Supplier#' || lpad(i::text,9,'0'), substr(md5(i::text),1,10+(pg_temp.h(i,1)%30)::int), pg_temp.h(i,2)%25, (10+pg_temp.h(i,2)%25)||'-'||(100+pg_temp.h(i,3)%900)||'-'||(100+pg_temp.h(i,4)%900)||'-'||(1000+pg_temp.h(i,5)%9000),
  (pg_temp.h(i,6)%1099999)/100.0-999.99, CASE WHEN pg_temp.h(i,7)%2000=0 THEN 'slow Customer and some Complaints ' ELSE '' END || md5((i*3)::text) || ' ' || md5((i*7)::text) FROM generate_series(1,(10000*:scale)::int) i;
INSERT INTO customer SELECT i, 'Customer#' || lpad(i::text,9,'0'), substr(md5((i*11)::text),1,10+(pg_temp.h(i,11)%22)::int), pg_temp.h(i,12)%25, (10+pg_temp.h(i,12)%25)||'-'||(100+pg_temp.h(i,13)%900)||'-'||(100+pg_temp.h(i,14)%900)||'-'||(1000+pg_temp.h(i,15)%9000),
  (pg_temp.h(i,16)%1099999)/100.0-999.99, (ARRAY['AUTOMOBILE','BUILDING','FURNITURE','MACHINERY','HOUSEHOLD'])[1+pg_temp.h(i,17)%5], md5(i::text)||' '||md5((i*5)::text) FROM generate_series(1,(150000*:scale)::int) i;
INSERT INTO part SELECT i, (SELECT string_agg((ARRAY['almond','antique','aquamarine','azure','beige','bisque','black','blanched','blue','blush','brown','burlywood','chartreuse','chiffon','chocolate','coral','cornflower','cream','cyan','dark','deep','dim','dodger','drab','firebrick','floral','forest','frosted','gainsboro','ghost','gold','green','grey','honeydew','hot','indian','ivory','khaki','lace','lavender'])[1+pg_temp.h(i,20+k)%40],' ') FROM generate_series(1,5) k),
  'Manufacturer#'||(1+pg_temp.h(i,31)%5), 'Brand#'||(1+pg_temp.h(i,31)%5)||(1+pg_temp.h(i,32)%5), (ARRAY['STANDARD','SMALL','MEDIUM','LARGE','ECONOMY','PROMO'])[1+pg_temp.h(i,33)%6]||' '||(ARRAY['ANODIZED','BURNISHED','PLATED','POLISHED','BRUSHED'])[1+pg_temp.h(i,34)%5]||' '||(ARRAY['TIN','NICKEL','BRASS','STEEL','COPPER'])[1+pg_temp.h(i,35)%5],
  1+pg_temp.h(i,36)%50, (ARRAY['SM','LG','MED','JUMBO','WRAP'])[1+pg_temp.h(i,37)%5]||' '||(ARRAY['CASE','BOX','BAG','JAR','PKG','PACK','CAN','DRUM'])[1+pg_temp.h(i,38)%8], (90000+((i/10)%20001)+100*(i%1000))/100.0, substr(md5(i::text),1,5+(pg_temp.h(i,39)%17)::int) FROM generate_series(1,(200000*:scale)::int) i;
INSERT INTO partsupp SELECT p, (p+(k*((10000*:scale)::int/4+(p-1)/(10000*:scale)::int)))%(10000*:scale)::int+1, 1+pg_temp.h(p*4+k,41)%9999, (100+pg_temp.h(p*4+k,42)%99901)/100.0, md5(p::text)||' '||md5(k::text)||' '||md5((p*k)::text)||' '||substr(md5((p+k)::text),1,(pg_temp.h(p*4+k,43)%32)::int)
  FROM generate_series(1,(200000*:scale)::int) p, generate_series(0,3) k;
-- Two of three customers have orders; order keys are sparse (eight of each thirty-two).
INSERT INTO orders SELECT (i/8)*32+i%8, 1+(c/2)*3+c%2, 'O', 0, date '1992-01-01'+(pg_temp.h(i,52)%2406)::int, (ARRAY['1-URGENT','2-HIGH','3-MEDIUM','4-NOT SPECIFIED','5-LOW'])[1+pg_temp.h(i,53)%5], 'Clerk#'||lpad((1+pg_temp.h(i,54)%(1000*:scale)::int)::text,9,'0'), 0,
  CASE WHEN pg_temp.h(i,55)%80=0 THEN 'special packages requests ' ELSE '' END || substr(md5(i::text)||md5((i*3)::text),1,19+(pg_temp.h(i,56)%34)::int)
  FROM (SELECT i, (pg_temp.h(i,51)%(99999*:scale)::int) AS c FROM generate_series(1::bigint,(1500000*:scale)::int) i) x;
INSERT INTO lineitem SELECT o_orderkey, p, (p+(pg_temp.h(o_orderkey*8+n,62)%4)*((10000*:scale)::int/4+(p-1)/(10000*:scale)::int))%(10000*:scale)::int+1, n, q, q*(90000+((p/10)%20001)+100*(p%1000))/100.0, (pg_temp.h(o_orderkey*8+n,64)%11)/100.0, (pg_temp.h(o_orderkey*8+n,65)%9)/100.0,
  CASE WHEN r<=date '1995-06-17' THEN (ARRAY['R','A'])[1+pg_temp.h(o_orderkey*8+n,66)%2] ELSE 'N' END, CASE WHEN s>date '1995-06-17' THEN 'O' ELSE 'F' END, s, c, r, (ARRAY['DELIVER IN PERSON','COLLECT COD','NONE','TAKE BACK RETURN'])[1+pg_temp.h(o_orderkey*8+n,67)%4], (ARRAY['REG AIR','AIR','RAIL','SHIP','TRUCK','MAIL','FOB'])[1+pg_temp.h(o_orderkey*8+n,68)%7], substr(md5((o_orderkey*8+n)::text),1,10+(pg_temp.h(o_orderkey*8+n,69)%22)::int)
  FROM (SELECT o_orderkey, n, (1+pg_temp.h(o_orderkey*8+n,61)%(200000*:scale)::int)::int AS p, 1+pg_temp.h(o_orderkey*8+n,63)%50 AS q, o_orderdate+(1+pg_temp.h(o_orderkey*8+n,71)%121)::int AS s, o_orderdate+(30+pg_temp.h(o_orderkey*8+n,72)%61)::int AS c, o_orderdate+(1+pg_temp.h(o_orderkey*8+n,71)%121)::int+(1+pg_temp.h(o_orderkey*8+n,73)%30)::int AS r
    FROM orders, LATERAL generate_series(1,(1+pg_temp.h(o_orderkey,60)%7)::int) n) x;
UPDATE orders SET o_orderstatus = s.status, o_totalprice = s.price FROM (SELECT l_orderkey, CASE WHEN bool_and(l_linestatus='F') THEN 'F' WHEN bool_and(l_linestatus='O') THEN 'O' ELSE 'P' END AS status, round(sum(l_extendedprice*(1+l_tax)*(1-l_discount)),2) AS price FROM lineitem GROUP BY 1) s WHERE s.l_orderkey = o_orderkey;
CREATE TABLE orders_ (LIKE orders INCLUDING ALL);
INSERT INTO orders_ SELECT * FROM orders ORDER BY o_orderkey;
DROP TABLE orders;
ALTER TABLE orders_ RENAME TO orders;
ALTER TABLE partsupp ADD PRIMARY KEY (ps_partkey, ps_suppkey);
ALTER TABLE orders ADD PRIMARY KEY (o_orderkey);
ALTER TABLE lineitem ADD PRIMARY KEY (l_orderkey, l_linenumber);
VACUUM ANALYZE;
