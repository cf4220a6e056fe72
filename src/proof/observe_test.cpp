#include "proof/observe.h"

#include <gtest/gtest.h>

#include "proof/concurrent.h"
#include "proof/judge.h"
#include "support.h"

namespace pga::proof {
namespace {

using postgres::Connection;
using testing::database;
using testing::server;

const RelationFacts* find(const StatementFacts& facts, const std::string& name) {
  for (const auto& relation : facts.relations) {
    if (relation.name == name) return &relation;
  }
  return nullptr;
}

class Observe : public ::testing::Test {
 protected:
  void SetUp() override {
    server_ = server();
    if (server_ == nullptr) GTEST_SKIP() << "no PostgreSQL 15";
    name_ =
        database(*server_,
                 "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE INDEX t_a ON t (a); INSERT INTO t VALUES (1, 1), (2, 2);"
                 "CREATE TABLE s (id int PRIMARY KEY, t_id int REFERENCES t (id)); INSERT INTO s VALUES (1, 1), (2, 2);"
                 "CREATE TABLE \"Odd \"\"Name\" (id int);"
                 "CREATE TABLE pt (k int) PARTITION BY RANGE (k); CREATE TABLE p1 PARTITION OF pt FOR VALUES FROM (0) TO (9);");
    auto connection = Connection::open(server_->url(name_));
    ASSERT_TRUE(connection);
    connection_.emplace(std::move(*connection));
  }

  StatementFacts run(Observer& observer, const std::string& statement) {
    auto facts = observer.run(statement);
    EXPECT_TRUE(facts) << statement << ": " << to_text(facts.error());
    return facts ? *facts : StatementFacts{};
  }

