// Versions and names, files of other people's, what cannot be read or written, and every format as a source.
#include <fstream>
#include <map>

#include "base/text.h"
#include "migrate/divide.h"
#include "migrate/formats_fixture.h"
#include "migrate/stamp.h"
#include "source/source.h"

namespace pga::migrate {
namespace {
namespace fs = std::filesystem;

class Reading : public FormatFiles {
 protected:
  void put(const std::string& name, const std::string& text) const {
    fs::create_directories(fs::path(folder_ + "/" + name).parent_path());
    std::ofstream(folder_ + "/" + name) << text;
  }
  std::vector<Migration> read(std::string_view slug) const {
    const auto* format = detect_format(folder_);
    if (format == nullptr || format->slug() != slug)
      ADD_FAILURE() << "detected as " << (format == nullptr ? "nothing" : format->slug());
    auto back = find_format(slug)->read(folder_);
    if (!back) ADD_FAILURE() << to_text(back.error());
    return back ? std::move(*back) : std::vector<Migration>{};
  }
};

// "T:a;b P:c": the sections of a script, T in a transaction, P not, with their statements.
std::string shape(const plan::Script& script) {
  std::string out;
  for (const auto& section : script) {
    out += (out.empty() ? "" : " ") + std::string(section.transactional ? "T:" : "P:");
    for (size_t i = 0; i < section.steps.size(); ++i) out += (i > 0 ? ";" : "") + section.steps[i].sql;
  }
  return out;
}

TEST(Stamp, IsATimeInUtc) {
  EXPECT_EQ(stamp_text(0), "19700101000000");
  EXPECT_EQ(stamp_text(951782400), "20000229000000");  // date -u -d @951782400
  EXPECT_EQ(parse_stamp("20000229000000"), 951782400);
  for (const char* no :
       {"2000022900000", "20010229000000", "20001301000000", "20000101240000", "20000101006000", "2000010100000a"})
    EXPECT_FALSE(parse_stamp(no)) << no;
  EXPECT_EQ(version_after("20231231235959"), "20240101000000");
  EXPECT_EQ(version_after("20240228235959"), "20240229000000");
  EXPECT_EQ(version_after("0009"), "0010");
  EXPECT_EQ(version_after("99"), "100");
  EXPECT_EQ(version_after("20249999999999"), "20250000000000");
}

TEST_F(Reading, NextVersionFollowsTheFolder) {
  const Clock clock = [] { return int64_t{951782400}; };
  const std::vector<std::pair<std::string, std::string>> fresh = {{"pgarchitect", "20000229000000"},
                                                                  {"golang-migrate", "20000229000000"},
                                                                  {"dbmate", "20000229000000"},
                                                                  {"goose", "20000229000000"},
                                                                  {"flyway", "1"},
                                                                  {"liquibase", "20000229000000"},
                                                                  {"sqitch", "20000229000000"},
                                                                  {"node-pg-migrate", "951782400000"},
                                                                  {"knex", "20000229000000"},
                                                                  {"alembic", "20000229000000"},
                                                                  {"diesel", "20000229000000"}};
  ASSERT_EQ(fresh.size(), formats().size());
  for (const auto& [slug, version] : fresh) EXPECT_EQ(find_format(slug)->next_version(folder_ + "/none", clock), version) << slug;
  const auto next = [&](std::string_view slug, VersionStyle style = VersionStyle::automatic) {
    return find_format(slug)->next_version(folder_, clock, style).value_or("error");
  };
  EXPECT_EQ(next("goose", VersionStyle::sequence), "1");
  put("0009_a.sql", "");
  put("0010_b.sql", "");
  EXPECT_EQ(next("goose"), "0011");
  EXPECT_EQ(next("goose", VersionStyle::timestamp), "20000229000000");
  put("20300101000000_c.sql", "");  // the clock of another machine runs ahead
  EXPECT_EQ(next("dbmate"), "20300101000001");
  put("V1.9__x.sql", "");
  put("V1_10__y.sql", "");
  EXPECT_EQ(next("flyway"), "2");
  put("2031-01-01-000000_d/up.sql", "");
  EXPECT_EQ(next("diesel"), "20310101000001");
}

TEST(Names, BecomeFileNames) {
  EXPECT_EQ(file_name_of("Add: comments & Likes!"), "add_comments_likes");
  EXPECT_EQ(file_name_of("../../etc/passwd"), "etc_passwd");
  EXPECT_EQ(file_name_of("\xC3\xA4\xC3\xB6"), "migration");
  EXPECT_EQ(file_name_of(std::string(300, 'x')).size(), 80U);
}

plan::Section section(bool transactional, const std::vector<std::string>& statements) {
  plan::Section out{.transactional = transactional, .phase = plan::Phase::expand, .why = "", .steps = {}};
  for (const auto& sql : statements) out.steps.push_back({.sql = sql, .why = "", .object = sql.substr(sql.find(' ') + 1)});
  return out;
}

// What each part holds, "up / down", and the order in which taking them all back runs the downs.
std::vector<std::string> parts(const Migration& migration, const Division& rule) {
  std::vector<std::string> out;
  for (const auto& part : divide(migration, rule)) out.push_back(part.version + " " + shape(part.up) + " / " + shape(part.down));
  return out;
}

TEST(Divide, PairsSectionsFromBothEnds) {
  Migration m{.version = "7", .name = "x", .has_down = true};
  m.up = {section(true, {"+ a", "+ b"}), section(false, {"+ i", "+ j"}), section(true, {"+ c"})};
  m.down = {section(false, {"- j", "- i"}), section(true, {"- b", "- a"})};
  using V = std::vector<std::string>;
  EXPECT_EQ(parts(m, {}), (V{"7 T:+ a;+ b / T:- b;- a", "8 P:+ i;+ j / P:- j;- i", "9 T:+ c / "}));
  EXPECT_EQ(parts(m, {.lone_steps = true, .same_mode = true}),
            (V{"7 T:+ a;+ b / T:- b;- a", "8 P:+ i / P:- i", "9 P:+ j / P:- j", "10 T:+ c / "}));
  m.up = {section(true, {"+ a"})};
  EXPECT_EQ(parts(m, {.same_mode = true}), (V{"7 T:+ a / T:- b;- a", "8  / P:- j;- i"}));
  m.down = {};
  m.has_down = false;
  EXPECT_EQ(parts(m, {}), (V{"7 T:+ a / "}));
}

TEST_F(Reading, DbmateOfSomebody) {
  put("1_a.sql", "-- migrate:up\nCREATE TABLE a();\nCREATE TABLE b();\n\n-- migrate:down\nDROP TABLE b;\n");
  put("2_b.sql",
      "-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY i ON a (x);\n-- migrate:down transaction:false\nDROP INDEX i;");
  const auto back = read("dbmate");
  ASSERT_EQ(back.size(), 2U);
  EXPECT_EQ(shape(back[0].up), "T:CREATE TABLE a();CREATE TABLE b()");
  EXPECT_EQ(shape(back[0].down), "T:DROP TABLE b");
  EXPECT_EQ(shape(back[1].up), "P:CREATE INDEX CONCURRENTLY i ON a (x)");
  EXPECT_EQ(shape(back[1].down), "P:DROP INDEX i");
  put("3_c.sql", "-- migrate:up\nSELECT 1;\n\nSELECT 'open;\n");
  const auto broken = find_format("dbmate")->read(folder_);
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, "unterminated-quote");
  EXPECT_EQ(broken.error().place.line, 4);
}

TEST_F(Reading, GooseOfSomebody) {
  put("1_a.sql",
      "-- a comment\n-- +goose Up\nCREATE TABLE a();\n-- +goose StatementBegin\nDO $$ BEGIN NULL; END $$\n"
      "-- +goose StatementEnd\n-- +goose StatementBegin\nSELECT 1;\n-- +goose StatementEnd\n-- +goose Down\nDROP TABLE a;\n");
  put("2_b.sql", "-- +goose NO TRANSACTION\n-- +goose Up\nVACUUM a;\nVACUUM b;\n-- +goose Down\n");
  const auto back = read("goose");
  ASSERT_EQ(back.size(), 2U);
  EXPECT_EQ(shape(back[0].up), "T:CREATE TABLE a();DO $$ BEGIN NULL; END $$;SELECT 1");
  EXPECT_EQ(shape(back[0].down), "T:DROP TABLE a");
  EXPECT_EQ(shape(back[1].up), "P:VACUUM a;VACUUM b");
  EXPECT_TRUE(back[1].has_down);
  EXPECT_EQ(shape(back[1].down), "");
}

TEST_F(Reading, GolangMigrateOfSomebody) {
  put("1_a.up.sql", "CREATE TABLE a();\nCREATE TABLE b();");
  put("2_b.up.sql", "CREATE INDEX CONCURRENTLY i ON a (x);");
  put("3_c.up.sql", "BEGIN;\nALTER TABLE a ADD x int;\nCOMMIT;\nALTER TABLE b ADD y int;");
  put("3_c.down.sql", "start transaction; DROP TABLE a; end;");
  const auto back = read("golang-migrate");
  ASSERT_EQ(back.size(), 3U);
  EXPECT_EQ(shape(back[0].up), "T:CREATE TABLE a();CREATE TABLE b()");
  EXPECT_EQ(shape(back[1].up), "P:CREATE INDEX CONCURRENTLY i ON a (x)");
  EXPECT_EQ(shape(back[2].up), "T:ALTER TABLE a ADD x int T:ALTER TABLE b ADD y int");
  EXPECT_EQ(shape(back[2].down), "T:DROP TABLE a");
  EXPECT_FALSE(back[0].has_down);
}

TEST_F(Reading, FlywayOfSomebody) {
  put("V1.10__later.sql", "CREATE INDEX CONCURRENTLY i ON a (x);");
  put("V1_9__first.sql", "CREATE TABLE a(x int);");
  put("U1.9__first.sql", "DROP TABLE a;");
  put("R__views.sql", "CREATE VIEW v AS SELECT 1;");
  put("V2__plain.sql", "ALTER TABLE a ADD y int;\nVACUUM a;");
  put("V2__plain.sql.conf", "executeInTransaction = false\n");
  const auto back = read("flyway");
  ASSERT_EQ(back.size(), 4U);
  EXPECT_EQ(back[0].version + back[1].version + back[2].version + back[3].name, "1.91.102views");
  EXPECT_EQ(shape(back[0].down), "T:DROP TABLE a");
  EXPECT_EQ(shape(back[1].up), "P:CREATE INDEX CONCURRENTLY i ON a (x)");
  EXPECT_EQ(shape(back[2].up), "P:ALTER TABLE a ADD y int;VACUUM a");
}

TEST_F(Reading, LiquibaseOfSomebody) {
  put("changelog.sql",
      "--liquibase formatted sql\n\n--changeset ann:create-users dbms:postgresql\n--comment: the first\nCREATE TABLE users(id "
      "int);\n"
      "CREATE TABLE x();\n--rollback DROP TABLE x;\n--rollback DROP TABLE users;\n"
      "--changeset \"bob b\":\"2 two\" splitStatements:true endDelimiter:/ runInTransaction:false\nSELECT '${:a}'\n/\nVACUUM "
      "users\n/\n"
      "/* liquibase rollback\nSELECT 2;\n*/\n--changeset ann:3 dbms:oracle\nSELECT 1 FROM dual;\n--changeset ann:4\nSELECT 4;\n"
      "--rollback empty\n--changeset ann:5\nSELECT 5;\n");
  const auto back = read("liquibase");
  ASSERT_EQ(back.size(), 4U);
  EXPECT_EQ(back[0].version, "1");
  EXPECT_EQ(back[0].name, "create_users");
  EXPECT_EQ(shape(back[0].up), "T:CREATE TABLE users(id int);CREATE TABLE x()");
  EXPECT_EQ(shape(back[0].down), "T:DROP TABLE x;DROP TABLE users");
  EXPECT_EQ(shape(back[1].up), "P:SELECT '${:a}';VACUUM users");
  EXPECT_EQ(shape(back[1].down), "P:SELECT 2");
  EXPECT_TRUE(back[2].has_down && back[2].down.empty());
  EXPECT_FALSE(back[3].has_down);
}

TEST_F(Reading, SqitchOfSomebody) {
  put("sqitch.plan",
      "%syntax-version=1.0.0\n%project=flipr\n\nusers 2024-01-01T00:00:00Z Ann <ann@example.com> # x\n"
      "@v1 2024-01-02T00:00:00Z Ann <ann@example.com>\nusers [users@v1] 2024-01-02T00:00:00Z Ann <ann@example.com>\n"
      "early [users] 2023-01-02T00:00:00Z Ann <ann@example.com> # made before\n");
  put("deploy/users@v1.sql", "-- Deploy users\nBEGIN;\nCREATE TABLE a();\nCOMMIT;\nVACUUM a;\n");
  put("deploy/users.sql", "ALTER TABLE a ADD x int;");
  put("revert/users.sql", "BEGIN;\nALTER TABLE a DROP x;\nCOMMIT;");
  put("deploy/early.sql", "\\set x 1\nSELECT 1;");
  const auto broken = find_format("sqitch")->read(folder_);
  EXPECT_EQ(broken.error().code, "psql-only");
  put("deploy/early.sql", "SELECT 1;");
  const auto back = read("sqitch");
  ASSERT_EQ(back.size(), 3U);
  EXPECT_EQ(shape(back[0].up), "T:CREATE TABLE a() P:VACUUM a");
  EXPECT_EQ(shape(back[1].up), "P:ALTER TABLE a ADD x int");
  EXPECT_EQ(shape(back[1].down), "T:ALTER TABLE a DROP x");
  EXPECT_EQ(back[1].version, "20240102000000");
  EXPECT_EQ(back[2].version, "20240102000001");
}

TEST_F(Reading, ScriptsThatDoMoreAreRefused) {
  Migration m{.version = "1", .name = "x", .has_down = true};
  m.up = {section(true, {"CREATE TABLE a()"})};
  m.down = {section(true, {"DROP TABLE a"})};
  for (const std::string slug : {"knex", "node-pg-migrate", "alembic"}) {
    const auto& format = *find_format(slug);
    const std::string folder = folder_ + "/" + slug;
    const auto written = format.write(m, folder, {});
    ASSERT_TRUE(written) << to_text(written.error());
    const std::string path = written->front();
    const std::string text = testing::read_file(path);
    ASSERT_TRUE(format.read(folder)) << slug;
    const std::string call = slug == "alembic" ? "    run(" : slug == "knex" ? "  await knex.raw(" : "  pgm.sql(";
    const std::string indent = call.substr(0, call.find_first_not_of(' '));
    std::ofstream(path) << replace_all(text, call, indent + "doSomethingElse();\n" + call);
    const auto more = format.read(folder);
    ASSERT_FALSE(more) << slug;
    EXPECT_EQ(more.error().code, "not-our-script");
    EXPECT_GT(more.error().place.line, 3);
    std::ofstream(path) << replace_all(text, "CREATE TABLE a()", "CREATE TABLE b()");  // only the SQL was changed
    const auto edited = format.read(folder);
    ASSERT_TRUE(edited) << slug << to_text(edited.error());
    EXPECT_EQ(shape(edited->front().up), "T:CREATE TABLE b()");
  }
  put("js/1_x.js", "exports.up = (pgm) => { pgm.sql(`SELECT ${1 + 1}`); };\n");
  EXPECT_EQ(find_format("node-pg-migrate")->read(folder_ + "/js").error().code, "not-our-script");
}

TEST_F(Reading, LinesThatAToolTakesForItsOwnAreRefused) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"dbmate", "-- migrate:down"}, {"goose", "-- +goose StatementEnd"}, {"liquibase", "  -- rollback everything"}};
  for (const auto& [slug, line] : cases) {
    Migration m{.version = "1", .name = "x", .has_down = true};
    m.up = {section(true, {"CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$\n" + line + "\nSELECT 1 $$"})};
    const auto written = find_format(slug)->write(m, folder_ + "/" + slug, {});
    ASSERT_FALSE(written) << slug;
    EXPECT_EQ(written.error().code, "format-cannot-hold");
    EXPECT_FALSE(fs::exists(folder_ + "/" + slug));
    EXPECT_TRUE(find_format("golang-migrate")->write(m, folder_ + "/golang_" + slug, {}));
  }
}

