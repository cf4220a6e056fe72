// Killed anywhere, whatever way: the next run ends in the same state as one that was never disturbed. (reliability.md, rows 1 to
// 4)
//
// The stopping is done from outside: a trigger on the history's own journal waits for an advisory lock that the test holds, at
// the n-th statement. The program knows nothing of it.
#include "migrate/runner_harness.h"
#include "postgres/server.h"

namespace pga::migrate {
namespace {
using ::testing::HasSubstr;

// Twelve steps in six sections, in and outside of transactions. `effects` counts what must happen exactly once.
constexpr const char* kTwelve = R"(-- section 1: transaction, phase: expand
-- step 1: table public.orders
CREATE TABLE public.orders (id int, email text, total int);
-- step 2: rows
INSERT INTO public.orders SELECT i, 'u' || i, i FROM generate_series(1, 500) i;
-- step 3: effect
INSERT INTO public.effects VALUES ('one');
-- section 2: no transaction, phase: expand
-- step 1: index public.orders_id
CREATE UNIQUE INDEX CONCURRENTLY orders_id ON public.orders (id);
-- step 2: index public.orders_email
CREATE INDEX CONCURRENTLY orders_email ON public.orders (email);
-- section 3: transaction, phase: expand
-- step 1: effect
INSERT INTO public.effects VALUES ('two');
-- step 2: constraint
-- step: strong-lock
ALTER TABLE public.orders ADD CONSTRAINT orders_pkey PRIMARY KEY USING INDEX orders_id;
-- section 4: no transaction, phase: migrate-data
-- step 1: type
ALTER TYPE public.mood ADD VALUE 'mad';
-- step 2: backfill
-- step: batched
DO $$ BEGIN UPDATE public.orders SET total = -1 WHERE id <= 250 AND total > 0; COMMIT; UPDATE public.orders SET total = -1 WHERE total > 0; END $$;
-- section 5: transaction, phase: contract
-- step 1: effect
INSERT INTO public.effects VALUES ('three');
-- section 6: no transaction, phase: contract
-- step 1: index
DROP INDEX CONCURRENTLY public.orders_email;
-- step 2: index
REINDEX INDEX CONCURRENTLY public.orders_pkey;
)";

constexpr const char* kStop = R"(
CREATE TABLE pgarchitect.stop_at (n int);
CREATE SEQUENCE pgarchitect.stop_count;
CREATE FUNCTION pgarchitect.stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF nextval('pgarchitect.stop_count') = (SELECT n FROM pgarchitect.stop_at) THEN PERFORM pg_advisory_xact_lock(77); END IF;
  RETURN NEW; END $$;
CREATE TRIGGER stop_before BEFORE INSERT ON pgarchitect.journal FOR EACH ROW EXECUTE FUNCTION pgarchitect.stop();
CREATE TRIGGER stop_after AFTER INSERT ON pgarchitect.journal FOR EACH ROW EXECUTE FUNCTION pgarchitect.stop();
)";
constexpr int kBoundaries = 24;  // before and after the journal entry of each of the twelve statements