  postgres::Server* server_ = nullptr;
  std::string name_;
  std::optional<Connection> connection_;
};

TEST_F(Observe, ATransactionOfItsOwnIsCommitted) {
  const auto facts = observe(*connection_, "ALTER TABLE t ADD b int");
  ASSERT_TRUE(facts) << to_text(facts.error());
  EXPECT_FALSE(connection_->in_transaction());
  EXPECT_TRUE(connection_->query("SELECT b FROM t"));
  EXPECT_TRUE(facts->blocks_reads);
  EXPECT_TRUE(facts->blocks_writes);
  EXPECT_GT(facts->milliseconds, 0);
}

TEST_F(Observe, RelationsOfTheSameTransactionDoNotCount) {
  ASSERT_TRUE(connection_->execute("BEGIN; CREATE TABLE early (i int)"));
  auto observer = Observer::open(*connection_);  // in the middle of it
  ASSERT_TRUE(observer);
  EXPECT_TRUE(run(*observer, "ALTER TABLE early ADD x int DEFAULT random()").relations.empty());
  EXPECT_TRUE(run(*observer, "CREATE TABLE n (id int PRIMARY KEY)").relations.empty());
  const auto facts = run(*observer, "ALTER TABLE n ALTER id TYPE bigint");
  EXPECT_TRUE(facts.relations.empty());
  EXPECT_FALSE(facts.blocks_reads);
  EXPECT_TRUE(connection_->in_transaction());
  ASSERT_TRUE(connection_->execute("COMMIT"));
  EXPECT_NE(find(run(*observer, "ALTER TABLE n ADD x int"), "public.n"), nullptr) << "now it existed before";
}

TEST_F(Observe, ALockIsOfTheStatementThatTookIt) {
  auto observer = Observer::open(*connection_);
  ASSERT_TRUE(observer);
  ASSERT_TRUE(connection_->execute("BEGIN"));
  EXPECT_EQ(find(run(*observer, "CREATE INDEX i ON t (a, id)"), "public.t")->strongest_lock, "ShareLock");
  EXPECT_EQ(find(run(*observer, "ALTER TABLE t ADD b int"), "public.t")->strongest_lock, "AccessExclusiveLock");
  EXPECT_EQ(find(run(*observer, "ALTER TABLE t ADD c int"), "public.t"), nullptr) << "nothing new";
  const auto rewrite = run(*observer, "ALTER TABLE t ADD d float8 DEFAULT random()");
  ASSERT_NE(find(rewrite, "public.t"), nullptr);
  EXPECT_EQ(find(rewrite, "public.t")->strongest_lock, "");
  EXPECT_EQ(find(rewrite, "public.t")->held_lock, "AccessExclusiveLock");
  EXPECT_TRUE(rewrite.rewrites());
  EXPECT_TRUE(rewrite.rebuilds_indexes());
  EXPECT_TRUE(rewrite.blocks_reads);
  ASSERT_TRUE(connection_->execute("ROLLBACK"));
}

// Files, not OIDs (trap a), over several statements: the index gets a new OID, keeps its file, is then made anew.
TEST_F(Observe, AnIndexIsFollowedThroughItsOids) {
  ASSERT_TRUE(connection_->execute("CREATE TABLE v (c varchar(5)); CREATE INDEX v_c ON v (c)"));
  auto observer = Observer::open(*connection_);
  ASSERT_TRUE(observer);
  ASSERT_TRUE(connection_->execute("BEGIN"));
  EXPECT_FALSE(run(*observer, "ALTER TABLE v ALTER c TYPE varchar(9)").rebuilds_indexes());
  EXPECT_FALSE(run(*observer, "ALTER TABLE v ALTER c TYPE text").rebuilds_indexes());
  EXPECT_TRUE(run(*observer, "REINDEX INDEX v_c").rebuilds_indexes());
  EXPECT_FALSE(run(*observer, "DROP INDEX v_c").rebuilds_indexes()) << "dropped, not built";
  EXPECT_FALSE(run(*observer, "CREATE INDEX v_c ON v (c)").rebuilds_indexes()) << "another index of the same name";
  ASSERT_TRUE(connection_->execute("ROLLBACK"));
}

TEST_F(Observe, AFailureLeavesTheConnectionUsable) {
  auto observer = Observer::open(*connection_);
  ASSERT_TRUE(observer);
  const auto wrong = observer->run("ALTER TABLE nowhere ADD x int");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().sqlstate, "42P01");
  EXPECT_FALSE(connection_->in_transaction());
  EXPECT_NE(find(run(*observer, "ALTER TABLE \"Odd \"\"Name\" ADD x int"), "public.\"Odd \"\"Name\""), nullptr);
}

TEST_F(Observe, NothingStaysBehind) {
  const auto before = snapshot(*server_, name_);
  ASSERT_TRUE(before) << to_text(before.error());
  {
    auto observer = Observer::open(*connection_);
    ASSERT_TRUE(observer);
    ASSERT_TRUE(observer->run("SELECT 1"));
    auto rows = connection_->query("SELECT count(*) FROM pg_event_trigger");
    EXPECT_EQ(rows->integer(0, 0), 1);
  }
  const auto after = snapshot(*server_, name_);
  ASSERT_TRUE(after);
  EXPECT_EQ(before->objects, after->objects);
}

// Scans of earlier transactions are not this statement's: counters are kept for up to a second.
TEST_F(Observe, EarlierScansDoNotCount) {
  ASSERT_TRUE(connection_->query("SELECT count(*) FROM t"));
  const auto facts = observe(*connection_, "ALTER TABLE t ADD x int");
  ASSERT_TRUE(facts);
  EXPECT_FALSE(facts->scans());
  EXPECT_TRUE(observe(*connection_, "ALTER TABLE t ADD CHECK (a > 0)")->scans());
}

// --- statements that cannot run in a transaction ---

struct Form {
  const char* statement;
  const char* lock;  // the strongest on the table
  bool blocks_reads;
  bool blocks_writes;
};

TEST_F(Observe, ConcurrentForms) {
  const Form forms[] = {
      {"CREATE INDEX CONCURRENTLY i ON t (a, id)", "ShareUpdateExclusiveLock", false, false},
      {"DROP INDEX CONCURRENTLY t_a", "ShareUpdateExclusiveLock", false, false},
      {"REINDEX INDEX CONCURRENTLY t_a", "ShareUpdateExclusiveLock", false, false},
      {"REINDEX TABLE CONCURRENTLY t", "ShareUpdateExclusiveLock", false, false},
      {"VACUUM t", "ShareUpdateExclusiveLock", false, false},
      {"VACUUM FULL t", "AccessExclusiveLock", true, true},
      {"CREATE INDEX i ON t (a, id)", "ShareLock", false, true},
      {"ALTER TABLE t ADD x int", "AccessExclusiveLock", true, true},
  };
  for (const auto& form : forms) {
    const auto facts = observe_concurrent(
        *server_,
        [&] {
          connection_.reset();
          return name_;
        }(),
        form.statement);
    ASSERT_TRUE(facts) << form.statement << ": " << to_text(facts.error());
    const auto* table = find(*facts, "public.t");
    ASSERT_NE(table, nullptr) << form.statement;
    EXPECT_EQ(table->strongest_lock, form.lock) << form.statement;
    EXPECT_EQ(facts->blocks_reads, form.blocks_reads) << form.statement;
    EXPECT_EQ(facts->blocks_writes, form.blocks_writes) << form.statement;
    EXPECT_EQ(facts->rebuilds_indexes(), std::string_view(form.statement).find("REINDEX") != std::string_view::npos ||
                                             std::string_view(form.statement).find("FULL") != std::string_view::npos)
        << form.statement;
  }
}

// Runs for real: the index is there and valid afterwards.
TEST_F(Observe, AConcurrentBuildEnds) {
  const auto facts = observe_concurrent(*connection_, "CREATE INDEX CONCURRENTLY i ON t (a, id)");
  ASSERT_TRUE(facts) << to_text(facts.error());
  EXPECT_TRUE(facts->scans());
  EXPECT_TRUE(connection_->query("SELECT 1 FROM pg_index WHERE indexrelid = 'i'::regclass AND indisvalid")->size() == 1);
  const auto wrong = observe_concurrent(*connection_, "CREATE INDEX CONCURRENTLY i ON t (nowhere)");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().sqlstate, "42703");
  EXPECT_TRUE(connection_->query("SELECT 1")) << "still usable";
}

