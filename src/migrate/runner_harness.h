// What the runner's tests share: a database, a folder of files, and the built program as a process of its own that can be killed.
// For tests only. The outside judges are psql, pg_dump and queries on the catalogs.
#pragma once
#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/text.h"
#include "postgres/connection.h"
#include "program.h"
#include "support.h"

namespace pga::migrate {

using testing::eventually;
using testing::Outcome;
using testing::Program;
using testing::sleep_ms;

class Runners : public ::testing::Test {
 protected:
  void SetUp() override {
    server_ = testing::server();
    if (server_ == nullptr) GTEST_SKIP() << "no PostgreSQL 15 on this machine";
    std::string pattern = (std::filesystem::temp_directory_path() / "pga_runner_XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern + "/migrations";
    std::filesystem::create_directory(folder_);
    fresh();
  }
  void TearDown() override {
    close_session();
    if (!folder_.empty()) std::filesystem::remove_all(home());
  }
  std::string home() const { return std::filesystem::path(folder_).parent_path(); }
  void fresh(const std::string& from = {}) {
    close_session();  // a template must have none
    auto made = server_->create_database(from);
    ASSERT_TRUE(made) << to_text(made.error());
    database_ = *made;
    url_ = server_->url(database_);
  }
  void file(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ + "/" + name, std::ios::binary) << text;
  }
  Program start(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "migrate");
    arguments.insert(arguments.end(), {"--db", url_, "--dir", folder_});
    return {arguments, home() + "/run" + std::to_string(++runs_)};
  }
  Outcome migrate(const std::vector<std::string>& arguments) { return start(arguments).wait(); }
  postgres::Connection connect() const {
    auto opened = postgres::Connection::open(url_);
    EXPECT_TRUE(opened) << to_text(opened.error());
    return std::move(*opened);
  }
  // The first value of the first row, or the error. On one session that is kept: opening one takes longer than most questions.
  std::string sql(const std::string& text) const {
    if (session_url_ != url_) close_session();
    if (!session_ || !session_->alive()) {
      auto opened = postgres::Connection::open(url_);
      if (!opened) return "ERROR: " + opened.error().message;
      session_.emplace(std::move(*opened));
      session_url_ = url_;
    }
    const auto rows = session_->execute_rows(text);
    if (!rows && !session_->alive()) {  // its server was killed, and started again since
      session_.reset();
      return sql_once(text);
    }
    if (!rows) return "ERROR: " + rows.error().message;
    return rows->size() > 0 ? std::string(rows->text(0, 0)) : "";
  }
  std::string sql_once(const std::string& text) const {
    auto connection = connect();
    const auto rows = connection.execute_rows(text);
    if (!rows) return "ERROR: " + rows.error().message;
    return rows->size() > 0 ? std::string(rows->text(0, 0)) : "";
  }
  // Everything but the history, rows too, as pg_dump writes it; rows sorted: where they lie in the file means nothing.
  std::string dump() const {
    const std::string path = home() + "/dump";
    const std::string command = testing::client_program("pg_dump") + " -N pgarchitect -d '" + url_ + "' > '" + path + "' 2>&1";
    EXPECT_EQ(std::system(command.c_str()), 0) << testing::read_file(path);
    std::vector<std::string> kept;
    size_t rows = 0;  // where the lines of a COPY begin; 0: not inside
    for (const auto& line : split(testing::read_file(path), '\n')) {
      if (line.starts_with("\\restrict") || line.starts_with("\\unrestrict")) continue;
      if (line == "\\." && rows > 0) std::sort(kept.begin() + static_cast<std::ptrdiff_t>(std::exchange(rows, 0)), kept.end());
      kept.push_back(line);
      if (line.starts_with("COPY ") && line.ends_with("FROM stdin;")) rows = kept.size();
    }
    return join(kept, "\n");
  }
  static std::string show(const Outcome& outcome) {
    return "exit " + std::to_string(outcome.code) + "\n" + outcome.out + outcome.err;
  }

  // Waits until the server process is gone, or CREATE DATABASE would wait for it, in steps of 100 ms.
  void close_session() const {
    if (session_ && session_->alive() && session_->send("SELECT pg_terminate_backend(pg_backend_pid())"))
      (void)session_->receive();
    session_.reset();
  }

  postgres::Server* server_ = nullptr;
  mutable std::optional<postgres::Connection> session_;
  mutable std::string session_url_;
  std::string folder_, database_, url_;
  int runs_ = 0;
};

}  // namespace pga::migrate
