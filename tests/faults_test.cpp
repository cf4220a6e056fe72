// Hostile SQL and hostile databases: reliability.md, rows 14, 15, 17, 18 and 19. What a script does is judged from outside: by
// files, by a listening socket, by a table in which an attacker's function would write, by a canary that no output may hold.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <sys/socket.h>

#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "program.h"
#include "support.h"

namespace pga::testing {
namespace {
namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

class Faults : public ::testing::Test {
 protected:
  void SetUp() override {
    if (server() == nullptr) GTEST_SKIP() << "no PostgreSQL 15 on this machine";
    std::string pattern = (fs::temp_directory_path() / "pga_faults_XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    home_ = pattern;
    fs::permissions(home_, fs::perms::all);  // whoever the server runs as might write here, if nothing held it back
  }
  void TearDown() override {
    if (!home_.empty()) fs::remove_all(home_);
  }
  Outcome run(const std::vector<std::string>& arguments) {
    return Program(arguments, home_ + "/run" + std::to_string(++runs_)).wait();
  }
  void write(const std::string& name, const std::string& text) const {
    fs::create_directories(fs::path(home_ + "/" + name).parent_path());
    std::ofstream(home_ + "/" + name) << text;
  }
  std::string home_;
  int runs_ = 0;
};

// A listener on the loopback interface that nobody may reach.
class Listener {
 public:
  Listener() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* where = reinterpret_cast<sockaddr*>(&address);
    if (bind(socket_, where, size) == 0 && listen(socket_, 16) == 0 && getsockname(socket_, where, &size) == 0)
      port_ = ntohs(address.sin_port);
  }
  ~Listener() { close(socket_); }
  int port() const { return port_; }
  bool was_reached() const {
    pollfd waiting{socket_, POLLIN, 0};
    return poll(&waiting, 1, 0) > 0;
  }