class Killed : public Runners {
 protected:
  void SetUp() override {
    Runners::SetUp();
    if (server_ == nullptr) return;
    file("1_ground.up.sql", "CREATE TABLE effects (name text);\nCREATE TYPE mood AS ENUM ('sad');\n");
    ASSERT_EQ(migrate({"up"}).code, 0);
    file("2_twelve.up.sql", kTwelve);
    model_ = database_;
    fresh(model_);
    const auto clean = migrate({"up"});
    ASSERT_EQ(clean.code, 0) << show(clean);
    clean_ = dump();
    ASSERT_EQ(sql("SELECT count(*) FROM pgarchitect.journal WHERE version = '2'"), "12");
    fresh(model_);
    ASSERT_EQ(sql(kStop), "");
    model_ = database_;
  }
  // Runs until statement boundary n is reached, and hands the stopped program over.
  void at_boundary(int n, const std::function<void(Program&, int backend)>& strike) {
    fresh(model_);
    sql("INSERT INTO pgarchitect.stop_at VALUES (" + std::to_string(n) + ")");
    auto holder = connect();
    ASSERT_TRUE(holder.execute("SELECT pg_advisory_lock(77)"));
    auto program = start({"up"});
    auto watch = connect();
    std::string backend;
    const bool stopped = eventually([&] {
      const auto rows = watch.query("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 77 AND NOT granted");
      if (rows && rows->size() == 1) backend = rows->text(0, 0);
      return !backend.empty() || !program.running();
    });
    ASSERT_TRUE(stopped && !backend.empty()) << "never came to boundary " << n << "\n" << show(program.wait());
    strike(program, std::atoi(backend.c_str()));
    ASSERT_TRUE(holder.execute("SELECT pg_advisory_unlock_all()"));
  }
  void expect_whole_after_running_again(int n) {
    const auto again = migrate({"up"});
    EXPECT_EQ(again.code, 0) << "boundary " << n << "\n" << show(again);
    EXPECT_EQ(dump(), clean_) << "boundary " << n;
    EXPECT_EQ(sql("SELECT count(*) FROM effects"), "3") << "boundary " << n;
    EXPECT_EQ(sql("SELECT count(*) FROM pgarchitect.journal WHERE version = '2'"), "12") << "boundary " << n;
    EXPECT_EQ(sql("SELECT count(*) FROM pg_index WHERE NOT indisvalid"), "0") << "boundary " << n;
    EXPECT_EQ(migrate({"verify"}).code, 0) << "boundary " << n;
  }
  std::string model_, clean_;
};

TEST_F(Killed, TheProgramAtEveryStatementBoundary) {
  for (int n = 1; n <= kBoundaries; ++n) {
    at_boundary(n, [](Program& program, int) {
      program.kill(SIGKILL);
      EXPECT_EQ(program.wait().code, 128 + SIGKILL);
    });
    if (HasFatalFailure()) return;
    expect_whole_after_running_again(n);
  }
}

TEST_F(Killed, TheServerProcessAtEveryOtherBoundary) {
  for (int n = 1; n <= kBoundaries; n += 2) {
    at_boundary(n, [&](Program& program, int backend) {
      EXPECT_EQ(sql("SELECT pg_terminate_backend(" + std::to_string(backend) + ")"), "t");
      const auto outcome = program.wait();
      EXPECT_EQ(outcome.code, 6) << show(outcome);
      EXPECT_THAT(outcome.err, HasSubstr("[connection-lost]"));
    });
    if (HasFatalFailure()) return;
    expect_whole_after_running_again(n);
  }
}

TEST_F(Killed, CtrlCRollsBackSaysHowToGoOnAndExits130) {
  for (const int n : {1, 7, 10, 14, 17, 22}) {
    at_boundary(n, [](Program& program, int) {
      program.kill(SIGINT);
      const auto outcome = program.wait();
      EXPECT_EQ(outcome.code, 130) << show(outcome);
      EXPECT_THAT(outcome.err, HasSubstr("[interrupted]"));
      EXPECT_THAT(outcome.err, HasSubstr("goes on from there"));
    });
    if (HasFatalFailure()) return;
    EXPECT_EQ(sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), "0");  // given back
    expect_whole_after_running_again(n);
  }
}

// One transaction: killed inside of it, nothing at all is left, and nothing is "dirty".
TEST_F(Killed, ASingleTransactionLeavesNoTrace) {
  at_boundary(5, [](Program& program, int) {
    program.kill(SIGKILL);
    (void)program.wait();
  });
  ASSERT_TRUE(eventually([&] { return sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == "0"; }));
  EXPECT_EQ(sql("SELECT count(*) FROM pgarchitect.migration WHERE version = '2'"), "0");
  const auto status = migrate({"status"});
  EXPECT_EQ(status.code, 1) << show(status);
  EXPECT_THAT(status.out, HasSubstr("1 applied, 1 pending"));
}

