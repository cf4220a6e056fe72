// Names that break tools (spec/reliability.md, row 12): every name on every kind of object, with a hostile comment. psql creates
// them, our statements, again run by psql, make them a second time out of the catalog; pg_dump and a second reading must see
// the same. Then all is dropped by our statements.
#include <gtest/gtest.h>

#include <random>

#include "base/quote.h"
#include "base/text.h"
#include "kinds_harness.h"

namespace pga {
namespace {

using testing::plan;
using testing::read;
using testing::text_of;

constexpr const char* kNames[] = {
    "'",
    "\"",
    "\"\"\"",
    "a'b\"c",
    "line\nfeed",
    "carriage\rreturn",
    "both\r\n; SELECT 1/0; --",
    "tab\tbed",
    "%s",
    "%I %L %%",
    "\\! touch /tmp/pwned",
    "\\",
    "ends with \\",
    "\n\\! id",
    "$$",
    "$pga$",
    "$1",
    ";--",
    "/*",
    "*/",
    "x'); DROP SCHEMA public CASCADE; --",
    "\xE2\x80\xAEtxet",           // right-to-left override
    "e\xCC\x81 combining",        // e and a combining acute accent
    "\xC3\xA9 composed",          // the same as one character
    "\xF0\x9F\x90\x98 elephant",  // emoji
    "\xE2\x80\xA8 separator",     // line separator U+2028
    "\xC2\x85 next line",         // NEL, a C1 control
    "sixty-three bytes ..................................... to here",
    "\xF0\x9F\x90\x98\xF0\x9F\x90\x98\xF0\x9F\x90\x98\xF0\x9F\x90\x98\xF0\x9F\x90\x98\xF0\x9F\x90\x98\xF0\x9F\x90\x98"
    "\xF0\x9F\x90\x98"
    "\xF0\x9F\x90\x98\xF0\x9F\x90\x98\xF0\x9F\x90\x98\xF0\x9F\x90\x98\xF0\x9F\x90\x98\xF0\x9F\x90\x98\xF0\x9F\x90\x98"
    "...",  // 63 bytes
    " ",
    " edges ",
    "select",
    "user",
    "NULL",
    "E'\\x41'",
    "U&\"\\0041\"",
    "a.b",
    "a,b",
    "{a}",
    "a=b|c",
    ":variable :'x'",
    "MiXeD",
    "1st",
    "\x7F\x01 control",
};

// Names of random bytes that are hard on quoting, the same ones every time.
std::vector<std::string> all_names() {
  std::vector<std::string> out(std::begin(kNames), std::end(kNames));
  const std::string alphabet = "aB1 '\"\\\n\r\t$%;-*/,.{}()[]|=:&#@~`^<>?!_";
  std::mt19937 random(20250101);  // NOLINT: a fixed seed is wanted
  for (int i = 0; i < 16; ++i) {
    std::string name = std::to_string(i) + "_";  // no two are the same
    for (const size_t length = 1 + random() % 60; name.size() < length + 2;) name += alphabet[random() % alphabet.size()];
    out.push_back(name);
  }
  return out;
}

// @ is the name, # its number; the comment is the name as a literal. Relations share a name space, so they have schemas of their
// own.
constexpr const char* kObjects = R"(
CREATE SCHEMA @; COMMENT ON SCHEMA @ IS ^;
CREATE TABLE @.@ (@ integer DEFAULT 1, b text, CONSTRAINT @ CHECK (@ > 0)); COMMENT ON TABLE @.@ IS ^; COMMENT ON COLUMN @.@.@ IS ^; COMMENT ON CONSTRAINT @ ON @.@ IS ^;
ALTER TABLE @.@ ADD CONSTRAINT k_# UNIQUE (@); CREATE TABLE k.t_# (@ integer CONSTRAINT @ PRIMARY KEY, r integer); COMMENT ON CONSTRAINT @ ON k.t_# IS ^;
ALTER TABLE @.@ ADD CONSTRAINT f_# FOREIGN KEY (@) REFERENCES k.t_# (@);
CREATE INDEX @ ON i.t (lower(b), a) WHERE b <> ^; COMMENT ON INDEX i.@ IS ^; CREATE SEQUENCE s.@ START 5; COMMENT ON SEQUENCE s.@ IS ^;
CREATE VIEW v.@ AS SELECT @ FROM @.@ WHERE b = ^; COMMENT ON VIEW v.@ IS ^; COMMENT ON COLUMN v.@.@ IS ^;
CREATE MATERIALIZED VIEW m.@ AS SELECT @, b AS "b ""x" FROM @.@; COMMENT ON MATERIALIZED VIEW m.@ IS ^; COMMENT ON COLUMN m.@.@ IS ^;
CREATE FUNCTION @.@(@ integer, b text DEFAULT ^) RETURNS text LANGUAGE sql AS ^; COMMENT ON FUNCTION @.@ IS ^;
CREATE PROCEDURE f.@(@ text DEFAULT ^) LANGUAGE plpgsql SET "my.setting" TO ^ AS ^;
CREATE FUNCTION f.t_#() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER @ BEFORE INSERT ON @.@ FOR EACH ROW EXECUTE FUNCTION f.t_#(^); COMMENT ON TRIGGER @ ON @.@ IS ^;
CREATE RULE @ AS ON DELETE TO @.@ DO ALSO NOTIFY @, ^; COMMENT ON RULE @ ON @.@ IS ^; CREATE POLICY @ ON @.@ USING (b = ^); COMMENT ON POLICY @ ON @.@ IS ^;
CREATE STATISTICS @.@ ON @, b FROM @.@; COMMENT ON STATISTICS @.@ IS ^; CREATE PUBLICATION @ FOR TABLE @.@; COMMENT ON PUBLICATION @ IS ^;
CREATE AGGREGATE a.@(@ text) (SFUNC = textcat, STYPE = text, INITCOND = ^); COMMENT ON AGGREGATE a.@(text) IS ^;
CREATE OPERATOR FAMILY @.@ USING btree; COMMENT ON OPERATOR FAMILY @.@ USING btree IS ^; CREATE OPERATOR CLASS @.@ FOR TYPE integer USING btree FAMILY @.@ AS OPERATOR 1 <, FUNCTION 1 btint4cmp(integer, integer); COMMENT ON OPERATOR CLASS @.@ USING btree IS ^;
CREATE OPERATOR @.<%> (FUNCTION = f.@, LEFTARG = o.t_#, RIGHTARG = text, COMMUTATOR = OPERATOR(@.<#>)); COMMENT ON OPERATOR @.<%> (o.t_#, text) IS ^;
CREATE CAST (o.t_# AS text) WITH FUNCTION f.@(o.t_#); COMMENT ON CAST (o.t_# AS text) IS ^;
CREATE TEXT SEARCH PARSER @.@ (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype); COMMENT ON TEXT SEARCH PARSER @.@ IS ^;
CREATE TEXT SEARCH TEMPLATE @.@ (INIT = prsd_lextype, LEXIZE = dsimple_lexize); COMMENT ON TEXT SEARCH TEMPLATE @.@ IS ^;
CREATE TEXT SEARCH DICTIONARY @.@ (TEMPLATE = @.@, @ = ^, b = 1); COMMENT ON TEXT SEARCH DICTIONARY @.@ IS ^;
CREATE TEXT SEARCH CONFIGURATION @.@ (PARSER = @.@); ALTER TEXT SEARCH CONFIGURATION @.@ ADD MAPPING FOR word, "float" WITH @.@, simple; COMMENT ON TEXT SEARCH CONFIGURATION @.@ IS ^;
CREATE FOREIGN DATA WRAPPER @ OPTIONS (a ^); COMMENT ON FOREIGN DATA WRAPPER @ IS ^; CREATE SERVER @ TYPE ^ VERSION ^ FOREIGN DATA WRAPPER @ OPTIONS (b ^); COMMENT ON SERVER @ IS ^;
CREATE USER MAPPING FOR PUBLIC SERVER @ OPTIONS ("user" ^); CREATE FOREIGN TABLE r.@ (@ integer) SERVER @ OPTIONS (c ^); COMMENT ON FOREIGN TABLE r.@ IS ^;
CREATE EVENT TRIGGER @ ON sql_drop WHEN TAG IN ('DROP TABLE') EXECUTE FUNCTION f.on_drop(); COMMENT ON EVENT TRIGGER @ IS ^;
)";

// The prelude of both databases, with what the kinds of types bring.
constexpr const char* kPrelude = R"(
CREATE SCHEMA k; CREATE SCHEMA i; CREATE SCHEMA s; CREATE SCHEMA v; CREATE SCHEMA m; CREATE SCHEMA f; CREATE SCHEMA a; CREATE SCHEMA o; CREATE SCHEMA r;
CREATE TABLE i.t (a integer, b text); CREATE FUNCTION f.on_drop() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
)";
constexpr const char* kPreludeOfEach = R"(
CREATE TYPE o.t_# AS (a integer, b text); CREATE FUNCTION f.@(o.t_#, text) RETURNS text LANGUAGE sql AS 'SELECT $2'; CREATE FUNCTION f.@(o.t_#) RETURNS text LANGUAGE sql AS 'SELECT $1.b';
)";

std::string quoted(const std::string& name) {  // not ident(), which is under test
  return "\"" + replace_all(name, "\"", "\"\"") + "\"";
}

std::string string(const std::string& text) {  // not literal()
  return "E'" + replace_all(replace_all(text, "\\", "\\\\"), "'", "\\'") + "'";
}

std::string for_each_name(const std::string& pattern) {
  std::string out;
  for (size_t i = 0; const auto& name : all_names()) {
    // The markers first become bytes that no name has.
    std::string one = replace_all(replace_all(replace_all(pattern, "@", "\x02"), "^", "\x03"), "_#", "\x04");
    one = replace_all(one, "\x04", "_" + std::to_string(i++));
    out += replace_all(replace_all(one, "\x02", quoted(name)), "\x03", string(name));
  }
  return out;
}

std::string file_of(const schema::Statements& statements) {
  std::string out = "SET search_path = ''; SET check_function_bodies = off;\n";
  for (const auto& statement : statements) out += statement.sql + ";\n";
  return out;
}

TEST(HostileNames, EveryNameOnEveryKind) {
  for (const int major : testing::majors()) {
    SCOPED_TRACE(major);
    auto& server = *testing::server(major);
    const std::string off = "SET check_function_bodies = off;\n";
    const std::string prelude = off + kPrelude + for_each_name(kPreludeOfEach);
    const std::string wanted = testing::database(server, prelude + for_each_name(kObjects));
    const std::string empty = testing::database(server, prelude);
    if (HasFailure()) return;
    auto target = read(server, wanted), start = read(server, empty);
    ASSERT_TRUE(target) << to_text(target.error());
    ASSERT_TRUE(start) << to_text(start.error());
    const std::string made = testing::database(server, prelude + file_of(plan(*start, *target)));
    if (HasFailure()) return;
    testing::expect_same(server, made, wanted);
    EXPECT_GT(target->objects.size() - start->objects.size(), std::size(all_names()) * 30);
    auto now = read(server, made);
    ASSERT_TRUE(now);
    testing::run(server, made, plan(*now, *start));
    testing::expect_same(server, made, empty);
    for (const auto& name : {wanted, made, empty}) testing::remove(server, name);
  }
}

// A name in a comment that we write ends no comment line.
TEST(HostileNames, CommentsOfOurStatements) {
  auto* server = testing::server();
  if (server == nullptr) GTEST_SKIP() << "no PostgreSQL 15";
  const std::string option = "\"token\n; CREATE TABLE public.pwned (); --\"";
  const std::string name =
      testing::database(*server, "CREATE FOREIGN DATA WRAPPER \"w\n; CREATE TABLE public.pwned (); --\" OPTIONS (" + option +
                                     " 'x'); CREATE PUBLICATION \"p\n; CREATE TABLE public.pwned ();\";");
  const std::string empty = testing::database(*server);
  auto target = read(*server, name), start = read(*server, empty);
  ASSERT_TRUE(target) << to_text(target.error());
  ASSERT_TRUE(start) << to_text(start.error());
  const std::string made = testing::database(*server, file_of(plan(*start, *target)));
  auto now = read(*server, made);
  ASSERT_TRUE(now) << to_text(now.error());
  EXPECT_EQ(text_of(*now), text_of(*target));
  EXPECT_EQ(now->find(schema::KindId::table, {"public", "pwned"}), nullptr);
  for (const auto& each : {name, empty, made}) testing::remove(*server, each);
}

}  // namespace
}  // namespace pga
