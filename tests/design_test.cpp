// Every design is run and probed: rows that it must take, rows that it must refuse and by which rule, indexes that its queries
// use.
#include "design/design.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "base/text.h"
#include "design/pattern.h"
#include "design_cases.h"
#include "postgres/catalog.h"
#include "program.h"
#include "source/source.h"
#include "support.h"

namespace pga::testing {
namespace {
namespace fs = std::filesystem;

std::vector<DesignCase> all_cases() {
  std::vector<DesignCase> out;
  for (const auto family : {design_cases_mission, design_cases_commerce, design_cases_time, design_cases_structure,
                            design_cases_content, design_cases_identity, design_cases_integration, design_cases_rules}) {
    for (auto& one : family()) out.push_back(std::move(one));
  }
  return out;
}

class Design : public ::testing::TestWithParam<std::tuple<int, DesignCase>> {};

Result<design::Designed> designed(postgres::Server& server, const DesignCase& one, std::string& name) {
  PGA_TRY(name, server.create_database());
  PGA_TRY(auto connection, postgres::Connection::open(server.url(name)));
  if (!one.before.empty()) PGA_CHECK(connection.execute(one.before));
  if (!one.rows.empty()) PGA_CHECK(connection.execute(one.rows));
  PGA_TRY(const auto model, postgres::read_catalog(connection));
  const auto understood = request::understand(one.request, design::vocabulary_of(model));
  PGA_TRY(const auto out, design::design(understood, model, {.answers = one.answers, .major = server.major()}));
  PGA_TRY(const auto again, design::design(understood, model, {.answers = one.answers, .major = server.major()}));
  EXPECT_EQ(out.sql, again.sql);
  PGA_TRY(const auto notes, source::run_script(connection, out.sql, "design"));
  (void)notes;
  return out;
}

TEST_P(Design, TakesAndRefuses) {
  const auto& [major, one] = GetParam();
  auto* server = testing::server(major);
  if (server == nullptr) GTEST_SKIP() << "no PostgreSQL " << major << " on this machine";
  std::string name;
  const auto made = designed(*server, one, name);
  ASSERT_TRUE(made) << to_text(made.error());
  auto connection = postgres::Connection::open(server->url(name));
  ASSERT_TRUE(connection);
  for (const auto& sql : one.accepted) {
    const auto done = connection->execute(sql);
    EXPECT_TRUE(done) << sql << "\n" << to_text(done.error());
  }
  for (const auto& [sql, constraint] : one.refused) {
    const auto done = connection->execute(sql);
    EXPECT_FALSE(done) << "taken: " << sql;
    if (!done) {
      EXPECT_THAT(done.error().message, ::testing::HasSubstr(constraint)) << sql;
    }
  }
  ASSERT_TRUE(connection->execute("SET enable_seqscan = off"));
  for (const auto& [query, index] : one.plans) {
    const auto rows = connection->execute_rows("EXPLAIN " + query);
    ASSERT_TRUE(rows) << query << "\n" << to_text(rows.error());
    std::string plan;
    for (int r = 0; r < rows->size(); ++r) plan += std::string(rows->text(r, 0)) + "\n";
    EXPECT_THAT(plan, ::testing::HasSubstr(index)) << query;
  }
  // What is shown as an example is SQL of this schema.
  for (const auto& example : made->queries) {
    const auto done = connection->execute("PREPARE example AS " + example.sql);
    EXPECT_TRUE(done) << example.sql << "\n" << to_text(done.error());
    if (done) {
      EXPECT_TRUE(connection->execute("DEALLOCATE example"));
    }
  }
  // Every column, rule and index that was made says why.
  for (const auto& cause : made->causes) EXPECT_NE(cause.reason, "") << cause.object;
  (void)server->drop_database(name);
}

INSTANTIATE_TEST_SUITE_P(List, Design, ::testing::Combine(::testing::Values(15, 18), ::testing::ValuesIn(all_cases())),
                         [](const auto& one) {
                           return std::get<1>(one.param).name + "_" + std::to_string(std::get<0>(one.param));
                         });

// The whole command, with the migration proven both ways.
class DesignCommand : public ::testing::TestWithParam<DesignCase> {};

TEST_P(DesignCommand, IsProven) {
  if (testing::server(15) == nullptr) GTEST_SKIP() << "no PostgreSQL 15 on this machine";
  const fs::path folder = fs::temp_directory_path() / ("pga_design_" + GetParam().name);
  fs::remove_all(folder);
  fs::create_directories(folder);
  std::ofstream(folder / "schema.sql") << GetParam().before;
  std::vector<std::string> words = {"design", GetParam().request, "--schema", folder / "schema.sql",
                                    "-o",     folder / "out",     "--json",   "--no-input"};
  for (const auto& [id, answer] : GetParam().answers) words.insert(words.end(), {"--answer", id + "=" + answer});
  Program program(words, folder / "run");
  const auto outcome = program.wait();
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  EXPECT_TRUE(nlohmann::json::parse(outcome.out).at("proven").get<bool>());
  for (const char* file : {"decisions.md", "design.brief"}) EXPECT_NE(read_file(folder / "out" / file), "") << file;
  fs::remove_all(folder);
}

INSTANTIATE_TEST_SUITE_P(List, DesignCommand, ::testing::ValuesIn(all_cases()), [](const auto& one) { return one.param.name; });

// No pattern is without a case.
TEST(DesignCoverage, EveryPatternHasACase) {
  std::set<std::string> reached;
  for (const auto& one : all_cases()) {
    for (const auto& statement : request::understand(one.request, {}).statements) reached.insert(statement.name);
  }
  for (const auto* pattern : design::all_patterns())
    EXPECT_TRUE(reached.contains(std::string(pattern->slug))) << "no case asks for " << pattern->slug;
}

// The two complete briefs of the specification, end to end.
TEST(DesignBriefs, OfTheSpecificationAreProven) {
  const auto spec = testing::shared("spec/brief.md");
  if (!spec) GTEST_SKIP() << "SKIPPED: there is no ../shared/spec/brief.md";
  if (testing::server(15) == nullptr) GTEST_SKIP() << "SKIPPED: no PostgreSQL 15 on this machine";
  const std::string text = read_file(*spec);
  const fs::path folder = fs::temp_directory_path() / "pga_design_briefs";
  fs::remove_all(folder);
  fs::create_directories(folder);
  int briefs = 0;
  for (size_t at = text.find("```"); at != std::string::npos; at = text.find("```", at)) {
    const size_t begin = text.find('\n', at) + 1, end = text.find("```", begin);
    ASSERT_NE(end, std::string::npos);
    const std::string file = folder / ("brief" + std::to_string(++briefs) + ".brief");
    std::ofstream(file) << text.substr(begin, end - begin);
    at = end + 3;
    Program program({"design", file, "-o", folder / ("out" + std::to_string(briefs)), "--json", "--no-input"}, folder / "run");
    const auto outcome = program.wait();
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    const auto answer = nlohmann::json::parse(outcome.out, nullptr, false);
    ASSERT_TRUE(answer.is_object()) << outcome.out;
    EXPECT_TRUE(answer.value("proven", false));
    EXPECT_TRUE(answer.at("not_understood").empty()) << answer.at("not_understood").dump(1);
  }
  EXPECT_EQ(briefs, 2);
  fs::remove_all(folder);
}

}  // namespace
}  // namespace pga::testing
