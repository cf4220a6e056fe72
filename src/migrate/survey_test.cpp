// Files and histories that disagree: each has its code, its exit and a next step. Through the built program.
#include "migrate/runner_harness.h"

namespace pga::migrate {
namespace {
using ::testing::HasSubstr;
namespace fs = std::filesystem;

class FileFaults : public Runners {};

struct Fault {
  const char* name;
  std::function<void(const std::string& folder)> does;
  std::vector<std::string> arguments;
  int exit;
  const char* code;  // "" none
};

void put(const std::string& folder, const std::string& name, const std::string& text) {
  std::ofstream(folder + "/" + name, std::ios::binary) << text;
}
void gone(const std::string& folder, const std::string& stem) {
  fs::remove(folder + "/" + stem + ".up.sql");
  fs::remove(folder + "/" + stem + ".down.sql");
}

// Before each: 1, 2 and 4 ran; 5 is pending.
const std::vector<Fault> kFaults = {
    {"nothing wrong", [](const auto&) {}, {"up"}, 0, ""},
    {"edited", [](const auto& f) { put(f, "2_b.up.sql", "CREATE TABLE b (j int);\n"); }, {"up"}, 7, "edited-migration"},
    {"edited, seen by verify",
     [](const auto& f) { put(f, "2_b.up.sql", "CREATE TABLE b (j int);\n"); },
     {"verify"},
     7,
     "edited-migration"},
    {"edited, seen by status",
     [](const auto& f) { put(f, "2_b.up.sql", "CREATE TABLE b (j int);\n"); },
     {"status"},
     7,
     "edited-migration"},
    {"edited comment",
     [](const auto& f) { put(f, "2_b.up.sql", "-- x\nCREATE TABLE b (i int);\n"); },
     {"up"},
     7,
     "edited-migration"},
    {"edited down", [](const auto& f) { put(f, "4_d.down.sql", "DROP TABLE d CASCADE;\n"); }, {"up"}, 0, ""},
    {"CRLF", [](const auto& f) { put(f, "2_b.up.sql", "CREATE TABLE b (i int);\r\n"); }, {"up"}, 0, ""},
    {"byte order mark",
     [](const auto& f) {
       put(f, "2_b.up.sql",
           "\xEF\xBB\xBF"
           "CREATE TABLE b (i int);\n");
     },
     {"up"},
     0,
     ""},
    {"deleted", [](const auto& f) { gone(f, "2_b"); }, {"up"}, 7, "deleted-migration"},
    {"deleted, permitted", [](const auto& f) { gone(f, "2_b"); }, {"up", "--allow", "missing-file"}, 0, ""},
    {"deleted, seen by verify", [](const auto& f) { gone(f, "2_b"); }, {"verify"}, 7, "deleted-migration"},
    {"newest unknown here",
     [](const auto& f) {
       gone(f, "4_d");
       gone(f, "5_e");
     },
     {"up"},
     7,
     "unknown-version"},
    {"unknown, permitted",
     [](const auto& f) {
       gone(f, "4_d");
       gone(f, "5_e");
     },
     {"up", "--allow", "missing-file"},
     0,
     ""},
    {"out of order", [](const auto& f) { put(f, "3_c.up.sql", "CREATE TABLE c (i int);\n"); }, {"up"}, 7, "out-of-order"},
    {"out of order, permitted",
     [](const auto& f) { put(f, "3_c.up.sql", "CREATE TABLE c (i int);\n"); },
     {"up", "--allow", "out-of-order"},
     0,
     ""},
    {"doubled", [](const auto& f) { put(f, "5_f.up.sql", "CREATE TABLE f (i int);\n"); }, {"up"}, 3, "duplicate-version"},
    {"doubled by a zero",
     [](const auto& f) { put(f, "05_f.up.sql", "CREATE TABLE f (i int);\n"); },
     {"up"},
     3,
     "duplicate-version"},
    {"doubled, one that ran",
     [](const auto& f) { put(f, "2_f.up.sql", "CREATE TABLE f (i int);\n"); },
     {"up"},
     3,
     "duplicate-version"},
    {"no down", [](const auto& f) { fs::remove(f + "/4_d.down.sql"); }, {"down"}, 7, "no-down"},
    {"no down on the way", [](const auto& f) { fs::remove(f + "/2_b.down.sql"); }, {"to", "1"}, 7, "no-down"},
    {"empty file", [](const auto& f) { put(f, "5_e.up.sql", ""); }, {"up"}, 3, "empty-migration"},
    {"only comments", [](const auto& f) { put(f, "5_e.up.sql", "-- later\n/* never */\n"); }, {"up"}, 3, "empty-migration"},
    {"not UTF-8", [](const auto& f) { put(f, "5_e.up.sql", "SELECT '\xff';\n"); }, {"up"}, 3, "invalid-utf8"},
    {"UTF-16", [](const auto& f) { put(f, "5_e.up.sql", std::string("\xff\xfeS\0E\0", 6)); }, {"up"}, 3, "utf16-file"},
    {"NUL", [](const auto& f) { put(f, "5_e.up.sql", std::string("SELECT 1;\0", 10)); }, {"up"}, 3, "nul-byte"},
    {"no version", [](const auto& f) { put(f, "later.up.sql", "SELECT 1;\n"); }, {"up"}, 3, "bad-migration-name"},
    {"psql command", [](const auto& f) { put(f, "5_e.up.sql", "\\d\n"); }, {"up"}, 3, "psql-only"},
    {"open quote", [](const auto& f) { put(f, "5_e.up.sql", "SELECT 'x\n"); }, {"up"}, 3, "unterminated-quote"},
    {"syntax", [](const auto& f) { put(f, "5_e.up.sql", "CRATE TABLE x;\n"); }, {"up"}, 3, "sql-error"},
    {"renamed file", [](const auto& f) { fs::rename(f + "/2_b.up.sql", f + "/2_better.up.sql"); }, {"up"}, 0, ""},
    {"empty folder",
     [](const auto& f) {
       for (const auto* s : {"1_a", "2_b", "4_d", "5_e"}) gone(f, s);
     },
     {"up"},
     3,
     "no-migrations"},
    {"no folder", [](const auto& f) { fs::remove_all(f); }, {"up"}, 3, "no-file"},
    {"unknown format", [](const auto&) {}, {"up", "--format", "excel"}, 2, "unknown-format"},
    {"unknown consent", [](const auto&) {}, {"up", "--allow", "everything"}, 2, "usage"},
    {"bad count", [](const auto&) {}, {"down", "two"}, 2, "usage"},
    {"bad time", [](const auto&) {}, {"up", "--lock-timeout", "soon"}, 2, "usage"},
    {"no version for baseline", [](const auto&) {}, {"baseline", "99"}, 2, "no-such-version"},
    {"unknown remedy", [](const auto&) {}, {"repair", "pray"}, 2, "usage"},
    {"nothing to mend", [](const auto&) {}, {"repair", "mark-applied"}, 7, "nothing-to-repair"},
};

TEST_F(FileFaults, EachHasItsCodeAndANextStep) {
  const auto lay = [&] {
    fs::create_directories(folder_);
    for (const auto* one : {"1_a", "2_b", "4_d", "5_e"}) {
      const std::string table(1, one[2]);
      file(std::string(one) + ".up.sql", "CREATE TABLE " + table + " (i int);\n");
      file(std::string(one) + ".down.sql", "DROP VIEW IF EXISTS no_such_view;\n");
    }
  };
  lay();
  ASSERT_EQ(migrate({"to", "4"}).code, 0);
  const std::string model = database_;
  for (const auto& fault : kFaults) {
    SCOPED_TRACE(fault.name);
    fs::remove_all(folder_);
    lay();
    fresh(model);
    fault.does(folder_);
    const auto outcome = migrate(fault.arguments);
    EXPECT_EQ(outcome.code, fault.exit) << show(outcome);
    if (*fault.code == '\0') continue;
    EXPECT_THAT(outcome.err, HasSubstr(std::string("[") + fault.code + "]"));
    if (fault.exit == 7) {
      EXPECT_THAT(outcome.err, HasSubstr("hint: "));
    }
    EXPECT_EQ(sql("SELECT string_agg(version, ',' ORDER BY place) FROM pgarchitect.migration"), "1,2,4");  // nothing ran
    EXPECT_EQ(sql("SELECT to_regclass('e') IS NULL"), "t");
  }
}

TEST_F(FileFaults, EachRemedyMends) {
  for (const auto* table : {"a", "b"}) {
    const std::string stem = (*table == 'a' ? "1_" : "2_") + std::string(table);
    file(stem + ".up.sql", "CREATE TABLE " + std::string(table) + " (i int);\n");
  }
  ASSERT_EQ(migrate({"up"}).code, 0);
  file("1_a.up.sql", "CREATE TABLE a (i int); -- a note\n");
  EXPECT_THAT(migrate({"repair"}).out, HasSubstr("accept-edited"));
  EXPECT_EQ(migrate({"repair", "accept-edited"}).code, 0);
  EXPECT_EQ(migrate({"verify"}).code, 0);
  gone(folder_, "1_a");
  EXPECT_EQ(migrate({"repair", "forget-missing"}).code, 0);
  EXPECT_EQ(migrate({"verify"}).code, 0);
  sql("CREATE TABLE stray (i int)");
  EXPECT_EQ(migrate({"verify"}).code, 7);
  EXPECT_EQ(migrate({"repair", "accept-drift"}).code, 0);
  EXPECT_EQ(migrate({"verify"}).code, 0);
  EXPECT_EQ(migrate({"repair"}).code, 0);
}

}  // namespace
}  // namespace pga::migrate
