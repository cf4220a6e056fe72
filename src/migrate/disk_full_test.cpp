// A full disk, in a rewrite and in a concurrent index build: on a server of its own whose data lie on a small RAM disk.
// (reliability.md, rows 2 and 10) Only root can mount one; elsewhere this skips.
#include <sys/mount.h>

#include "migrate/runner_harness.h"
#include "postgres/server.h"

namespace pga::migrate {
namespace {
using ::testing::HasSubstr;

class DiskFull : public Runners {
 protected:
  void SetUp() override {
    Runners::SetUp();
    if (server_ == nullptr) return;
    small_ = home() + "/small";
    std::filesystem::create_directory(small_);
    std::filesystem::permissions(home(), std::filesystem::perms::all);
    if (::mount("pga", small_.c_str(), "tmpfs", 0, "size=192m,mode=0777") != 0)
      GTEST_SKIP() << "SKIPPED: no RAM disk can be mounted here";
    mounted_ = true;
    const auto programs = postgres::find_programs();
    bin_ = std::ranges::find(programs, 15, &postgres::Programs::major)->bin;
    const std::string data = small_ + "/data";
    ASSERT_EQ(shell(bin_ + "/initdb -D " + data + " -A trust -U postgres -N"), 0) << log();
    ASSERT_EQ(shell(bin_ + "/pg_ctl -D " + data + " -l " + small_ + "/log -w -o \"-k " + small_ +
                    " -c listen_addresses='' -c max_wal_size=32MB -c wal_level=minimal -c max_wal_senders=0 -c autovacuum=off "
                    "-c wal_recycle=off -c min_wal_size=32MB\" start"),
              0)
        << log();
    url_ = "host=" + small_ + " user=postgres dbname=postgres";
    // 16 MB of rows in what is left of 192 MB: a second copy has room, two more have not.
    file("1_rows.up.sql",
         "CREATE UNLOGGED TABLE big AS SELECT i, repeat(md5(i::text), 4) AS text FROM generate_series(1, 100000) i;\n");
    ASSERT_EQ(migrate({"up"}).code, 0);
  }
  void TearDown() override {
    if (mounted_) {
      (void)shell(bin_ + "/pg_ctl -D " + small_ + "/data -m immediate stop");
      close_session();
      ::umount2(small_.c_str(), MNT_DETACH);
    }
    Runners::TearDown();
  }
  int shell(const std::string& command) const {
    const std::string as = getuid() == 0 ? "runuser -u postgres -- " : "";
    return std::system((as + command + " >>" + home() + "/log 2>&1").c_str());
  }
  std::string log() const { return testing::read_file(home() + "/log"); }
  // Leaves about this much room.
  void fill_but(unsigned megabytes) {
    const auto room = std::filesystem::space(small_).available / 1048576;
    if (room > megabytes) {
      std::ofstream ballast(small_ + "/ballast", std::ios::binary);
      const std::string block(1048576, 'x');
      for (auto i = room; i > megabytes; --i) ballast << block;
    }
  }
  void make_room() const { std::filesystem::remove(small_ + "/ballast"); }
  std::string small_, bin_;
  bool mounted_ = false;
};

TEST_F(DiskFull, ARewriteIsRolledBackAndRunsWhenThereIsRoom) {
  file("2_bigint.up.sql", "CREATE TABLE first (i int);\nALTER TABLE big ALTER i TYPE bigint;\n");
  fill_but(4);
  const std::string before = sql("SELECT md5(string_agg(b::text, ',')) FROM big b");
  const auto full = migrate({"up"});
  EXPECT_EQ(full.code, 3) << show(full);
  EXPECT_THAT(full.err, HasSubstr("53100"));  // disk_full
  EXPECT_EQ(sql("SELECT to_regclass('first') IS NULL"), "t");
  EXPECT_EQ(sql("SELECT atttypid::regtype FROM pg_attribute WHERE attrelid = 'big'::regclass AND attname = 'i'"), "integer");
  EXPECT_EQ(sql("SELECT md5(string_agg(b::text, ',')) FROM big b"), before);
  make_room();
  const auto again = migrate({"up"});
  EXPECT_EQ(again.code, 0) << show(again);
  EXPECT_EQ(sql("SELECT md5(string_agg(b::text, ',')) FROM big b"), before);
}

TEST_F(DiskFull, AConcurrentBuildLeavesNoInvalidIndex) {
  file("2_index.up.sql",
       "-- section 1: no transaction, phase: expand\n-- step 1: index\nCREATE INDEX CONCURRENTLY big_text ON public.big "
       "(text);\n");
  fill_but(4);
  const auto full = migrate({"up"});
  EXPECT_EQ(full.code, 3) << show(full);
  EXPECT_THAT(full.err, HasSubstr("53100"));
  EXPECT_EQ(sql("SELECT count(*) FROM pgarchitect.journal WHERE version = '2'"), "0");
  make_room();
  const auto again = migrate({"up"});
  EXPECT_EQ(again.code, 0) << show(again);
  EXPECT_EQ(sql("SELECT count(*) FROM pg_index WHERE NOT indisvalid"), "0");
  EXPECT_EQ(sql("SELECT count(*) FROM pg_class WHERE relname LIKE 'big_text%'"), "1");
}

TEST_F(DiskFull, AReindexLeavesNoSecondIndex) {
  sql("CREATE INDEX big_text ON big (text)");
  file("2_index.up.sql",
       "-- section 1: no transaction, phase: expand\n-- step 1: index\nREINDEX INDEX CONCURRENTLY public.big_text;\n");
  fill_but(4);
  const auto full = migrate({"up", "--allow", "drift"});
  EXPECT_EQ(full.code, 3) << show(full);
  EXPECT_THAT(full.err, HasSubstr("53100"));
  make_room();
  const auto again = migrate({"up"});
  EXPECT_EQ(again.code, 0) << show(again);
  EXPECT_EQ(sql("SELECT string_agg(relname, ',') FROM pg_class WHERE relname LIKE 'big_text%'"), "big_text");
  EXPECT_EQ(sql("SELECT count(*) FROM pg_index WHERE NOT indisvalid"), "0");
}

}  // namespace
}  // namespace pga::migrate
