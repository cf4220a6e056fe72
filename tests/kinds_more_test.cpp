// Aggregates, casts, operators with their families and classes, transforms, text search, foreign data, event triggers: what
// PostgreSQL has after psql loaded a fixture, and what it has after our own statements made from the catalog, must be the same:
// for pg_dump (13 to 15), for catalog queries of this test (every major) and for a second reading of the catalog.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.h"
#include "kinds_harness.h"
#include "postgres/catalog.h"

namespace pga {
namespace {

using postgres::Connection;
using schema::Id;
using schema::Statements;
using testing::expect_lines;
using testing::plan;
using testing::read;
using testing::run;
using testing::text_of;

// What the objects stand on; in both databases.
constexpr const char* kPrelude =
#include "kinds_more_prelude.inc"
    ;

struct Fixture {
  const char* name;
  int since;
  const char* sql;
};

constexpr Fixture kFixtures[] = {
#include "kinds_more_fixtures.inc"
};

struct Pair {
  const char* name;
  int since;
  const char* base;  // in both
  const char* from;
  const char* to;
  int in_place;  // first major on which no changed object may be created anew; 0: always created anew
};

constexpr Pair kPairs[] = {
#include "kinds_more_pairs.inc"
};

// The catalogs in PostgreSQL's own words for objects, for majors of which no pg_dump is here: not our reader's queries.
constexpr const char* kCatalogs[] = {
    "SELECT aggfnoid::regprocedure, aggkind, aggnumdirectargs, aggtransfn, aggfinalfn, aggcombinefn, aggserialfn, aggdeserialfn, "
    "aggmtransfn, aggminvtransfn, aggmfinalfn, aggfinalextra, aggmfinalextra, aggfinalmodify, aggmfinalmodify, "
    "aggsortop::regoperator, "
    "aggtranstype::regtype, aggtransspace, aggmtranstype::regtype, aggmtransspace, agginitval, aggminitval, proparallel, "
    "proargnames, "
    "proargmodes FROM pg_aggregate JOIN pg_proc p ON p.oid = aggfnoid WHERE p.oid >= 16384",
    "SELECT castsource::regtype, casttarget::regtype, castfunc::regprocedure, castcontext, castmethod FROM pg_cast WHERE oid >= "
    "16384",
    "SELECT oid::regoperator, oprkind, oprcanmerge, oprcanhash, oprresult::regtype, oprcom::regoperator, oprnegate::regoperator, "
    "oprcode, "
    "oprrest, oprjoin FROM pg_operator WHERE oid >= 16384",
    "SELECT pg_describe_object('pg_amop'::regclass, oid, 0), amopsortfamily <> 0 FROM pg_amop WHERE oid >= 16384",
    "SELECT pg_describe_object('pg_amproc'::regclass, oid, 0) FROM pg_amproc WHERE oid >= 16384",
    "SELECT pg_describe_object('pg_opclass'::regclass, oid, 0), opcintype::regtype, opcdefault, opckeytype::regtype, "
    "pg_describe_object('pg_opfamily'::regclass, opcfamily, 0) FROM pg_opclass WHERE oid >= 16384",
    "SELECT pg_describe_object('pg_opfamily'::regclass, oid, 0) FROM pg_opfamily WHERE oid >= 16384",
    "SELECT trftype::regtype, trflang, trffromsql, trftosql FROM pg_transform WHERE oid >= 16384",
    "SELECT prsname, prsnamespace::regnamespace, prsstart, prstoken, prsend, prsheadline, prslextype FROM pg_ts_parser WHERE oid "
    ">= 16384",
    "SELECT tmplname, tmplnamespace::regnamespace, tmplinit, tmpllexize FROM pg_ts_template WHERE oid >= 16384",
    "SELECT oid::regdictionary, pg_describe_object('pg_ts_template'::regclass, dicttemplate, 0), dictinitoption FROM pg_ts_dict "
    "WHERE oid >= "
    "16384",
    "SELECT mapcfg::regconfig, maptokentype, mapseqno, mapdict::regdictionary FROM pg_ts_config_map WHERE mapcfg >= 16384",
    "SELECT cfgname, pg_describe_object('pg_ts_parser'::regclass, cfgparser, 0) FROM pg_ts_config WHERE oid >= 16384",
    "SELECT fdwname, fdwhandler::regproc, fdwvalidator::regproc, (SELECT array_agg(o ORDER BY o) FROM unnest(fdwoptions) o) FROM "
    "pg_foreign_data_wrapper WHERE oid >= 16384",
    "SELECT srvname, srvtype, srvversion, fdwname, (SELECT array_agg(o ORDER BY o) FROM unnest(srvoptions) o) FROM "
    "pg_foreign_server s JOIN "
    "pg_foreign_data_wrapper w ON w.oid = srvfdw WHERE s.oid >= 16384",
    "SELECT srvname, usename, (SELECT array_agg(o ORDER BY o) FROM unnest(umoptions) o) FROM pg_user_mappings WHERE umid >= "
    "16384",
    "SELECT evtname, evtevent, evtfoid::regproc, evtenabled, evttags FROM pg_event_trigger WHERE oid >= 16384",
    // Owners, privileges and comments of all of them at once.
    "SELECT pg_describe_object(classid, objid, objsubid), deptype, refobjid::regrole FROM pg_shdepend WHERE refclassid = "
    "'pg_authid'::regclass AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())",
    "SELECT o.name, e.grantee::regrole, e.privilege_type, e.is_grantable FROM ("
    "SELECT fdwname::text AS name, coalesce(fdwacl, acldefault('F', fdwowner)) AS acl FROM pg_foreign_data_wrapper UNION ALL "
    "SELECT srvname, coalesce(srvacl, acldefault('S', srvowner)) FROM pg_foreign_server UNION ALL "
    "SELECT oid::regprocedure::text, coalesce(proacl, acldefault('f', proowner)) FROM pg_proc WHERE oid >= 16384) o, "
    "aclexplode(o.acl) e",
    "SELECT pg_describe_object(classoid, objoid, objsubid), description FROM pg_description WHERE objoid >= 16384",
};

std::string catalogs(postgres::Server& server, const std::string& name) {
  auto connection = Connection::open(server.url(name));
  if (!connection || !connection->execute("SET search_path = ''")) return "cannot connect";
  std::string out;
  for (const auto* query : kCatalogs) {
    const auto rows = connection->query("SELECT r::text FROM (" + std::string(query) + ") r ORDER BY r::text COLLATE \"C\"");
    EXPECT_TRUE(rows) << to_text(rows.error()) << query;
    if (!rows) continue;
    out += std::string(query).substr(0, 30) + "\n";
    for (int r = 0; r < rows->size(); ++r) out += std::string(rows->text(r, 0)) + "\n";
  }
  return out;
}

void expect_same(postgres::Server& server, const std::string& made, const std::string& wanted) {
  testing::expect_same(server, made, wanted);
  expect_lines(catalogs(server, made), catalogs(server, wanted), "the catalog");
}

std::string fixtures_sql(int major) {
  std::string sql = kPrelude;
  for (const auto& fixture : kFixtures) {
    if (fixture.since <= major) sql += std::string("-- ") + fixture.name + "\n" + fixture.sql + "\n";
  }
  // Postfix operators were given up in 14.
  if (major < 14) sql += "CREATE OPERATOR app.!!% (FUNCTION = app.pair_number, LEFTARG = app.pair);";
  return sql;
}

TEST(KindsMore, CreateAndDrop) {
  for (const int major : testing::majors()) {
    SCOPED_TRACE(major);
    auto& server = *testing::server(major);
    const std::string wanted = testing::database(server, fixtures_sql(major)), made = testing::database(server, kPrelude);
    const std::string empty = testing::database(server, kPrelude);
    if (HasFailure()) return;  // a fixture does not load
    auto target = read(server, wanted), start = read(server, made);
    ASSERT_TRUE(target) << to_text(target.error());
    ASSERT_TRUE(start) << to_text(start.error());
    run(server, made, plan(*start, *target));
    expect_same(server, made, wanted);
    auto now = read(server, made);
    ASSERT_TRUE(now);
    run(server, made, plan(*now, *start));
    expect_same(server, made, empty);
    for (const auto& name : {wanted, made, empty}) testing::remove(server, name);
  }
}

// All pairs live in one database, each in a schema of its own: p1, p2, …
std::string pairs_sql(int major, bool newer) {
  std::string sql;
  for (size_t i = 0; const auto& pair : kPairs) {
    const std::string name = "p" + std::to_string(++i);
    if (pair.since > major) continue;
    std::string one = kPrelude + std::string(pair.base) + "\n" + (newer ? pair.to : pair.from) + "\n";
    one = replace_all(std::move(one), "CREATE SCHEMA \"Odd Schema\";", "");
    one = replace_all(std::move(one), "\"Odd Schema\"", "app");
    one = replace_all(std::move(one), "app.", name + ".");
    sql += replace_all(std::move(one), "SCHEMA app", "SCHEMA " + name);
  }
  return sql;
}

bool belongs(const Id& id, const Pair& pair, size_t number) {
  const std::string name = "p" + std::to_string(number);
  const auto in_schema = [&](const std::string& part) { return part == name || part.starts_with(name + "."); };
  if (std::ranges::any_of(id.path, in_schema)) return true;
  return id.path.front().starts_with("km") && std::string(pair.from).find(id.path.front() + " ") != std::string::npos;
}

// Both directions: what is in place one way may need a new object the other way.
TEST(KindsMore, Alter) {
  for (const int major : testing::majors()) {
    auto& server = *testing::server(major);
    for (const bool forward : {true, false}) {
      SCOPED_TRACE(std::to_string(major) + (forward ? "" : " (back)"));
      const std::string made = testing::database(server, pairs_sql(major, !forward));
      const std::string wanted = testing::database(server, pairs_sql(major, forward));
      if (HasFailure()) return;
      auto from = read(server, made), to = read(server, wanted);
      ASSERT_TRUE(from) << to_text(from.error());
      ASSERT_TRUE(to) << to_text(to.error());
      std::vector<Id> recreated;
      run(server, made, plan(*from, *to, &recreated));
      expect_same(server, made, wanted);
      for (size_t i = 0; const auto& pair : kPairs) {
        ++i;
        if (pair.since > major || !forward) continue;
        const bool anew = std::ranges::any_of(recreated, [&](const Id& id) { return belongs(id, pair, i); });
        EXPECT_EQ(anew, pair.in_place == 0 || major < pair.in_place) << pair.name << " (schema p" << i << ")";
      }
      testing::remove(server, made);
      testing::remove(server, wanted);
    }
  }
}

TEST(KindsMore, Rename) {
  const std::string script =
      "CREATE AGGREGATE app.NAME(integer) (SFUNC = int4pl, STYPE = integer); CREATE AGGREGATE app.NAME(*) (SFUNC = int8inc, "
      "STYPE = bigint, INITCOND = '0');"
      "CREATE OPERATOR FAMILY app.NAME USING btree; CREATE OPERATOR CLASS app.NAME FOR TYPE integer USING hash AS STORAGE "
      "integer;"
      "CREATE TEXT SEARCH PARSER app.NAME (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = "
      "prsd_lextype);"
      "CREATE TEXT SEARCH TEMPLATE app.NAME (LEXIZE = dsimple_lexize); CREATE TEXT SEARCH DICTIONARY app.NAME (TEMPLATE = "
      "simple);"
      "CREATE TEXT SEARCH CONFIGURATION app.NAME (PARSER = pg_catalog.\"default\"); CREATE FOREIGN DATA WRAPPER NAME;"
      "CREATE SERVER NAME FOREIGN DATA WRAPPER NAME; CREATE FUNCTION app.e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN "
      "END';"
      "CREATE EVENT TRIGGER NAME ON sql_drop EXECUTE FUNCTION app.e();";
  for (const int major : testing::majors()) {
    SCOPED_TRACE(major);
    auto& server = *testing::server(major);
    const auto sql = [&](const std::string& name) { return kPrelude + replace_all(script, "NAME", name); };
    const std::string made = testing::database(server, sql("old")), wanted = testing::database(server, sql("renamed"));
    auto from = read(server, made);
    ASSERT_TRUE(from) << to_text(from.error());
    Statements renames;
    for (const auto& [id, object] : from->objects) {
      Id renamed = id;
      for (size_t i = 0; i < renamed.path.size(); ++i)
        if (renamed.path[i] == "old") renamed.path.set(i, "renamed");
      if (renamed == id) continue;
      const auto rename = schema::kind_of(id.kind).rename(object, renamed, *from);
      ASSERT_TRUE(rename) << schema::to_text(id);
      renames.push_back(*rename);
    }
    EXPECT_EQ(renames.size(), 12U);  // the class's family too
    run(server, made, renames);
    expect_same(server, made, wanted);
    testing::remove(server, wanted);
    testing::remove(server, made);
  }
}

// Neither the model nor a statement may hold a secret; what is left out is named.
TEST(KindsMore, SecretsAreLeftOut) {
  const std::string canary = "c4nary-Zq";
  const std::string sql = replace_all(
      "CREATE FOREIGN DATA WRAPPER km_w OPTIONS (api_key 'CANARY', keep '1'); CREATE SERVER km_s FOREIGN DATA WRAPPER km_w "
      "OPTIONS (host 'h', "
      "\"AuthToken\" 'CANARY', conn 'host=x password=CANARY', url 'postgres://u:CANARY@h/d', passfile '/p', password_required "
      "'false', "
      "sslkey 'k.pem', private_key_file 'f');"
      "CREATE USER MAPPING FOR PUBLIC SERVER km_s OPTIONS (\"user\" 'x', password 'CANARY', sslpassword 'CANARY', pwd 'CANARY', "
      "secret 'CANARY');",
      "CANARY", canary);
  for (const int major : testing::majors()) {
    SCOPED_TRACE(major);
    auto& server = *testing::server(major);
    const std::string name = testing::database(server, std::string(kPrelude) + sql), made = testing::database(server, kPrelude);
    auto target = read(server, name), start = read(server, made);
    ASSERT_TRUE(target) << to_text(target.error());
    ASSERT_TRUE(start) << to_text(start.error());
    for (const auto& [id, object] : target->objects) {
      for (const auto& value : object.fields)
        EXPECT_EQ(value.value_or("").find(canary), std::string::npos) << schema::to_text(id);
    }
    const auto statements = plan(*start, *target);
    for (const auto& statement : statements) EXPECT_EQ(statement.sql.find(canary), std::string::npos) << statement.sql;
    const auto* wrapper = target->find(schema::KindId::foreign_data_wrapper, {"km_w"});
    const auto* foreign = target->find(schema::KindId::foreign_server, {"km_s"});
    const auto* mapping = target->find(schema::KindId::user_mapping, {"km_s", ""});
    ASSERT_TRUE(wrapper != nullptr && foreign != nullptr && mapping != nullptr);
    EXPECT_EQ(wrapper->text("options"), "{keep=1}");
    EXPECT_EQ(wrapper->text("left_out"), "{api_key}");
    EXPECT_EQ(foreign->text("options"), "{host=h,passfile=/p,password_required=false,private_key_file=f,sslkey=k.pem}");
    EXPECT_EQ(foreign->text("left_out"), "{AuthToken,conn,url}");
    EXPECT_EQ(mapping->text("options"), "{user=x}");
    EXPECT_EQ(mapping->text("left_out"), "{password,pwd,secret,sslpassword}");
    run(server, made, statements);
    auto now = read(server, made);
    ASSERT_TRUE(now);
    EXPECT_EQ(plan(*now, *target).size(), 0U);  // a secret is no difference
    EXPECT_EQ(plan(*target, *now).size(), 0U);
    testing::remove(server, made);
    testing::remove(server, name);
  }
}

// An ordinary role sees everything but the options of user mappings that are not its own.
TEST(KindsMore, ReadAsOrdinaryRole) {
  for (const int major : testing::majors()) {
    SCOPED_TRACE(major);
    auto& server = *testing::server(major);
    const std::string name = testing::database(server, fixtures_sql(major));
    auto whole = read(server, name);
    ASSERT_TRUE(whole) << to_text(whole.error());
    {
      auto connection = Connection::open(server.url(name));
      ASSERT_TRUE(connection);
      ASSERT_TRUE(connection->execute("SET SESSION AUTHORIZATION km_reader"));
      const auto seen = postgres::read_catalog(*connection);
      ASSERT_TRUE(seen) << to_text(seen.error());
      for (auto& [id, object] : whole->objects) {
        if (id.kind == schema::KindId::user_mapping && id.path[1] != "km_reader") object.set("options", std::nullopt);
      }
      expect_lines(text_of(*seen), text_of(*whole), "an ordinary role");
    }
    EXPECT_NE(std::ranges::find(whole->roles, "km Writer|x"), whole->roles.end());
    testing::remove(server, name);
  }
}

// Members are the extension's; what stands on them needs the extension.
TEST(KindsMore, ExtensionMembersAreLeftOut) {
  auto* server = testing::server(15);
  if (server == nullptr) GTEST_SKIP() << "no PostgreSQL 15";
  const std::string name = testing::database(
      *server, std::string(kPrelude) +
                   "CREATE EXTENSION citext SCHEMA app; CREATE EXTENSION unaccent SCHEMA app; CREATE EXTENSION postgres_fdw; "
                   "CREATE EXTENSION "
                   "btree_gist SCHEMA app; CREATE SERVER km_s FOREIGN DATA WRAPPER postgres_fdw; CREATE TEXT SEARCH "
                   "CONFIGURATION app.c (COPY = "
                   "pg_catalog.english); ALTER TEXT SEARCH CONFIGURATION app.c ALTER MAPPING FOR word WITH app.unaccent, simple;"
                   "CREATE AGGREGATE app.first(app.citext) (SFUNC = app.citext_smaller, STYPE = app.citext);");
  auto database = read(*server, name);
  ASSERT_TRUE(database) << to_text(database.error());
  std::vector<std::string> ours;
  for (const auto& [id, object] : database->objects) {
    for (const auto* slug : {"aggregate", "cast", "operator_", "operator_family", "operator_class", "text_search_dictionary",
                             "text_search_template", "foreign_data_wrapper", "foreign_server", "text_search_configuration"}) {
      if (schema::kind_of(id.kind).slug() == slug) ours.push_back(schema::to_text(id));
    }
  }
  EXPECT_EQ(join(ours, "; "), "aggregate app.first(app.citext); text search configuration app.c; foreign server km_s");
  const Id unaccent{schema::KindId::extension, {"unaccent"}}, fdw{schema::KindId::extension, {"postgres_fdw"}};
  const auto needs = [&](schema::KindId kind, std::vector<std::string> path, const Id& what) {
    const auto* object = database->find(kind, std::move(path));
    return object != nullptr && std::ranges::find(object->needs, what) != object->needs.end();
  };
  EXPECT_TRUE(needs(schema::KindId::text_search_configuration, {"app", "c"}, unaccent));
  EXPECT_TRUE(needs(schema::KindId::foreign_server, {"km_s"}, fdw));
  testing::remove(*server, name);
}

}  // namespace
}  // namespace pga
