// Several runners, several sessions: each step runs exactly once, nobody waits for long, nobody believes in a lock that is not
// there. (reliability.md, rows 5, 7, 8 and 9)
#include <atomic>
#include <thread>

#include "migrate/runner_harness.h"

namespace pga::migrate {
namespace {
using ::testing::HasSubstr;
using ::testing::Not;
using Clock = std::chrono::steady_clock;

class Locks : public Runners {};

TEST_F(Locks, EightRunnersRaceAndEachStepRunsOnce) {
  file("1_a.up.sql", "CREATE TABLE effects (name text);\nINSERT INTO effects VALUES ('a');\n");
  file("2_b.up.sql",
       "-- section 1: no transaction, phase: expand\n-- step 1: index\nCREATE INDEX CONCURRENTLY effects_name ON public.effects "
       "(name);\n"
       "-- section 2: transaction, phase: expand\n-- step 1: rows\nINSERT INTO public.effects VALUES ('b');\n");
  for (int round = 0; round < 20; ++round) {
    fresh();  // without a history: its making is raced as well
    std::vector<Program> programs;
    for (int i = 0; i < 8; ++i) programs.push_back(start({"up"}));
    for (auto& program : programs) {
      const auto outcome = program.wait();
      EXPECT_EQ(outcome.code, 0) << "round " << round << "\n" << show(outcome);
    }
    EXPECT_EQ(sql("SELECT string_agg(name, '' ORDER BY name) FROM effects"), "ab");
    EXPECT_EQ(sql("SELECT string_agg(what || version, ',' ORDER BY id) FROM pgarchitect.log"), "up1,up2");
    EXPECT_EQ(sql("SELECT token FROM pgarchitect.runner"), "8");  // each took the lock once
  }
}

TEST_F(Locks, AnotherRunnerIsWaitedForOnlySoLong) {
  file("1_a.up.sql", "CREATE TABLE a (i int);\n");
  auto holder = connect();
  ASSERT_TRUE(holder.execute("SET application_name = 'old deploy'; SELECT pg_advisory_lock(1885823346, 1)"));
  const auto outcome = migrate({"up", "--wait", "400ms"});
  EXPECT_EQ(outcome.code, 7) << show(outcome);
  EXPECT_THAT(outcome.err, HasSubstr("[lock-held]"));
  EXPECT_THAT(outcome.err, HasSubstr("pid " + std::to_string(holder.backend_pid())));
  EXPECT_THAT(outcome.err, HasSubstr("old deploy"));
  EXPECT_EQ(sql("SELECT to_regclass('a') IS NULL"), "t");
  auto patient = start({"up"});
  sleep_ms(300);
  ASSERT_TRUE(holder.execute("SELECT pg_advisory_unlock_all()"));
  EXPECT_EQ(patient.wait().code, 0);
}

// Somebody took over between two sections: the old runner writes nothing any more.
TEST_F(Locks, AnOldRunnerIsFencedOff) {
  file("1_a.up.sql",
       "CREATE TABLE a (i int);\n-- section 2: no transaction, phase: expand\nDO $$ BEGIN PERFORM pg_advisory_xact_lock(78); END "
       "$$;\n"
       "-- section 3: transaction, phase: expand\nCREATE TABLE b (i int);\n");
  auto holder = connect();
  ASSERT_TRUE(holder.execute("SELECT pg_advisory_lock(78)"));
  auto program = start({"up"});
  ASSERT_TRUE(eventually([&] { return sql("SELECT count(*) FROM pg_locks WHERE objid = 78 AND NOT granted") == "1"; }));
  sql("UPDATE pgarchitect.runner SET token = token + 1");
  ASSERT_TRUE(holder.execute("SELECT pg_advisory_unlock_all()"));
  const auto outcome = program.wait();
  EXPECT_EQ(outcome.code, 7) << show(outcome);
  EXPECT_THAT(outcome.err, HasSubstr("[lock-lost]"));
  EXPECT_EQ(sql("SELECT to_regclass('b') IS NULL"), "t");
}

// A live application beside a long reader: while ALTER TABLE waits behind the reader, everybody would wait behind ALTER TABLE.
TEST_F(Locks, ALongReaderStallsTheApplicationNoLongerThanTheTimeout) {
  file("1_a.up.sql", "CREATE TABLE live (i int, j int);\nCREATE TABLE other (i int);\nINSERT INTO live VALUES (1, 1);\n");
  ASSERT_EQ(migrate({"up"}).code, 0);
  file("2_b.up.sql",
       "-- section 1: transaction, phase: expand\n-- step 1: column\n-- step: strong-lock\nALTER TABLE public.other ADD COLUMN j "
       "int;\n"
       "-- step 2: column\n-- step: strong-lock\nALTER TABLE public.live ADD COLUMN k int;\n");
  auto reader = connect();
  ASSERT_TRUE(reader.execute("BEGIN; SELECT * FROM live"));
  std::atomic<bool> stop{false};
  std::atomic<long> worst_us{0};
  std::atomic<long> calls{0};
  const auto application = [&](const std::string& statement) {
    auto connection = connect();
    while (!stop) {
      const auto begin = Clock::now();
      if (!connection.execute(statement)) break;
      const long us = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begin).count();
      for (long seen = worst_us; us > seen && !worst_us.compare_exchange_weak(seen, us);) {
      }
      ++calls;
      sleep_ms(2);
    }
  };
  std::thread selects(application, "SELECT i FROM live LIMIT 1");
  std::thread inserts(application, "INSERT INTO live (i) VALUES (2)");
  std::thread others(application, "SELECT i FROM other");  // locked first, and held while the second lock is waited for
  auto program = start({"up", "--lock-timeout", "200ms"});
  sleep_ms(3000);
  EXPECT_TRUE(program.running());
  const long calls_while_waiting = calls;
  ASSERT_TRUE(reader.execute("COMMIT"));
  const auto outcome = program.wait();
  stop = true;
  selects.join();
  inserts.join();
  others.join();
  EXPECT_EQ(outcome.code, 0) << show(outcome);
  EXPECT_GT(calls_while_waiting, 200);
  EXPECT_LE(worst_us, 250000) << "microseconds; lock_timeout is 200 ms";
  RecordProperty("worst_stall_us", static_cast<int>(worst_us));
  std::fprintf(stderr, "worst stall of the application: %ld ms in %ld calls\n", worst_us / 1000, calls.load());
}

TEST_F(Locks, WhoIsInTheWayIsNamedAndTriesAreBounded) {
  file("1_a.up.sql", "CREATE TABLE live (i int);\n");
  ASSERT_EQ(migrate({"up"}).code, 0);
  file("2_b.up.sql", "ALTER TABLE live ADD COLUMN j int;\n");
  auto reader = connect();
  ASSERT_TRUE(reader.execute("SET application_name = 'nightly report'; BEGIN; SELECT 'secret text', * FROM live"));
  const std::string before = dump();
  const auto outcome = migrate({"up", "--lock-timeout", "150ms", "--lock-tries", "3"});
  EXPECT_EQ(outcome.code, 7) << show(outcome);
  EXPECT_THAT(outcome.err, HasSubstr("[lock-timeout]"));
  EXPECT_THAT(outcome.err, HasSubstr("pid " + std::to_string(reader.backend_pid())));
  EXPECT_THAT(outcome.err, HasSubstr("nightly report, idle in transaction, transaction since"));
  EXPECT_THAT(outcome.err, Not(HasSubstr("secret")));
  ASSERT_TRUE(reader.execute("COMMIT"));
  EXPECT_EQ(dump(), before);
  EXPECT_EQ(migrate({"up"}).code, 0);
}

// PgBouncer in front of the server, in the given mode.
class Pooler {
 public:
  Pooler(const postgres::Server& server, const std::string& home, const std::string& mode, int port,
         const std::string& more = "default_pool_size = 5\n")
      : home_(home) {
    std::filesystem::permissions(home, std::filesystem::perms::all);
    const std::string url = server.url("postgres");
    const auto socket = url.find("host="), end = url.find_first_of(" '", socket + 6);
    std::string folder = url.substr(socket + 5, end - socket - 5);
    if (folder.starts_with("'")) folder.erase(0, 1);
    std::ofstream(home + "/users") << "\"" << server.superuser() << "\" \"\"\n";
    std::ofstream(home + "/pgbouncer.ini") << "[databases]\n* = host=" << folder << " port=" << port_of(url)
                                           << "\n[pgbouncer]\nlisten_addr =\nlisten_port = " << port
                                           << "\nunix_socket_dir = " << home << "\nauth_type = trust\nauth_file = " << home
                                           << "/users\npool_mode = " << mode << "\nlogfile = " << home
                                           << "/log\npidfile = " << home << "/pid\n"
                                           << "max_client_conn = 50\n"
                                           << more;
    for (const auto* name : {"/users", "/pgbouncer.ini"})
      std::filesystem::permissions(home + name, std::filesystem::perms::others_read, std::filesystem::perm_options::add);
    const std::string as = getuid() == 0 ? "runuser -u postgres -- " : "";
    started_ = std::system((as + "/usr/sbin/pgbouncer -d " + home + "/pgbouncer.ini >" + home + "/out 2>&1").c_str()) == 0 &&
               // It goes to the background before it listens.
               eventually([&] { return std::filesystem::exists(home + "/.s.PGSQL." + std::to_string(port)); }, 10);
  }
  ~Pooler() {
    const int pid = std::atoi(testing::read_file(home_ + "/pid").c_str());
    if (pid <= 0) return;
    ::kill(pid, SIGINT);
    // The next one takes over its socket.
    for (int i = 0; i < 200 && ::kill(pid, 0) == 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  bool started() const { return started_; }

 private:
  static std::string port_of(const std::string& url) {
    const auto at = url.find("port=");
    return at == std::string::npos ? "5432" : std::to_string(std::atoi(url.c_str() + at + 5 + (url[at + 5] == '\'' ? 1 : 0)));
  }
  std::string home_;
  bool started_ = false;
};

class Pooled : public Runners {
 protected:
  void SetUp() override {
    Runners::SetUp();
    if (!std::filesystem::exists("/usr/sbin/pgbouncer")) GTEST_SKIP() << "no pgbouncer here (apt-get install pgbouncer)";
    if (server_ != nullptr) file("1_a.up.sql", "CREATE TABLE a (i int);\n");
  }
};

TEST_F(Pooled, ATransactionPoolerIsRefusedAndNothingIsDone) {
  for (const std::string mode : {"transaction", "statement"}) {
    const Pooler pooler(*server_, home(), mode, 16432);
    ASSERT_TRUE(pooler.started()) << testing::read_file(home() + "/out") << testing::read_file(home() + "/log");
    const std::string direct = url_;
    url_ = "host=" + home() + " port=16432 dbname=" + database_ + " user=" + server_->superuser();
    const auto outcome = migrate({"up"});
    EXPECT_EQ(outcome.code, 6) << mode << show(outcome) << testing::read_file(home() + "/log");
    EXPECT_THAT(outcome.err, HasSubstr("[transaction-pooler]"));
    EXPECT_THAT(outcome.err, HasSubstr("direct URL"));
    // Also with other clients at work, whose server sessions stand in the pool.
    std::vector<Program> busy;
    for (int i = 0; i < 3; ++i) busy.push_back(start({"up"}));
    for (auto& one : busy) EXPECT_THAT(one.wait().err, HasSubstr("[transaction-pooler]"));
    url_ = direct;
    EXPECT_EQ(sql("SELECT to_regclass('a') IS NULL AND to_regnamespace('pgarchitect') IS NULL"), "t");
    EXPECT_EQ(sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), "0");
    sleep_ms(100);
  }
}

TEST_F(Pooled, ASessionPoolerIsFine) {
  const Pooler pooler(*server_, home(), "session", 16433);
  ASSERT_TRUE(pooler.started()) << testing::read_file(home() + "/out");
  url_ = "host=" + home() + " port=16433 dbname=" + database_ + " user=" + server_->superuser();
  const auto outcome = migrate({"up"});
  EXPECT_EQ(outcome.code, 0) << show(outcome) << testing::read_file(home() + "/log");
}

// One server session for all clients, and no reset in between: what the runner sets would be the next client's. (row 8)
TEST_F(Pooled, NothingThatWasSetIsLeftForTheNextClient) {
  const std::string every =
      "SELECT string_agg(name || '=' || setting, ' ' ORDER BY name) FROM pg_settings WHERE source = 'session'";
  for (const bool fails : {false, true}) {
    fresh();
    const Pooler pooler(*server_, home(), "session", fails ? 16435 : 16434, "default_pool_size = 1\nserver_reset_query =\n");
    ASSERT_TRUE(pooler.started()) << testing::read_file(home() + "/out");
    url_ = "host=" + home() + " port=" + (fails ? "16435" : "16434") + " dbname=" + database_ + " user=" + server_->superuser();
    const std::string before = sql(every), pid = sql("SELECT pg_backend_pid()");
    session_.reset();  // gives the one session back; not close_session(), which would end it
    file("1_a.up.sql",
         "CREATE TABLE public.a (i int);\n-- section 2: no transaction, phase: expand\n-- step 1: index\nCREATE INDEX "
         "CONCURRENTLY a_i ON public.a (i);\n" +
             std::string(fails ? "SELECT 1/0;\n" : ""));
    const auto outcome = migrate({"up", "--lock-timeout", "300ms", "--statement-timeout", "30s"});
    EXPECT_EQ(outcome.code, fails ? 3 : 0) << show(outcome);
    EXPECT_EQ(sql(every), before);
    if (!fails) {
      EXPECT_EQ(sql("SELECT pg_backend_pid()"), pid) << "another session: this shows nothing";
    }
    EXPECT_EQ(sql("SHOW lock_timeout"), "0");
    EXPECT_EQ(sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), "0");
    session_.reset();
  }
}

}  // namespace
}  // namespace pga::migrate
