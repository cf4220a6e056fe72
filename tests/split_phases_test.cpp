// plan --split-phases: the migrations that it writes, run by `migrate` on a database with rows, judged by pg_dump, by row
// checksums and by what old and new application code do between them.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "program.h"

namespace pga {
namespace {

using ::testing::HasSubstr;

constexpr const char* kOld = R"(
CREATE TYPE state AS ENUM ('open', 'closed');
CREATE TABLE customers (id bigint PRIMARY KEY, name text NOT NULL, legacy text, age text, code integer);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers, state state NOT NULL);
CREATE VIEW names AS SELECT id, name FROM customers;
)";
constexpr const char* kNew = R"(
CREATE TYPE state AS ENUM ('open', 'held', 'closed');
CREATE TABLE customers (id bigint PRIMARY KEY, full_name text NOT NULL, code integer NOT NULL, joined timestamptz NOT NULL DEFAULT clock_timestamp(),
  note text CONSTRAINT note_short CHECK (char_length(note) < 100));
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers, state state NOT NULL);
CREATE INDEX orders_customer ON orders (customer_id);
CREATE UNIQUE INDEX customers_code ON customers (code);
CREATE TABLE notes (id bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers);
CREATE VIEW names AS SELECT id, full_name AS name FROM customers;
)";
constexpr const char* kRows = R"(
INSERT INTO customers SELECT i, 'name ' || i, 'kept ' || i, i::text, i FROM generate_series(1, 50) i;
INSERT INTO orders SELECT i, i, CASE WHEN i % 2 = 0 THEN 'open' ELSE 'closed' END::state FROM generate_series(1, 50) i;
)";
constexpr const char* kOldCode = R"(
INSERT INTO customers (id, name, legacy, age, code) VALUES (1000, 'old code', 'l', '7', NULL);
UPDATE customers SET name = 'old code again', legacy = NULL WHERE id = 1000;
INSERT INTO orders VALUES (1000, 1000, 'open');
SELECT customers.name, legacy, age, names.name FROM customers JOIN names USING (id);
DELETE FROM orders WHERE id = 1000;
DELETE FROM customers WHERE id = 1000;
)";
// What the new code can use before the old one is gone.
constexpr const char* kNewCode = R"(
INSERT INTO customers (id, name, code, note) VALUES (1001, 'new code', 1001, 'short');
INSERT INTO orders VALUES (1001, 1001, 'held');
INSERT INTO notes VALUES (1, 1001);
DELETE FROM notes; DELETE FROM orders WHERE id = 1001; DELETE FROM customers WHERE id = 1001;
)";