 private:
  int socket_;
  int port_ = 0;
};

// Run by the superuser of a private server, without our own checks of the text: the cage alone must hold. @ is a file that must
// not appear, # the port of a listener that must not be reached. Each must fail, but for those that begin with '+', which may
// succeed.
constexpr const char* kEscapes[] = {
    "COPY (SELECT 1) TO PROGRAM 'touch @'",
    "COPY t FROM PROGRAM 'touch @'",
    "COPY t FROM PROGRAM 'cat /etc/passwd'",
    "DO $$ BEGIN EXECUTE format('COPY t FROM PROGRAM %L', 'touch @'); END $$",
    "COPY (SELECT 'x') TO '@'",
    "COPY t FROM '/etc/passwd'",
    "COPY t FROM '/proc/1/environ'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_read_binary_file('/etc/passwd')",
    "SELECT pg_catalog.pg_read_file('../../../../etc/passwd')",
    "SELECT * FROM pg_ls_dir('/root')",
    "SELECT * FROM pg_ls_dir('/home')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT lo_export(lo_from_bytea(0, 'x'), '@')",
    "CREATE TABLESPACE bad LOCATION '/tmp'",
    "CREATE TABLESPACE bad LOCATION '/var/tmp'",
    "LOAD '/tmp/evil.so'",
    "LOAD '@'",
    "CREATE FUNCTION sys(cstring) RETURNS int LANGUAGE c AS 'libc.so.6', 'system'",
    "CREATE FUNCTION sys(cstring) RETURNS int LANGUAGE c AS '/lib/x86_64-linux-gnu/libc.so.6', 'system'",
    "CREATE EXTENSION adminpack; SELECT pg_file_write('@', 'x', false)",
    "CREATE EXTENSION file_fdw; CREATE SERVER f FOREIGN DATA WRAPPER file_fdw; CREATE FOREIGN TABLE p (l text) SERVER f OPTIONS "
    "(filename '/etc/passwd'); SELECT * FROM p",
    "CREATE EXTENSION file_fdw; CREATE SERVER f FOREIGN DATA WRAPPER file_fdw; CREATE FOREIGN TABLE p (l text) SERVER f OPTIONS "
    "(program 'touch @'); SELECT * FROM p",
    "CREATE EXTENSION dblink; SELECT dblink_connect('host=127.0.0.1 port=# connect_timeout=2')",
    "CREATE EXTENSION postgres_fdw; CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '#'); "
    "CREATE "
    "USER MAPPING FOR CURRENT_USER SERVER s; CREATE FOREIGN TABLE r (i int) SERVER s; SELECT * FROM r",
    "CREATE SUBSCRIPTION sub CONNECTION 'host=127.0.0.1 port=# connect_timeout=2' PUBLICATION p",
    "CREATE EXTENSION plpython3u",
    "+CREATE EXTENSION plperlu; CREATE FUNCTION out() RETURNS text LANGUAGE plperlu AS $$ system('touch @'); open(F, '>', '@'); "
    "open(G, '<', '/etc/passwd') ? <G> : 'refused' $$; SELECT out()",
    "CREATE EXTENSION pltclu",
    "+ALTER SYSTEM SET archive_command = 'touch @'",
    "+ALTER SYSTEM SET session_preload_libraries = '/tmp/evil'",
    "ALTER SYSTEM SET ssl_passphrase_command = 'touch @'; SELECT 1/0",
    "+SELECT pg_reload_conf()",
    "+SELECT pg_rotate_logfile()",
    "+SELECT pg_switch_wal()",
    "SELECT pg_terminate_backend(1) AND 1/0 = 1",
    "SELECT pg_promote()",
    "SELECT pg_start_backup('x')",
    "WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r) SELECT count(*) FROM (SELECT i FROM r ORDER BY i) x",
    "SELECT count(*) FROM (SELECT i FROM generate_series(1, 200000000) i ORDER BY random()) x",
    "CREATE FUNCTION deep(i int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN deep(i + 1); END'; SELECT deep(1)",
    "CREATE FUNCTION deep2() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE OR REPLACE FUNCTION deep2() RETURNS int LANGUAGE sql "
    "AS "
    "'SELECT deep2() + 1'; SELECT deep2()",
    "DO $$ BEGIN LOOP END LOOP; END $$",
    "DO $$ BEGIN LOOP PERFORM 1; END LOOP; END $$",
    "SELECT pg_sleep(1000)",
    "SELECT repeat('x', 1000000000) || repeat('x', 1000000000)",
    "SELECT array_agg(repeat('x', 1000000)) FROM generate_series(1, 100000)",
    "SELECT string_agg(repeat('x', 10000000), '') FROM generate_series(1, 1000)",
    "SELECT '((((((((((a*)*)*)*)*)*)*)*)*)*)*b' ~ repeat('(', 100000)",
    "SELECT regexp_replace(repeat('a', 50000), '(a*)*(a*)*(a*)*b', 'x') || pg_sleep(1000)::text",
    "SELECT factorial(1000000)",
    "SELECT 10::numeric ^ 100000 ^ 2",
    "DO $$ BEGIN FOR i IN 1..1000000 LOOP EXECUTE 'CREATE TABLE x' || i || ' (i int)'; END LOOP; END $$",
    "SELECT query_to_xml('SELECT pg_read_file(''/etc/passwd'')', true, true, '')",
    "SELECT database_to_xml(true, true, ''), 1/0",
};

TEST_F(Faults, NothingThatRunsOnAPrivateServerLeavesIt) {
  const Listener listener;
  ASSERT_GT(listener.port(), 0);
  postgres::ServerOptions options;
  options.major = 15;
  options.limits = {.memory_mb = 1024, .temporary_mb = 64, .disk_mb = 2048, .cpu_seconds = 60};
  auto own = postgres::Server::start(options);
  ASSERT_TRUE(own) << to_text(own.error());
  const std::string file = home_ + "/canary";
  int tried = 0;
  for (const std::string escape : kEscapes) {
    SCOPED_TRACE(escape);
    const auto name = own->create_database();
    ASSERT_TRUE(name) << to_text(name.error());
    auto connection = postgres::Connection::open(own->url(*name));
    ASSERT_TRUE(connection) << to_text(connection.error());
    ASSERT_TRUE(connection->execute("SET statement_timeout = '1s'; CREATE TABLE t (line text)"));
    const bool may = escape[0] == '+';
    const std::string sql = replace_all(replace_all(escape.substr(may ? 1 : 0), "@", file), "#", std::to_string(listener.port()));
    const auto done = connection->execute_rows(sql);
    if (!may) {
      EXPECT_FALSE(done);
    }
    if (done && done->size() > 0 && done->columns() > 0) {
      EXPECT_THAT(std::string(done->text(0, 0)), Not(HasSubstr("root:")));
    }
    (void)connection->execute("ALTER SYSTEM RESET ALL");  // a setting that no session can start with is no way out, either
    EXPECT_FALSE(fs::exists(file));
    EXPECT_FALSE(listener.was_reached());
    EXPECT_TRUE(fs::is_empty(home_));
    // Whatever it did, the next one finds a server that works.
    EXPECT_TRUE(eventually([&] {
      auto after = postgres::Connection::open(own->url("postgres"));
      return after && after->execute("SELECT 1").has_value();
    }));
    connection = fail("internal", "closed");
    (void)own->drop_database(*name);
    ++tried;
  }
  EXPECT_GE(tried, 50);
}

// CVE-2018-1058: functions and operators of an attacker in `public` that fit better than those of pg_catalog. (row 14)
constexpr const char* kMallory = R"(
CREATE TABLE public.owned (what text);
CREATE FUNCTION public.mark(text) RETURNS boolean LANGUAGE plpgsql AS
  $$ BEGIN INSERT INTO public.owned VALUES ($1 || ' by ' || current_user); RETURN true; END $$;
DO $$
DECLARE f record;
BEGIN
  FOR f IN SELECT * FROM (VALUES ('lower', 'varchar', 'text'), ('upper', 'varchar', 'text'), ('length', 'varchar', 'int'),
    ('md5', 'varchar', 'text'), ('quote_ident', 'name', 'text'), ('quote_ident', 'varchar', 'text'),
    ('quote_literal', 'varchar', 'text'), ('format_type', 'oid, int', 'text'), ('to_regclass', 'varchar', 'regclass'),
    ('pg_get_expr', 'pg_node_tree, int', 'text'), ('pg_get_indexdef', 'int', 'text'), ('array_length', 'int2vector, int', 'int'),
    ('unnest', 'int2vector', 'int'), ('hashtext', 'varchar', 'int'), ('now', '', 'text'), ('count', 'int', 'int'),
    ('coalesce', 'text', 'text'), ('concat', 'text, text', 'text'), ('pg_backend_pid', '', 'int'), ('version', '', 'text'),
    ('current_setting', 'varchar', 'text'), ('set_config', 'varchar, varchar, boolean', 'text'),
    ('pg_try_advisory_lock', 'int, int', 'boolean'), ('pg_advisory_unlock', 'int, int', 'boolean'),
    ('obj_description', 'oid, name', 'text'), ('pg_relation_size', 'oid', 'bigint'), ('random', '', 'float8')) AS v (name, args, ret)
  LOOP
    BEGIN
      EXECUTE format('CREATE FUNCTION public.%I(%s) RETURNS %s LANGUAGE plpgsql AS $f$BEGIN PERFORM public.mark(%L); RETURN NULL; END$f$',
                     f.name, f.args, f.ret, f.name);
    EXCEPTION WHEN others THEN NULL;
    END;
  END LOOP;
END $$;
CREATE FUNCTION public.same(name, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN PERFORM public.mark('='); RETURN false; END $$;
CREATE OPERATOR public.= (LEFTARG = name, RIGHTARG = text, FUNCTION = public.same);
CREATE FUNCTION public.same(name, varchar) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN PERFORM public.mark('='); RETURN false; END $$;
CREATE OPERATOR public.= (LEFTARG = name, RIGHTARG = varchar, FUNCTION = public.same);
CREATE FUNCTION public.glued(name, text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM public.mark('||'); RETURN ''; END $$;
CREATE OPERATOR public.|| (LEFTARG = name, RIGHTARG = text, FUNCTION = public.glued);
CREATE TABLE public.users (id int PRIMARY KEY, name varchar(20) DEFAULT 'x', n name);
CREATE INDEX ON public.users (pg_catalog.lower(name::text));
CREATE VIEW public.pg_class AS SELECT public.mark('pg_class') AS oid;
CREATE VIEW public.pg_attribute AS SELECT public.mark('pg_attribute') AS oid;
)";

TEST_F(Faults, FunctionsOfAnAttackerInThePathDoNotRun) {
  auto& given = *server();
  const auto name = database(given, kMallory);
  const std::string url = given.url(name);
  // The attack works on a client that does not take care: else this test could not fail.
  {
    auto careless = postgres::Connection::open(url);
    ASSERT_TRUE(careless);
    ASSERT_TRUE(careless->execute("INSERT INTO users VALUES (1, 'A', 'n'); SELECT lower(name) FROM users"));
    const auto rows = careless->query("SELECT count(*) FROM owned");
    ASSERT_TRUE(rows);
    ASSERT_GT(rows->integer(0, 0), 0);
    ASSERT_TRUE(careless->execute("TRUNCATE owned; TRUNCATE users"));
  }
  write("target.sql", "CREATE TABLE public.users (id bigint PRIMARY KEY, name varchar(30) DEFAULT 'y', n name, more text);\n");
  write("migrations/1_a.up.sql", "CREATE TABLE public.a (i int);\n");
  write("migrations/1_a.down.sql", "DROP TABLE public.a;\n");
  write("migrations/2_b.up.sql",
        "-- section 1: no transaction, phase: expand\n-- step 1: index\nCREATE INDEX CONCURRENTLY a_i ON public.a (i);\n");
  write("migrations/2_b.down.sql", "DROP INDEX public.a_i;\n");
  const std::vector<std::string> on = {"--db", url, "--dir", home_ + "/migrations", "--no-input", "--allow", "all"};
  std::vector<std::vector<std::string>> commands = {{"inspect", url},
                                                    {"diff", url, home_ + "/target.sql"},
                                                    {"plan", url, home_ + "/target.sql", "--no-input", "--allow", "all"}};
  for (const std::vector<std::string>& action : std::vector<std::vector<std::string>>{
           {"status"}, {"verify"}, {"up"}, {"verify"}, {"status"}, {"down", "2"}, {"baseline", "1"}, {"repair"}}) {
    commands.push_back({"migrate"});
    commands.back().insert(commands.back().end(), action.begin(), action.end());
    commands.back().insert(commands.back().end(), on.begin(), on.end());
  }
  auto judge = postgres::Connection::open(url);
  ASSERT_TRUE(judge);
  for (const auto& command : commands) {
    const auto outcome = run(command);
    EXPECT_LE(outcome.code, 1) << join(command, " ") << "\n" << outcome.out << outcome.err;
    const auto rows = judge->query("SELECT string_agg(DISTINCT what, ', ') FROM owned");
    ASSERT_TRUE(rows);
    EXPECT_EQ(rows->text(0, 0), "") << join(command, " ");
  }
}

// A reader that was stopped in the middle of its queries tells what was there when it began, and runs nothing that took the place
// of what it read. (row 15, CVE-2024-7348)
TEST_F(Faults, WhatIsReplacedWhileItIsReadIsNotRun) {
  auto& given = *server();
  const auto name =
      database(given,
               "CREATE TABLE owned (i int); CREATE TABLE t (i int); CREATE VIEW seen AS SELECT 1 AS old_column;\n"
               "CREATE FUNCTION bad() RETURNS int LANGUAGE plpgsql AS 'BEGIN INSERT INTO owned VALUES (1); RETURN 1; END';");
  const std::string url = given.url(name);
  auto blocker = postgres::Connection::open(url);
  ASSERT_TRUE(blocker);
  int stopped = 0;
  const std::string how_it_waits =
      "SELECT a.backend_xmin IS NOT NULL, a.backend_xid IS NULL FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT "
      "l.granted";
  for (const auto* catalog : {"pg_policy", "pg_rewrite", "pg_statistic_ext", "pg_publication", "pg_ts_config"}) {
    SCOPED_TRACE(catalog);
    ASSERT_TRUE(
        blocker->execute("DROP TABLE IF EXISTS gone; DROP VIEW IF EXISTS seen; CREATE VIEW seen AS SELECT 1 AS old_column"));
    auto other = postgres::Connection::open(url);  // before the lock: a new session may need that catalog
    ASSERT_TRUE(other);
    ASSERT_TRUE(other->query(how_it_waits));  // the rules of the views are then known
    ASSERT_TRUE(other->query("SELECT FROM pg_locks WHERE NOT granted"));
    ASSERT_TRUE(other->query("SELECT count(*) FROM owned"));
    ASSERT_TRUE(blocker->execute(std::string("BEGIN; LOCK TABLE pg_catalog.") + catalog + " IN ACCESS EXCLUSIVE MODE"));
    Program program({"inspect", url}, home_ + "/inspect");
    const bool waits = eventually(
        [&] {
          const auto rows = other->query("SELECT FROM pg_locks WHERE NOT granted");
          return (rows && rows->size() > 0) || !program.running();
        },
        20);
    ASSERT_TRUE(waits);
    if (program.running()) {
      ++stopped;
      const auto how = other->query(how_it_waits);
      ASSERT_TRUE(how && how->size() > 0);
      EXPECT_TRUE(how->flag(0, 0)) << "it keeps no snapshot";
      EXPECT_TRUE(how->flag(0, 1)) << "it writes";
      // Whoever holds the lock replaces the view by a table with a default, in the same transaction.
      ASSERT_TRUE(blocker->execute("DROP VIEW seen; CREATE TABLE gone (new_column int DEFAULT bad())"));
    }
    ASSERT_TRUE(blocker->execute("COMMIT"));
    const auto outcome = program.wait();
    EXPECT_TRUE(outcome.code == 0 || outcome.out.empty()) << "half of a result: " << outcome.out << outcome.err;
    if (outcome.code == 0) {
      EXPECT_THAT(outcome.out, Not(HasSubstr("new_column"))) << "two moments in one result";
    }
    const auto ran = other->query("SELECT count(*) FROM owned");
    ASSERT_TRUE(ran);
    EXPECT_EQ(ran->integer(0, 0), 0);
  }
  EXPECT_GT(stopped, 0) << "no query was ever stopped: the test shows nothing";
}

// Passwords of URLs, of user mappings and of subscriptions, in every output of every command, and in every file. (row 19)
TEST_F(Faults, ACanaryPasswordIsInNoOutput) {
  const std::string canary = "canary7Q";
  auto& given = *server();
  const auto name =
      database(given,
               "CREATE EXTENSION postgres_fdw; CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'far');\n"
               "CREATE USER MAPPING FOR CURRENT_USER SERVER far OPTIONS (user 'me', password 'canary7Q');\n"
               "CREATE SUBSCRIPTION sub_" +
                   std::to_string(getpid()) +
                   " CONNECTION 'host=far password=canary7Q' PUBLICATION p WITH (connect = false);\n"
                   "CREATE TABLE t (i int);");
  const std::string good = given.url(name) + " password=" + canary;
  const std::string socket = given.url(name).substr(5, given.url(name).find(' ') - 5);
  const std::vector<std::string> urls = {
      good,
      given.url("there_is_none") + " password=" + canary,
      "postgres://nobody:" + canary + "@127.0.0.1:1/shop?connect_timeout=2",
      "postgresql://nobody:" + canary + "@no-such-host.invalid/shop",
      "postgres://nobody:" + canary + "@/shop?host=" + socket + "&wrong=1",
      "host=" + socket + " port=5432 dbname=x user=nobody password=" + canary,
      "host=" + socket + " password='" + canary + "' nonsense",
  };
  write("a.sql", "CREATE TABLE t (i int, j int);\n");
  write("migrations/1_a.up.sql", "CREATE TABLE a (i int);\nSELECT 1/0;\n");
  std::vector<std::vector<std::string>> commands;
  for (const auto& url : urls) {
    commands.push_back({"inspect", url});
    commands.push_back({"diff", url, home_ + "/a.sql"});
    commands.push_back(
        {"plan", home_ + "/a.sql", url, "--no-input", "--allow", "all", "--name", "x", "-o", home_ + "/out", "--force"});
    commands.push_back({"prove", url, home_ + "/a.sql"});
    commands.push_back({"inspect", home_ + "/a.sql", "--server", url});
    for (const auto* action : {"up", "down", "status", "verify", "redo", "repair"})
      commands.push_back({"migrate", action, "--db", url, "--dir", home_ + "/migrations", "--no-input"});
  }
  const size_t plain = commands.size();
  for (size_t i = 0; i < plain; ++i) {
    commands.push_back(commands[i]);
    commands.back().emplace_back("--json");
  }
  for (const auto& command : commands) {
    const auto outcome = run(command);
    EXPECT_THAT(outcome.out, Not(HasSubstr(canary))) << join(command, " ");
    EXPECT_THAT(outcome.err, Not(HasSubstr(canary))) << join(command, " ");
    EXPECT_NE(outcome.code, 127);
  }
  for (const auto& entry : fs::recursive_directory_iterator(home_)) {
    if (entry.is_regular_file()) {
      EXPECT_THAT(read_file(entry.path()), Not(HasSubstr(canary))) << entry.path();
    }
  }
  auto clean = postgres::Connection::open(given.url(name));
  ASSERT_TRUE(clean);
  const std::string sub = "sub_" + std::to_string(getpid());
  (void)clean->execute("ALTER SUBSCRIPTION " + sub + " SET (slot_name = NONE)");
  (void)clean->execute("DROP SUBSCRIPTION " + sub);
}

}  // namespace
}  // namespace pga::testing
