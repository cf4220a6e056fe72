// CREATE INDEX CONCURRENTLY, killed in each of its phases: the invalid index is dropped and built again, never kept and never
// called done. (reliability.md, rows 1, 2 and 6) Phases are reached by transactions that the test holds open.
#include "migrate/runner_harness.h"

namespace pga::migrate {
namespace {
using ::testing::HasSubstr;

class ConcurrentIndex : public Runners {
 protected:
  void SetUp() override {
    Runners::SetUp();
    if (server_ == nullptr) return;
    file("1_users.up.sql",
         "CREATE TABLE users (id int, email text);\nINSERT INTO users SELECT i, 'u' || i FROM generate_series(1, 2000) i;\n");
    ASSERT_EQ(migrate({"up"}).code, 0);
    file("2_index.up.sql",
         "-- section 1: no transaction, phase: expand\n-- step 1: index public.users_email\n"
         "CREATE INDEX CONCURRENTLY users_email ON public.users (email);\n");
    model_ = database_;
  }
  std::string phase() const { return sql("SELECT phase || ' ' || lockers_total FROM pg_stat_progress_create_index"); }
  std::string invalid() const { return sql("SELECT count(*) FROM pg_index WHERE NOT indisvalid"); }

  // Opens what makes the build stop at `wanted`, runs until there, strikes, lets go, and runs again.
  void in_phase(const std::string& wanted, const std::function<void(Program&)>& strike) {
    SCOPED_TRACE(wanted);
    fresh(model_);
    auto writer = connect(), reader = connect();
    // A writer of the table is waited for before the build; one that comes during the build before the validation; an old
    // snapshot at the very end.
    if (wanted == "waiting for writers before build") {
      ASSERT_TRUE(writer.execute("BEGIN; INSERT INTO users VALUES (0, 'w')"));
    } else if (wanted == "waiting for old snapshots") {
      ASSERT_TRUE(reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1 FROM pg_class"));
    } else if (wanted == "waiting for writers before validation") {
      // Stops it before the build first; while it waits, a second writer comes that the next wait will see.
      ASSERT_TRUE(writer.execute("BEGIN; INSERT INTO users VALUES (0, 'w')"));
    }
    auto program = start({"up"});
    if (wanted == "waiting for writers before validation") {
      ASSERT_TRUE(eventually([&] { return phase().starts_with("waiting for writers before build"); })) << phase();
      ASSERT_TRUE(reader.execute("BEGIN; INSERT INTO users VALUES (0, 'x')"));
      ASSERT_TRUE(writer.execute("COMMIT"));
    }
    ASSERT_TRUE(eventually([&] { return phase().starts_with(wanted); })) << phase() << "\n"
                                                                         << (program.running() ? "" : show(program.wait()));
    strike(program);
    (void)writer.execute("ROLLBACK");
    (void)reader.execute("ROLLBACK");
    const auto again = migrate({"up"});
    EXPECT_EQ(again.code, 0) << show(again);
    EXPECT_EQ(invalid(), "0");
    EXPECT_EQ(sql("SELECT count(*) FROM pg_index WHERE indexrelid = 'users_email'::regclass AND indisvalid"), "1");
    EXPECT_EQ(sql("SELECT state FROM pgarchitect.migration WHERE version = '2'"), "applied");
    EXPECT_EQ(sql("SELECT count(*) FROM pg_class WHERE relname LIKE 'users_email%'"), "1");
    EXPECT_EQ(migrate({"verify"}).code, 0);
  }
  static constexpr const char* kPhases[] = {"waiting for writers before build", "waiting for writers before validation",
                                            "waiting for old snapshots"};
  std::string model_;
};

TEST_F(ConcurrentIndex, TheServerProcessIsEndedInEachPhase) {
  for (const auto* phase : kPhases) {
    in_phase(phase, [&](Program& program) {
      sql("SELECT pg_terminate_backend(pid) FROM pg_stat_progress_create_index");
      EXPECT_EQ(program.wait().code, 6);
      EXPECT_EQ(invalid(), "1");
    });
    if (HasFatalFailure()) return;
  }
}

// The server goes on with the build although nobody waits for it; the next runner waits for the lock, and finds it done.
TEST_F(ConcurrentIndex, TheProgramIsKilledInEachPhase) {
  for (const auto* phase : kPhases) {
    in_phase(phase, [&](Program& program) {
      program.kill(SIGKILL);
      EXPECT_EQ(program.wait().code, 128 + SIGKILL);
    });
    if (HasFatalFailure()) return;
  }
}

TEST_F(ConcurrentIndex, CtrlCInEachPhase) {
  for (const auto* phase : kPhases) {
    in_phase(phase, [&](Program& program) {
      program.kill(SIGINT);
      const auto outcome = program.wait();
      EXPECT_EQ(outcome.code, 130) << show(outcome);
    });
    if (HasFatalFailure()) return;
  }
}

TEST_F(ConcurrentIndex, AStatementTimeoutLeavesNoInvalidIndex) {
  fresh(model_);
  auto writer = connect();
  ASSERT_TRUE(writer.execute("BEGIN; INSERT INTO users VALUES (0, 'w')"));
  auto program = start({"up", "--statement-timeout", "700ms"});
  ASSERT_TRUE(eventually([&] { return invalid() == "1"; }));
  sleep_ms(800);  // past the timeout; its own cleanup waits for the writer as well
  ASSERT_TRUE(writer.execute("COMMIT"));
  const auto failed = program.wait();
  EXPECT_EQ(failed.code, 3) << show(failed);
  EXPECT_THAT(failed.err, HasSubstr("57014"));
  EXPECT_EQ(migrate({"up"}).code, 0);
  EXPECT_EQ(invalid(), "0");
}

// A lock_timeout that the role or the database brings along, or the file itself sets: whether it strikes or not, nothing invalid
// stays.
TEST_F(ConcurrentIndex, ALockTimeoutLeavesNoInvalidIndex) {
  for (const bool by_file : {false, true}) {
    fresh(model_);
    if (by_file)
      file("2_index.up.sql",
           "-- section 1: no transaction, phase: expand\n-- step 1: setting\nSET lock_timeout = '200ms';\n-- step 2: index\n"
           "CREATE INDEX CONCURRENTLY users_email ON public.users (email);\n");
    else
      sql("ALTER DATABASE " + database_ + " SET lock_timeout = '200ms'");
    auto writer = connect();
    ASSERT_TRUE(writer.execute("BEGIN; INSERT INTO users VALUES (0, 'w')"));
    auto program = start({"up"});
    ASSERT_TRUE(eventually([&] { return phase().starts_with("waiting") || !program.running(); }));
    sleep_ms(500);
    ASSERT_TRUE(writer.execute("COMMIT"));
    const auto first = program.wait();
    const auto again = migrate({"up"});
    EXPECT_EQ(again.code, 0) << show(first) << show(again);
    EXPECT_EQ(invalid(), "0");
    EXPECT_EQ(sql("SELECT string_agg(relname, ',') FROM pg_class WHERE relname LIKE 'users_email%'"), "users_email");
  }
}

TEST_F(ConcurrentIndex, RowsThatAreNotUniqueLeaveNoInvalidIndex) {
  fresh(model_);
  sql("INSERT INTO users VALUES (1, 'u1')");
  file("2_index.up.sql",
       "-- section 1: no transaction, phase: expand\n-- step 1: index\nCREATE UNIQUE INDEX CONCURRENTLY users_email ON "
       "public.users (email);\n");
  const auto failed = migrate({"up"});
  EXPECT_EQ(failed.code, 3) << show(failed);
  EXPECT_THAT(failed.err, HasSubstr("23505"));
  EXPECT_EQ(invalid(), "0");
  sql("DELETE FROM users WHERE ctid = (SELECT max(ctid) FROM users)");
  EXPECT_EQ(migrate({"up"}).code, 0);
}

// Someone's earlier try by hand is no reason to call it done (IF NOT EXISTS would).
TEST_F(ConcurrentIndex, AnInvalidLeftoverOfSomebodyElseIsBuiltAgain) {
  fresh(model_);
  sql("INSERT INTO users VALUES (1, 'u1')");
  EXPECT_THAT(sql("CREATE UNIQUE INDEX CONCURRENTLY users_email ON users (email)"), HasSubstr("ERROR"));
  ASSERT_EQ(invalid(), "1");
  file("2_index.up.sql",
       "-- section 1: no transaction, phase: expand\n-- step 1: index\nCREATE INDEX CONCURRENTLY IF NOT EXISTS users_email ON "
       "public.users (email);\n");
  const auto done = migrate({"up", "--allow", "drift"});
  EXPECT_EQ(done.code, 0) << show(done);
  EXPECT_EQ(invalid(), "0");
}

TEST_F(ConcurrentIndex, ReindexLeavesNothingBehind) {
  fresh(model_);
  sql("CREATE INDEX users_email ON users (email)");
  file("2_index.up.sql",
       "-- section 1: no transaction, phase: expand\n-- step 1: index\nREINDEX INDEX CONCURRENTLY public.users_email;\n");
  auto writer = connect();
  ASSERT_TRUE(writer.execute("BEGIN; INSERT INTO users VALUES (0, 'w')"));
  auto program = start({"up", "--allow", "drift"});
  ASSERT_TRUE(eventually([&] { return invalid() == "1"; }));
  sql("SELECT pg_terminate_backend(pid) FROM pg_stat_progress_create_index");
  EXPECT_EQ(program.wait().code, 6);
  ASSERT_TRUE(writer.execute("COMMIT"));
  EXPECT_EQ(sql("SELECT count(*) FROM pg_class WHERE relname = 'users_email_ccnew'"), "1");
  const auto again = migrate({"up"});
  EXPECT_EQ(again.code, 0) << show(again);
  EXPECT_EQ(sql("SELECT string_agg(relname, ',') FROM pg_class WHERE relname LIKE 'users_email%'"), "users_email");
  EXPECT_EQ(invalid(), "0");
}

TEST_F(ConcurrentIndex, ADetachThatIsPendingIsFinished) {
  fresh(model_);
  sql("CREATE TABLE p (i int) PARTITION BY LIST (i); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)");
  file("2_index.up.sql",
       "-- section 1: no transaction, phase: expand\n-- step 1: partition\nALTER TABLE public.p DETACH PARTITION public.p1 "
       "CONCURRENTLY;\n");
  auto reader = connect();
  ASSERT_TRUE(reader.execute("BEGIN; SELECT * FROM p"));
  auto program = start({"up", "--allow", "drift"});
  ASSERT_TRUE(eventually([&] { return sql("SELECT count(*) FROM pg_inherits WHERE inhdetachpending") == "1"; }));
  sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'ALTER TABLE public.p DETACH%' AND pid <> "
      "pg_backend_pid()");
  EXPECT_EQ(program.wait().code, 6);
  ASSERT_TRUE(reader.execute("COMMIT"));
  const auto again = migrate({"up"});
  EXPECT_EQ(again.code, 0) << show(again);
  EXPECT_EQ(sql("SELECT count(*) FROM pg_inherits"), "0");
}

// A waiting pg_advisory_lock would hold a snapshot that the build waits for: a deadlock. Polling does not.
TEST_F(ConcurrentIndex, AnotherRunnerThatWaitsDoesNotBlockTheBuild) {
  for (int i = 0; i < 5; ++i) {
    fresh(model_);
    auto writer = connect();
    ASSERT_TRUE(writer.execute("BEGIN; INSERT INTO users VALUES (0, 'w')"));
    auto first = start({"up"});
    ASSERT_TRUE(eventually([&] { return phase().starts_with("waiting"); }));
    auto second = start({"up"});
    ASSERT_TRUE(eventually([&] { return second.err_so_far().find("waiting for another runner: pid ") != std::string::npos; }));
    ASSERT_TRUE(writer.execute("COMMIT"));
    const auto one = first.wait(), two = second.wait();
    EXPECT_EQ(one.code, 0) << show(one);
    EXPECT_EQ(two.code, 0) << show(two);
    EXPECT_EQ(sql("SELECT count(*) FROM pgarchitect.journal WHERE version = '2'"), "1");
  }
}

}  // namespace
}  // namespace pga::migrate