class SplitPhases : public ::testing::Test {
 protected:
  void SetUp() override {
    server_ = testing::server();
    if (server_ == nullptr) GTEST_SKIP() << "SKIPPED: no PostgreSQL 15";
    std::string pattern = (std::filesystem::temp_directory_path() / "pga_split_XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    home_ = pattern;
    std::ofstream(home_ + "/old.sql") << kOld;
    std::ofstream(home_ + "/new.sql") << kNew;
  }
  void TearDown() override {
    if (!home_.empty()) std::filesystem::remove_all(home_);
  }
  testing::Outcome run(const std::vector<std::string>& arguments) {
    return testing::Program(arguments, home_ + "/run" + std::to_string(++runs_)).wait();
  }
  void migrate(const std::string& action, const std::string& target = {}) {
    std::vector<std::string> arguments = {"migrate", action};
    if (!target.empty()) arguments.push_back(target);
    for (const auto* more : {"--db", url_.c_str(), "--dir", folder_.c_str(), "--allow", "all", "--no-input"})
      arguments.emplace_back(more);
    const auto outcome = run(arguments);
    EXPECT_EQ(outcome.code, 0) << action << "\n" << outcome.out << outcome.err;
  }
  std::string sql(const std::string& text) const {
    auto connection = postgres::Connection::open(url_);
    EXPECT_TRUE(connection);
    const auto rows = connection->execute_rows(text);
    EXPECT_TRUE(rows) << text << "\n" << (rows ? "" : to_text(rows.error()));
    return rows && rows->size() > 0 ? std::string(rows->text(0, 0)) : "";
  }
  // pg_dump without the history and what is parked. Columns are sorted: one that comes back stands last, which nobody can help.
  std::string dump(const std::string& url) {
    const std::string path = home_ + "/dump";
    const std::string command =
        testing::client_program("pg_dump") + " -s -N 'pgarchitect*' -d '" + url + "' > '" + path + "' 2>&1";
    EXPECT_EQ(std::system(command.c_str()), 0);
    std::vector<std::string> out;
    size_t columns = 0;  // where those of a CREATE TABLE begin; 0: not inside
    for (auto line : split(testing::read_file(path), '\n')) {
      if (line.starts_with("\\restrict") || line.starts_with("\\unrestrict")) continue;
      if (line == ");" && columns > 0) std::sort(out.begin() + static_cast<std::ptrdiff_t>(std::exchange(columns, 0)), out.end());
      if (columns > 0 && line.ends_with(",")) line.pop_back();
      out.push_back(line);
      if (line.starts_with("CREATE TABLE ")) columns = out.size();
    }
    return join(out, "\n");
  }
  std::string rows() const {
    return sql(
        "SELECT md5(string_agg(c::text || o::text, ',' ORDER BY c.id)) FROM (SELECT id, name, legacy, age, code FROM customers) "
        "c "
        "JOIN orders o ON o.customer_id = c.id");
  }

  postgres::Server* server_ = nullptr;
  std::string home_, url_, folder_;
  int runs_ = 0;
};

TEST_F(SplitPhases, OldAndNewCodeRunInBetweenAndEachPartGoesBack) {
  folder_ = home_ + "/migrations";
  const auto planned = run({"plan", home_ + "/old.sql", home_ + "/new.sql", "--split-phases", "--rename",
                            "customers.name=full_name", "--allow", "all", "--name", "grow", "-o", folder_, "--no-input"});
  ASSERT_EQ(planned.code, 0) << planned.out << planned.err;
  std::vector<std::string> parts;
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(".up.sql")) parts.push_back(name);
  }
  std::ranges::sort(parts);
  ASSERT_EQ(parts.size(), 3U) << join(parts, " ");
  EXPECT_THAT(parts[0], HasSubstr("grow_expand"));
  EXPECT_THAT(parts[1], HasSubstr("grow_migrate_data"));
  EXPECT_THAT(parts[2], HasSubstr("grow_contract"));

  const std::string database = testing::database(*server_, std::string(kOld) + kRows);
  url_ = server_->url(database);
  const std::string origin = dump(url_), origin_rows = rows();
  std::vector<std::string> versions, states;
  for (const auto& part : parts) versions.push_back(part.substr(0, part.find('_')));
  for (size_t i = 0; i < 2; ++i) {
    migrate("to", versions[i]);
    sql(kOldCode);
    sql(kNewCode);
    EXPECT_EQ(rows(), origin_rows) << parts[i];
    states.push_back(dump(url_));
  }
  EXPECT_NE(states[0], states[1]);
  EXPECT_EQ(sql("SELECT count(*) FROM customers WHERE joined IS NULL"), "0");
  migrate("up");
  EXPECT_EQ(dump(url_), dump(server_->url(testing::database(*server_, kNew))));
  migrate("down");
  EXPECT_EQ(dump(url_), states[1]);
  EXPECT_EQ(rows(), origin_rows) << "what contract dropped is there again";
  migrate("up");
  migrate("down");
  EXPECT_EQ(rows(), origin_rows);
  migrate("down");
  EXPECT_EQ(dump(url_), states[0]);
  migrate("down");
  EXPECT_EQ(dump(url_), origin);
  EXPECT_EQ(rows(), origin_rows);
}

TEST_F(SplitPhases, WhatOnlyAddsStaysOneMigrationAndSaysSo) {
  std::ofstream(home_ + "/new.sql") << kOld << "CREATE TABLE more (id int);";
  const auto planned = run({"plan", home_ + "/old.sql", home_ + "/new.sql", "--split-phases", "--json"});
  ASSERT_EQ(planned.code, 0) << planned.out << planned.err;
  EXPECT_THAT(planned.out, HasSubstr("--split-phases: the plan stays one migration: it only adds, in one phase"));
}

}  // namespace
}  // namespace pga
