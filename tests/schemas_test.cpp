// Every --json output of the built program against the JSON Schema that docs/schemas publishes for it. The validator below knows
// the keywords that those files use and refuses others, so that nothing in them is silently not checked.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "base/text.h"
#include "program.h"
#include "support.h"

namespace pga::testing {
namespace {
namespace fs = std::filesystem;
using json = nlohmann::json;

class Schemas {
 public:
  // What is wrong with a value, each with its place; empty: it is valid.
  std::vector<std::string> problems(const std::string& file, const json& value) {
    problems_.clear();
    check(document(file), file, value, "$");
    return problems_;
  }
  // Keywords that the validator does not know.
  std::vector<std::string> unknown_keywords(const std::string& file) {
    problems_.clear();
    keywords(document(file), file);
    return problems_;
  }

 private:
  const json& document(const std::string& file) {
    auto [it, fresh] = documents_.try_emplace(file);
    if (fresh) it->second = json::parse(read_file(std::string(PGA_SOURCE_DIR) + "/docs/schemas/" + file));
    return it->second;
  }
  void wrong(const std::string& place, const std::string& what) { problems_.push_back(place + ": " + what); }

  static bool has_type(const json& value, const std::string& type) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_boolean();
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    return type == "null" && value.is_null();
  }

  void check(const json& schema, const std::string& file, const json& value, const std::string& place) {
    if (const auto it = schema.find("$ref"); it != schema.end()) return follow(it->get<std::string>(), file, value, place);
    if (const auto it = schema.find("anyOf"); it != schema.end()) return any_of(*it, file, value, place);
    if (const auto it = schema.find("type"); it != schema.end() && !has_type(value, it->get<std::string>()))
      return wrong(place, "is no " + it->get<std::string>() + ": " + value.dump().substr(0, 80));
    if (const auto it = schema.find("enum"); it != schema.end() && std::find(it->begin(), it->end(), value) == it->end())
      wrong(place, "is none of " + it->dump() + ": " + value.dump());
    if (value.is_object()) check_object(schema, file, value, place);
    if (value.is_array() && schema.contains("items"))
      for (size_t i = 0; i < value.size(); ++i) check(schema["items"], file, value[i], place + "[" + std::to_string(i) + "]");
  }

  void check_object(const json& schema, const std::string& file, const json& value, const std::string& place) {
    for (const auto& name : schema.value("required", json::array()))
      if (!value.contains(name.get<std::string>())) wrong(place, "lacks " + name.dump());
    const json properties = schema.value("properties", json::object());
    for (const auto& [name, member] : value.items()) {
      const std::string where = place + "." + name;
      if (properties.contains(name))
        check(properties[name], file, member, where);
      else if (schema["additionalProperties"].is_object())
        check(schema["additionalProperties"], file, member, where);
      else
        wrong(where, "is not in the schema");
    }
  }

  void follow(const std::string& reference, const std::string& file, const json& value, const std::string& place) {
    const size_t hash = reference.find('#');
    const std::string other = hash == 0 ? file : reference.substr(0, hash);
    check(document(other).at(json::json_pointer(reference.substr(hash + 1))), other, value, place);
  }

  void any_of(const json& choices, const std::string& file, const json& value, const std::string& place) {
    std::vector<std::string> all;
    for (const auto& choice : choices) {
      Schemas one;
      one.check(choice, file, value, place);
      if (one.problems_.empty()) return;
      all.insert(all.end(), one.problems_.begin(), one.problems_.end());
    }
    problems_.insert(problems_.end(), all.begin(), all.end());
  }

  void keywords(const json& schema, const std::string& place) {
    static const std::set<std::string> kKnown = {
        "$schema",    "$id",      "$ref",  "$defs", "title", "description",         "type",
        "properties", "required", "items", "enum",  "anyOf", "additionalProperties"};
    for (const auto& [name, value] : schema.items()) {
      if (!kKnown.contains(name)) wrong(place, "the keyword " + name + " is not checked");
      if (name == "properties" || name == "$defs") {
        for (const auto& [key, member] : value.items()) keywords(member, place + "/" + key);
      } else if (name == "items" || (name == "additionalProperties" && value.is_object())) {
        keywords(value, place + "/" + name);
      } else if (name == "anyOf") {
        for (const auto& choice : value) keywords(choice, place + "/anyOf");
      }
    }
    if (schema.value("type", "") == "object" && !schema.contains("additionalProperties"))
      wrong(place, "an object must say whether it has further properties");
  }