// The partition is locked exclusively once everybody has left it: the last lock of all is seen too.
TEST_F(Observe, DetachConcurrentlyEndsWithAStrongLock) {
  const auto facts = observe_concurrent(*connection_, "ALTER TABLE pt DETACH PARTITION p1 CONCURRENTLY");
  ASSERT_TRUE(facts) << to_text(facts.error());
  ASSERT_NE(find(*facts, "public.pt"), nullptr);
  EXPECT_EQ(find(*facts, "public.pt")->strongest_lock, "ShareUpdateExclusiveLock");
  ASSERT_NE(find(*facts, "public.p1"), nullptr);
  EXPECT_EQ(find(*facts, "public.p1")->strongest_lock, "AccessExclusiveLock");
}

class Conflicts : public ::testing::TestWithParam<int> {};

// "CREATE INDEX CONCURRENTLY waits for RowExclusive and stronger holders; the other CONCURRENTLY forms wait even for idle
// readers."
TEST_P(Conflicts, OfConcurrentForms) {
  auto* one = server(GetParam());
  if (one == nullptr) GTEST_SKIP() << "no PostgreSQL " << GetParam();
  const auto name =
      database(*one, "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE INDEX t_a ON t (a); INSERT INTO t VALUES (1, 1)");
  const std::pair<const char*, size_t> forms[] = {
      {"CREATE INDEX CONCURRENTLY i ON t (a, id)", 2},  // the first mode in kLockModes whose holders it waits for
      {"DROP INDEX CONCURRENTLY t_a", 0},
      {"REINDEX INDEX CONCURRENTLY t_a", 0},
  };
  for (const auto& [statement, first] : forms) {
    const auto conflicts = conflict_test(*one, name, statement, "t");
    ASSERT_TRUE(conflicts) << statement << ": " << to_text(conflicts.error());
    for (size_t i = 0; i < conflicts->size(); ++i) {
      const auto& conflict = (*conflicts)[i];
      const bool locks = i >= 3;  // SHARE UPDATE EXCLUSIVE conflicts with itself and stronger ones
      EXPECT_EQ(conflict.waits, locks        ? Waits::lock
                                : i >= first ? Waits::transactions
                                             : Waits::nothing)
          << statement << " beside " << conflict.held;
      if (locks) {
        EXPECT_EQ(conflict.wanted, "ShareUpdateExclusiveLock") << statement << " beside " << conflict.held;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Majors, Conflicts, ::testing::Values(14, 15, 18));

struct QueueCase {
  const char* statement;
  const char* table;
  Behind behind;
  bool waits, stalls_reads, stalls_writes;
};

TEST_F(Observe, QueuesBehindReadersAndWriters) {
  connection_.reset();
  const auto name = database(*server_, R"(
    CREATE TABLE t (id int PRIMARY KEY, a int); CREATE INDEX t_a ON t (a); INSERT INTO t VALUES (1, 1);
    CREATE TABLE s (id int PRIMARY KEY, t_id int CONSTRAINT s_fk REFERENCES t (id));
    CREATE TABLE u (id int PRIMARY KEY, t_id int); ALTER TABLE u ADD CONSTRAINT u_fk FOREIGN KEY (t_id) REFERENCES t NOT VALID;
    CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TABLE pt (k int) PARTITION BY RANGE (k); CREATE TABLE p1 PARTITION OF pt FOR VALUES FROM (0) TO (9);
    CREATE TABLE loose (k int); CREATE MATERIALIZED VIEW mv AS SELECT a FROM t;)");
  using enum Behind;
  const QueueCase cases[] = {
      {"ALTER TABLE t ADD x int", "t", reader, true, true, true},
      {"DROP INDEX t_a", "t", reader, true, true, true},
      {"REINDEX INDEX t_a", "t", reader, true, true, true},
      {"ALTER TABLE pt DETACH PARTITION p1", "pt", reader, true, true, true},
      {"CREATE TABLE p2 PARTITION OF pt FOR VALUES FROM (9) TO (19)", "pt", reader, true, true, true},
      {"DROP TABLE s", "t", reader, true, true, true},
      {"CREATE INDEX i ON t (a, id)", "t", reader, false, false, false},
      {"CREATE INDEX i ON t (a, id)", "t", writer, true, false, true},
      {"ALTER TABLE u ADD CONSTRAINT u_fk2 FOREIGN KEY (t_id) REFERENCES t", "t", writer, true, false, true},
      {"CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()", "t", writer, true, false, true},
      {"REFRESH MATERIALIZED VIEW mv", "mv", reader, true, true, false},
      {"CREATE INDEX CONCURRENTLY i ON t (a, id)", "t", writer, true, false, false},
      {"DROP INDEX CONCURRENTLY t_a", "t", writer, true, false, false},
      {"REINDEX INDEX CONCURRENTLY t_a", "t", writer, true, false, false},
      {"ALTER TABLE pt DETACH PARTITION p1 CONCURRENTLY", "pt", writer, true, false, false},
      {"ALTER TABLE pt ATTACH PARTITION loose FOR VALUES FROM (9) TO (19)", "pt", writer, false, false, false},
      {"ALTER TABLE u VALIDATE CONSTRAINT u_fk", "u", writer, false, false, false},
      {"ALTER TABLE t SET (fillfactor = 90)", "t", writer, false, false, false},
      {"COMMENT ON TABLE t IS 'x'", "t", writer, false, false, false},
  };
  for (const auto& one : cases) {
    const auto queue = queue_test(*server_, name, one.statement, one.table, one.behind);
    ASSERT_TRUE(queue) << one.statement << ": " << to_text(queue.error());
    EXPECT_EQ(queue->waits, one.waits) << one.statement;
    EXPECT_EQ(queue->stalls_reads, one.stalls_reads) << one.statement;
    EXPECT_EQ(queue->stalls_writes, one.stalls_writes) << one.statement;
  }
}

}  // namespace
}  // namespace pga::proof