std::map<std::string, std::string> contents(const std::string& folder) {
  std::map<std::string, std::string> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) out[entry.path()] = testing::read_file(entry.path());
  return out;
}

TEST_F(Reading, NothingIsOverwrittenAndAFailureLeavesNothing) {
  const auto wanted = hostile_migration();
  for (const auto* format : formats()) {
    const std::string folder = folder_ + "/" + std::string(format->slug());
    ASSERT_TRUE(format->write(wanted, folder, {})) << format->slug();
    const auto before = contents(folder);
    auto again = wanted;
    again.up[0].steps[0].sql += " /* other */";
    const auto second = format->write(again, folder, {});
    EXPECT_FALSE(second) << format->slug();
    EXPECT_EQ(contents(folder), before) << format->slug();
    EXPECT_TRUE(format->write(again, folder, {.overwrite = true})) << format->slug();
    EXPECT_NE(contents(folder), before) << format->slug();
    auto bad = wanted;
    bad.name = "../x";
    EXPECT_EQ(format->write(bad, folder, {}).error().code, "bad-migration-name") << format->slug();
  }
}

TEST_F(Reading, NoWayBackIsSaidAndReadBack) {
  Migration m{.version = "20240101000000", .name = "x", .has_down = false};
  m.up = {section(true, {"CREATE TABLE a()"}), section(false, {"VACUUM a"})};
  for (const auto* format : formats()) {
    const std::string folder = folder_ + "/" + std::string(format->slug());
    ASSERT_TRUE(format->write(m, folder, {})) << format->slug();
    const auto back = format->read(folder);
    ASSERT_TRUE(back) << format->slug() << to_text(back.error());
    for (const auto& one : *back) EXPECT_FALSE(one.has_down) << format->slug();
    EXPECT_EQ(find_format(format->slug()), detect_format(folder)) << format->slug();
  }
}