// What cannot be told from the catalog is asked, with both answers at hand.
TEST_F(Killed, ABlockOfUnknownOutcomeIsForAPersonToDecide) {
  file("2_twelve.up.sql",
       "-- section 1: no transaction, phase: expand\n-- step 1: block\nDO $$ BEGIN INSERT INTO public.effects VALUES ('x'); END "
       "$$;\n");
  for (const auto* answer : {"step-done", "step-again"}) {
    at_boundary(1, [](Program& program, int) {
      program.kill(SIGKILL);
      (void)program.wait();
    });
    const auto asked = migrate({"up"});
    EXPECT_EQ(asked.code, 7) << show(asked);
    EXPECT_THAT(asked.err, HasSubstr("[unknown-outcome]"));
    EXPECT_THAT(migrate({"repair"}).out, HasSubstr(answer));
    EXPECT_EQ(migrate({"repair", answer}).code, 0);
    EXPECT_EQ(migrate({"up"}).code, 0);
    EXPECT_EQ(sql("SELECT count(*) FROM effects"), std::string(answer) == "step-done" ? "1" : "2");
  }
}

// A server of our own whose postmaster can be killed and started again.
class CrashingServer : public Killed {};

TEST_F(CrashingServer, ThePostmasterIsKilledInTheMiddle) {
  const auto programs = postgres::find_programs();
  const auto it = std::ranges::find(programs, 15, &postgres::Programs::major);
  if (it == programs.end()) GTEST_SKIP() << "no PostgreSQL 15 on this machine";
  const bool root = getuid() == 0;
  if (root && std::system("id postgres >/dev/null 2>&1") != 0) GTEST_SKIP() << "no user postgres to run a server as";
  const std::string home = "/tmp/pga_crash_" + std::to_string(getpid());
  const std::string as = root ? "runuser -u postgres -- " : "";
  const auto shell = [&](const std::string& command) { return std::system((command + " >>" + home + ".log 2>&1").c_str()); };
  ASSERT_EQ(shell("mkdir -m 700 " + home + (root ? " && chown postgres " + home : "")), 0);
  ASSERT_EQ(shell(as + it->bin + "/initdb -D " + home + "/data -A trust -U postgres -N"), 0);
  const std::string up =
      as + it->bin + "/pg_ctl -D " + home + "/data -l " + home + "/log -o \"-k " + home + " -c listen_addresses=''\" -w start";
  ASSERT_EQ(shell(up), 0);
  for (const int n : {4, 8, 10, 16, 17, 22}) {
    url_ = "host=" + home + " user=postgres dbname=postgres";
    sql("DROP DATABASE IF EXISTS crash");
    sql("CREATE DATABASE crash");
    url_ = "host=" + home + " user=postgres dbname=crash";
    ASSERT_EQ(migrate({"up", "1"}).code, 0);
    ASSERT_EQ(sql(kStop), "");
    sql("INSERT INTO pgarchitect.stop_at VALUES (" + std::to_string(n) + ")");
    auto holder = connect();
    ASSERT_TRUE(holder.execute("SELECT pg_advisory_lock(77)"));
    auto program = start({"up"});
    ASSERT_TRUE(
        eventually([&] { return sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") == "1"; }));
    const std::string pid = split(testing::read_file(home + "/data/postmaster.pid"), '\n').front();
    ASSERT_EQ(::kill(std::atoi(pid.c_str()), SIGKILL), 0);
    const auto outcome = program.wait();
    EXPECT_EQ(outcome.code, 6) << show(outcome);
    // Its children end by themselves, and only then another may use the folder.
    ASSERT_TRUE(eventually([&] { return shell(up) == 0; }));
    expect_whole_after_running_again(n);
  }
  shell(as + it->bin + "/pg_ctl -D " + home + "/data -m immediate stop");
  std::filesystem::remove_all(home);
  std::filesystem::remove(home + ".log");
}

}  // namespace
}  // namespace pga::migrate