  std::map<std::string, json> documents_;
  std::vector<std::string> problems_;
};

class JsonOutput : public ::testing::Test {
 protected:
  void SetUp() override {
    if (server() == nullptr) GTEST_SKIP() << "no PostgreSQL 15 on this machine";
    std::string pattern = (fs::temp_directory_path() / "pga_schemas_XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    home_ = pattern;
    fs::create_directory(home_ + "/migrations");
  }
  void TearDown() override {
    if (!home_.empty()) fs::remove_all(home_);
  }
  void write(const std::string& name, const std::string& text) const { std::ofstream(home_ + "/" + name) << text; }
  // Runs a command with --json, and holds its output against a schema.
  json expect(const std::string& schema, std::vector<std::string> arguments, int code) {
    SCOPED_TRACE(join(arguments, " "));
    arguments.emplace_back("--json");
    const auto outcome = Program(arguments, home_ + "/run").wait();
    EXPECT_EQ(outcome.code, code) << outcome.out << outcome.err;
    const json value = json::parse(outcome.out, nullptr, false);
    EXPECT_FALSE(value.is_discarded()) << "no JSON: " << outcome.out;
    if (value.is_discarded()) return {};
    EXPECT_EQ(join(schemas_.problems(schema, value), "\n"), "") << schema;
    used_.insert(schema);
    return value;
  }
  json migrate(const std::string& schema, std::vector<std::string> arguments, int code) {
    arguments.insert(arguments.begin(), "migrate");
    arguments.insert(arguments.end(), {"--db", url_, "--dir", home_ + "/migrations", "--no-input"});
    return expect(schema, std::move(arguments), code);
  }
  std::string home_, url_;
  Schemas schemas_;
  std::set<std::string> used_;
};

TEST(SchemaFiles, HoldNothingThatIsNotChecked) {
  Schemas schemas;
  int files = 0;
  for (const auto& entry : fs::directory_iterator(std::string(PGA_SOURCE_DIR) + "/docs/schemas")) {
    if (entry.path().extension() != ".json") continue;
    EXPECT_EQ(join(schemas.unknown_keywords(entry.path().filename()), "\n"), "");
    ++files;
  }
  EXPECT_GE(files, 16);
}

// Else a schema could be one that nothing can fail.
TEST(SchemaFiles, RefuseWhatIsWrong) {
  Schemas schemas;
  const auto wrong = [&](const std::string& file, const std::string& text) {
    return !schemas.problems(file, json::parse(text)).empty();
  };
  EXPECT_TRUE(wrong("version.json", "{}"));
  EXPECT_TRUE(wrong("version.json", R"({"version": 1, "revision": "", "grammar": "", "libpq": ""})"));
  EXPECT_FALSE(wrong("version.json", R"({"version": "1", "revision": "", "grammar": "", "libpq": ""})"));
  EXPECT_TRUE(wrong("version.json", R"({"version": "1", "revision": "", "grammar": "", "libpq": "", "more": 1})"));
  EXPECT_TRUE(wrong("hazards.json", R"({"hazards": [{"name": "danger", "meaning": ""}]})"));
  EXPECT_TRUE(wrong("prove-history.json", R"({"failed": false, "server": "15", "migrations": [{}]})"));
  EXPECT_TRUE(wrong("diff.json", R"({"renames": [], "rename_candidates": [], "differences": [{"type": "added"}]})"));
}

TEST_F(JsonOutput, EveryCommandPrintsWhatItsSchemaSays) {
  const auto name = database(*server(),
                             "CREATE SCHEMA app; CREATE TYPE mood AS ENUM ('a'); CREATE TABLE app.t (id int PRIMARY KEY, "
                             "m mood, u text DEFAULT 'x'); CREATE INDEX ON app.t (u); COMMENT ON TABLE app.t IS 'c'; GRANT "
                             "SELECT ON app.t TO PUBLIC; CREATE VIEW app.v AS SELECT id FROM app.t;");
  url_ = server()->url(name);
  write("old.sql", "CREATE TABLE users (id int PRIMARY KEY, name text); CREATE VIEW names AS SELECT name FROM users;\n");
  write("new.sql",
        "CREATE TABLE users (id bigint PRIMARY KEY, full_name text, age int CHECK (age > 0));\nCREATE INDEX ON users (age);\n");
  write("queries.sql", "SELECT name FROM users;\nSELECT nothing FROM nowhere;\n");
  const std::string old_file = home_ + "/old.sql", new_file = home_ + "/new.sql";
  expect("version.json", {"--version"}, 0);
  expect("kinds.json", {"kinds"}, 0);
  expect("kinds.json", {"kinds", "column"}, 0);
  expect("formats.json", {"formats"}, 0);
  expect("hazards.json", {"hazards"}, 0);
  const std::string brief = std::string(PGA_SOURCE_DIR) + "/tests/requests/briefs/events_app.brief";
  expect("brief-fmt.json", {"brief", "fmt", brief}, 0);
  EXPECT_GT(expect("brief.json", {"brief", "check", brief}, 0).at("statements").size(), 40U);
  write("wrong.txt", "orders have status (new, paid); a user can not frobnicate 17 gizmos; Users follow each other.\n");
  const auto wrong = expect("brief.json", {"brief", "explain", home_ + "/wrong.txt"}, 1);
  EXPECT_FALSE(wrong.at("not_understood").empty());
  EXPECT_FALSE(wrong.at("questions").empty());
  const auto designed =
      expect("design.json", {"design", "add email verification to users", "--schema", old_file, "--no-input"}, 0);
  EXPECT_FALSE(designed.at("decisions").empty());
  EXPECT_FALSE(designed.at("causes").empty());
  EXPECT_GT(expect("inspect.json", {"inspect", url_}, 0).at("objects").size(), 5U);
  expect("inspect.json", {"inspect", "empty:"}, 0);
  EXPECT_EQ(expect("stats.json", {"stats", "--db", url_}, 0).at("relations").size(), 3U);
  write("workload.sql", "SELECT * FROM app.t WHERE m = 'a';\nSELECT nothing FROM nowhere;\nBEGIN;\n");
  EXPECT_EQ(expect("index.json", {"index", "--db", url_, "--workload", home_ + "/workload.sql"}, 0).at("skipped").size(), 1U);
  expect("error.json", {"index", "--db", url_}, 3);  // no pg_stat_statements
  EXPECT_GT(expect("diff.json", {"diff", old_file, new_file}, 1).at("differences").size(), 2U);
  expect("diff.json", {"diff", old_file, old_file}, 0);
  const auto plan = expect("plan.json", {"plan", old_file, new_file, "--workload", home_ + "/queries.sql"}, 4);  // a query breaks
  EXPECT_GT(plan.at("up").size(), 0U);
  EXPECT_GT(plan.at("proof").at("steps").size(), 0U);
  expect("plan.json", {"plan", old_file, old_file}, 0);
  expect("plan.json", {"plan", old_file, new_file, "--no-proof", "--rename", "users.name=full_name"}, 0);
  expect("plan.json", {"plan", "empty:", old_file, "--name", "x", "-o", home_ + "/out", "--allow", "all"}, 0);
  expect("plan.json", {"prove", old_file, new_file}, 0);
  expect("prove-history.json", {"prove", home_ + "/out"}, 0);
  expect("error.json", {"inspect", home_ + "/none.sql"}, 3);
  write("bad.sql", "CREATE TABLE t (\n  i nothing\n);\n");
  EXPECT_EQ(expect("error.json", {"inspect", home_ + "/bad.sql"}, 3).at("error").at("place").at("line"), 2);
  expect("error.json", {"inspekt"}, 2);
  EXPECT_EQ(used_.size(), 14U);
}

TEST_F(JsonOutput, EveryActionOfMigratePrintsWhatItsSchemaSays) {
  url_ = server()->url(database(*server()));
  write("migrations/1_a.up.sql", "CREATE TABLE a (i int DEFAULT 1, j text DEFAULT 'x');\n");
  write("migrations/1_a.down.sql", "DROP TABLE a;\n");
  write("migrations/2_b.up.sql", "ALTER TABLE a DROP COLUMN j;\n");
  write("migrations/2_b.down.sql", "ALTER TABLE a ADD COLUMN j text;\n");  // forgets the default
  migrate("migrate-status.json", {"status"}, 1);
  const auto before = migrate("migrate-verify.json", {"verify"}, 4);
  EXPECT_TRUE(before.at("proof").at("failed").get<bool>());
  EXPECT_EQ(before.at("proof").at("migrations").size(), 2U);
  EXPECT_EQ(before.at("proof").at("migrations").at(1).at("repair").at("judgement").at("verdict"), "proven");
  migrate("migrate-dry-run.json", {"up", "--dry-run"}, 0);
  EXPECT_EQ(migrate("migrate-run.json", {"up"}, 0).at("migrations").size(), 2U);
  migrate("migrate-dry-run.json", {"down", "2", "--dry-run"}, 0);
  migrate("migrate-run.json", {"redo", "--allow", "all"}, 0);
  migrate("migrate-run.json", {"to", "1", "--allow", "all"}, 0);
  migrate("migrate-run.json", {"down", "--allow", "all"}, 0);
  migrate("migrate-done.json", {"baseline", "1"}, 0);
  migrate("migrate-status.json", {"status"}, 1);
  migrate("migrate-remedies.json", {"repair"}, 0);
  write("migrations/1_a.up.sql", "CREATE TABLE a (i int DEFAULT 2);\n");
  migrate("migrate-remedies.json", {"repair"}, 1);
  EXPECT_EQ(migrate("migrate-verify.json", {"verify"}, 7).at("problems").at(0).at("code"), "edited-migration");
  migrate("migrate-done.json", {"repair", "accept-edited"}, 0);
  migrate("error.json", {"to", "99"}, 2);
  EXPECT_EQ(used_.size(), 7U);
}

}  // namespace
}  // namespace pga::testing