TEST_F(Reading, TwoPlansFollowEachOther) {
  auto first = hostile_migration();
  for (const auto* format : formats()) {
    const std::string folder = folder_ + "/" + std::string(format->slug());
    ASSERT_TRUE(format->write(first, folder, {})) << format->slug();
    const auto version = format->next_version(folder, [] { return int64_t{0}; });  // a clock that stands still
    ASSERT_TRUE(version) << format->slug();
    Migration second{.version = *version, .name = "second", .has_down = true};
    second.up = {section(true, {"CREATE TABLE a()"})};
    second.down = {section(true, {"DROP TABLE a"})};
    ASSERT_TRUE(format->write(second, folder, {})) << format->slug();
    const auto back = format->read(folder);
    ASSERT_TRUE(back) << format->slug() << to_text(back.error());
    EXPECT_EQ(back->back().name, "second") << format->slug();
    EXPECT_EQ(back->back().version, *version) << format->slug();
  }
}

TEST_F(Reading, EveryFormatIsASource) {
  const auto wanted = hostile_migration();
  const auto direct = testing::database(*server_, hostile_origin());
  run_directly(*server_, direct, wanted.up);
  Migration origin{.version = "20240101000000", .name = "origin", .has_down = false};
  const std::string sql = hostile_origin();
  const size_t insert = sql.find("INSERT");
  const size_t function = sql.find("CREATE OR REPLACE");
  origin.up = {section(true, {sql.substr(0, insert - 2), sql.substr(insert, function - insert - 2),
                              sql.substr(function, sql.size() - function - 2)})};
  const std::string target = state_of(*server_, direct);
  const source::LoadOptions options{.read_scripts = script_ups};
  for (const auto* format : formats()) {
    SCOPED_TRACE(format->slug());
    const std::string folder = folder_ + "/" + std::string(format->slug());
    ASSERT_TRUE(format->write(origin, folder, {}));
    const auto written = format->write(wanted, folder, {});
    ASSERT_TRUE(written) << to_text(written.error());
    const auto source = source::parse_source(folder);
    ASSERT_TRUE(source) << to_text(source.error());
    EXPECT_EQ(source->type, source::SourceType::migrations);
    const auto loaded = source::load(*source, *server_, options);
    ASSERT_TRUE(loaded) << to_text(loaded.error());
    EXPECT_EQ(state_of(*server_, loaded->database), target);
  }
}

TEST_F(Reading, CratesIoReadsAsDiesel) {
  const auto path = testing::shared("corpus/histories/crates-io");
  if (!path) GTEST_SKIP() << "SKIPPED: ../shared is not here";
  const auto* format = detect_format(*path);
  ASSERT_NE(format, nullptr);
  EXPECT_EQ(format->slug(), "diesel");
  const auto back = format->read(*path);
  ASSERT_TRUE(back) << to_text(back.error());
  // find -name up.sql | wc -l, and the same of down.sql
  const auto count = [&](const std::string& name) {
    return std::stoul(shell("find " + *path + " -name " + name + " | wc -l").output);
  };
  EXPECT_EQ(back->size(), count("up.sql"));
  EXPECT_EQ(back->size(), 285U);
  size_t downs = 0;
  size_t plain = 0;
  for (const auto& one : *back) {
    downs += one.has_down ? 1 : 0;
    plain += !one.up.empty() && !one.up[0].transactional ? 1 : 0;
  }
  EXPECT_EQ(downs, count("down.sql"));
  EXPECT_EQ(plain, std::stoul(shell("grep -l 'run_in_transaction = false' " + *path + "/*/metadata.toml | wc -l").output));
}

}  // namespace
}  // namespace pga::migrate
