// Runs scripts into one database: what source::run_script and source::load share. Internal to this room.
//
//   ScriptRunner runner(connection, options);
//   PGA_CHECK(runner.start());
//   PGA_CHECK(runner.add_file("schema.sql", text, root));   // split and judged: nothing has run yet
//   PGA_CHECK(runner.run(Order::as_written));
//   runner.notes(), runner.rename_hints()
//
// Structure is sent in batches (one transaction or savepoint each); a batch that fails is rolled back and run again statement
// by statement, which gives the place, creates missing roles and leaves out what may be left out.
#pragma once
#include <deque>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "source/source.h"
#include "sql/lexer.h"
#include "sql/split.h"

namespace pga::source {

enum class Order : uint8_t {
  as_written,
  until_done,  // statements that miss an object are tried again after the others, until nothing moves
};

class ScriptRunner {
 public:
  ScriptRunner(postgres::Connection& connection, const LoadOptions& options) : connection_(connection), options_(options) {}
  void create_roles(bool may) { may_create_roles_ = may; }
  Status start();
  // root: the folder that \i and \ir may not leave; empty: no includes.
  Status add_file(const std::string& name, std::string text, const std::filesystem::path& root = {});
  Status run(Order order);
  const std::vector<std::string>& notes() const { return notes_; }
  const std::vector<std::string>& rename_hints() const { return rename_hints_; }

 private:
  struct File {
    std::string name;
    std::string text;
  };
  struct Unit {
    const File* file = nullptr;
    sql::Item item;
    std::string sql;        // what is run: the statement, or its rewritten form
    std::string_view data;  // of COPY
    bool copy = false;
    bool batch = false;
    bool session = false;
    std::string extension;  // of CREATE EXTENSION
    bool new_file = false;  // the session's settings start anew
  };
  Status include(const File& file, const sql::Item& item, const std::filesystem::path& root);
  Status add_item(const File& file, const sql::Script& script, size_t at, const std::filesystem::path& root);
  Status add_statement(const File& file, const sql::Script& script, size_t at);
  Status pass(const std::vector<const Unit*>& units, std::vector<const Unit*>* later);
  bool run_batch(const std::vector<const Unit*>& units);
  Status run_one(const Unit& unit);
  Status attempt(const Unit& unit);
  Status reset_session();
  bool tolerate(const Unit& unit, const Error& error);
  bool create_missing_role(const Error& error);
  Error located(const Unit& unit, Error error) const;
  void note(std::string text);

  postgres::Connection& connection_;
  const LoadOptions& options_;
  bool may_create_roles_ = true;
  bool stopped_ = false;    // \q
  std::deque<File> files_;  // items point into these texts
  std::deque<Unit> units_;
  std::vector<std::filesystem::path> including_;
  std::vector<std::string> notes_;
  std::vector<std::string> rename_hints_;
  bool left_out_extension_ = false;
  std::set<std::string> impossible_;  // views that read themselves, as the server names them
};

// "-- pgarchitect: rename users.name=full_name" and "full_name text, -- pgarchitect: renamed from name" of a script.
std::vector<std::string> rename_hints(const sql::Script& script, std::string_view text);
// The Debian package that is thought to hold an extension for this major version.
std::string extension_package(const std::string& extension, int major);

}  // namespace pga::source
