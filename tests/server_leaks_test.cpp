// A command that is struck while it works leaves nothing: no server, no folder, no lock, no database on a server of the user's.
// (issue 2, "It never leaks"; reliability.md, rows 4 and 17) Real processes, real signals; /proc and the folders are the judges.
#include <dirent.h>
#include <gmock/gmock.h>
#include <signal.h>

#include <filesystem>
#include <fstream>

#include "program.h"
#include "support.h"

namespace pga::testing {
namespace {
namespace fs = std::filesystem;
using ::testing::HasSubstr;

// Folders of private servers that belong to this process number.
std::vector<std::string> folders_of(int pid) {
  std::vector<std::string> out;
  const std::string begin = "pga-" + std::to_string(geteuid()) + "-" + std::to_string(pid) + "-";
  for (const auto& root : {std::string("/dev/shm"), fs::temp_directory_path().string(), std::string("/tmp")}) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(root, error)) {
      if (entry.path().filename().string().starts_with(begin)) out.push_back(entry.path());
    }
  }
  return out;
}

// Processes that work in a folder, as every process of a server does in its data.
std::vector<int> processes_in(const std::string& folder) {
  std::vector<int> out;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/proc", error)) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    if (fs::read_symlink(entry.path() / "cwd", error).string().starts_with(folder + "/")) out.push_back(std::stoi(name));
  }
  return out;
}

class Leaks : public ::testing::Test {
 protected:
  void SetUp() override {
    if (server() == nullptr) GTEST_SKIP() << "no PostgreSQL 15 on this machine";
    std::string pattern = (fs::temp_directory_path() / "pga_leaks_XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    home_ = pattern;
    // Sleeps in the private server as long as nobody ends it.
    std::ofstream(home_ + "/slow.sql") << "CREATE TABLE t (i int);\nSELECT pg_sleep(120);\n";
  }
  void TearDown() override {
    if (!home_.empty()) fs::remove_all(home_);
  }
  // A command that is in the middle of its work on a private server; its folder.
  std::string start(std::optional<Program>& program, std::vector<std::string> arguments = {}) {
    if (arguments.empty()) arguments = {"inspect", home_ + "/slow.sql"};
    program.emplace(arguments, home_ + "/run" + std::to_string(++runs_));
    std::string folder;
    EXPECT_TRUE(eventually([&] {
      const auto found = folders_of(program->pid());
      if (!found.empty()) folder = found.front();
      return !folder.empty() && processes_in(folder).size() > 3;  // the postmaster and its children
    }));
    return folder;
  }
  static void expect_nothing_of(const std::string& folder, int pid) {
    EXPECT_TRUE(eventually([&] { return processes_in(folder).empty(); })) << "a server is left in " << folder;
    EXPECT_EQ(folders_of(pid), std::vector<std::string>{});
  }
  std::string home_;
  int runs_ = 0;
};

TEST_F(Leaks, NothingIsLeftAfterCtrlCAndItsLike) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
    SCOPED_TRACE(strsignal(signal));
    std::optional<Program> program;
    const std::string folder = start(program);
    const int pid = program->pid();
    program->kill(signal);
    const auto outcome = program->wait();
    EXPECT_TRUE(outcome.code == 128 + signal || outcome.code == 130) << outcome.code << outcome.out << outcome.err;
    expect_nothing_of(folder, pid);
  }
}

// SIGKILL gives no time to clean up: the server sees that its owner is gone, and the next command sweeps the folder.
TEST_F(Leaks, AfterSigkillTheServerEndsAndTheNextCommandSweeps) {
  std::optional<Program> program;
  const std::string folder = start(program);
  const int pid = program->pid();
  program->kill(SIGKILL);
  EXPECT_EQ(program->wait().code, 128 + SIGKILL);
  EXPECT_TRUE(eventually([&] { return processes_in(folder).empty(); })) << "a server is left in " << folder;
  std::ofstream(home_ + "/quick.sql") << "CREATE TABLE t (i int);\n";
  Program next({"inspect", home_ + "/quick.sql"}, home_ + "/next");
  EXPECT_EQ(next.wait().code, 0);
  EXPECT_EQ(folders_of(pid), std::vector<std::string>{});
}

TEST_F(Leaks, NothingIsLeftAfterAnErrorOrTheEnd) {
  std::ofstream(home_ + "/wrong.sql") << "CREATE TABLE t (i int;\n";
  std::ofstream(home_ + "/right.sql") << "CREATE TABLE t (i int);\n";
  for (const auto* file : {"/wrong.sql", "/right.sql"}) {
    Program program({"plan", home_ + "/right.sql", home_ + file, "--no-input"}, home_ + "/run");
    const int pid = program.pid();
    (void)program.wait();
    EXPECT_EQ(folders_of(pid), std::vector<std::string>{}) << file;
  }
}

// Two at once: the death of one, and the sweeping of a third, leave the other alone.
TEST_F(Leaks, SeveralDoNotDisturbEachOther) {
  std::ofstream(home_ + "/two.sql") << "CREATE TABLE t (i int);\nSELECT pg_sleep(3);\n";
  std::optional<Program> killed, other;
  start(killed);
  start(other, {"inspect", home_ + "/two.sql"});
  killed->kill(SIGKILL);
  (void)killed->wait();
  std::ofstream(home_ + "/quick.sql") << "CREATE TABLE q (i int);\n";
  EXPECT_EQ(Program({"inspect", home_ + "/quick.sql"}, home_ + "/third").wait().code, 0);
  const auto outcome = other->wait();
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("CREATE TABLE"));
}

// --server: databases of ours on a server of the user's are gone, however the command ended; others stay.
TEST_F(Leaks, OnAGivenServerOnlyTheUsersDatabasesStay) {
  auto& given = *server();
  const auto theirs = database(given, "CREATE TABLE theirs (i int)");
  auto connection = postgres::Connection::open(given.url("postgres"));
  ASSERT_TRUE(connection);
  const auto databases = [&] {
    const auto rows = connection->query("SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database");
    return rows ? std::string(rows->text(0, 0)) : to_text(rows.error());
  };
  const std::string before = databases();
  std::ofstream(home_ + "/right.sql") << "CREATE TABLE t (i int);\n";
  for (const int signal : {0, SIGINT, SIGTERM, SIGKILL}) {
    SCOPED_TRACE(signal);
    Program program({"inspect", signal == 0 ? home_ + "/right.sql" : home_ + "/slow.sql", "--server", given.url("postgres")},
                    home_ + "/given");
    if (signal != 0) {
      ASSERT_TRUE(eventually([&] {
        const auto rows =
            connection->query("SELECT FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()");
        return rows && rows->size() > 0;
      }));
      program.kill(signal);
    }
    (void)program.wait();
    EXPECT_TRUE(eventually([&] { return databases() == before; })) << databases() << "\n" << before;
  }
  EXPECT_THAT(before, HasSubstr(theirs));
}

}  // namespace
}  // namespace pga::testing
