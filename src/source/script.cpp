#include "source/script.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "base/quote.h"
#include "base/text.h"
#include "postgres/server.h"
#include "source/confine.h"

namespace pga::source {
namespace fs = std::filesystem;
namespace {

constexpr size_t kBatch = 300;
constexpr size_t kIncludeDepth = 16;
constexpr std::string_view kUndefinedObject = "42704";

// Something that another statement may still create.
bool is_missing(const Error& error) {
  for (const std::string_view state : {"42P01", "42704", "42883", "3F000", "42703"}) {
    if (error.sqlstate == state) return true;
  }
  // "there is no unique constraint matching given keys": it may come in a later file
  return error.sqlstate == "42830";
}

// The name between the first quotes of: role "app" does not exist
std::string quoted_in(const std::string& message, std::string_view before) {
  if (!starts_with_nocase(message, before)) return {};
  const size_t open = message.find('"');
  const size_t close = message.rfind('"');
  return open == std::string::npos || close <= open ? std::string() : message.substr(open + 1, close - open - 1);
}

std::string first_line(std::string_view sql) {
  const auto line = trim(sql.substr(0, sql.find('\n')));
  return comment_safe(line.size() > 100 ? std::string(line.substr(0, 97)) + "..." : std::string(line));
}

bool reads_itself(std::string_view sql, const std::string& relation) {
  const auto words = sql::words(sql, 10);
  size_t at = 0;
  while (at < words.size() && !words[at].is("view")) ++at;
  if (words.empty() || !words[0].is("create") || relation.empty() || at + 1 >= words.size()) return false;
  const bool qualified = at + 3 < words.size() && words[at + 2].is_symbol('.');
  return relation == (qualified ? words[at + 1].text + "." + words[at + 3].text : words[at + 1].text);
}

bool below(const fs::path& folder, const fs::path& path) {
  const auto relative = path.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

}  // namespace

void ScriptRunner::note(std::string text) {
  if (std::find(notes_.begin(), notes_.end(), text) == notes_.end()) notes_.push_back(std::move(text));
}

Status ScriptRunner::start() {
  return reset_session();
}

Status ScriptRunner::reset_session() {
  return connection_.execute("RESET ALL; RESET SESSION AUTHORIZATION; SET lc_messages = 'C'; SET statement_timeout = " +
                             std::to_string(options_.statement_timeout_ms) + "; SET lock_timeout = '30s'");
}

Status ScriptRunner::add_file(const std::string& name, std::string text, const fs::path& root) {
  files_.push_back({name, std::move(text)});
  const File& file = files_.back();
  PGA_TRY(auto script, sql::split(file.text, name));
  for (auto& hint : source::rename_hints(script, file.text)) rename_hints_.push_back(std::move(hint));
  const size_t first = units_.size();
  for (size_t i = 0; i < script.items.size() && !stopped_; ++i) PGA_CHECK(add_item(file, script, i, root));
  if (first < units_.size() && including_.empty()) units_[first].new_file = true;
  if (including_.empty()) stopped_ = false;
  return {};
}

Status ScriptRunner::add_item(const File& file, const sql::Script& script, size_t at, const fs::path& root) {
  const auto& item = script.items[at];
  if (item.type == sql::ItemType::copy_data) return {};  // taken with its COPY
  if (item.type == sql::ItemType::statement) return add_statement(file, script, at);
  const auto name = item.text.substr(0, item.text.find_first_of(" \t\r"));
  if (name == "\\i" || name == "\\ir" || name == "\\include" || name == "\\include_relative") return include(file, item, root);
  if (name == "\\q") {
    stopped_ = true;
    return {};
  }
  const auto judged = judge_meta_command(item.text);
  const Place place{file.name, item.line, item.column};
  if (judged.verdict == Verdict::refuse) return fail("refused-statement", judged.why, judged.hint, place);
  if (!judged.why.empty()) note("skipped: " + judged.why);
  return {};
}

Status ScriptRunner::add_statement(const File& file, const sql::Script& script, size_t at) {
  const auto& item = script.items[at];
  const auto words = sql::words(item.text);
  auto judged = judge_statement(item.text, words);
  if (judged.verdict == Verdict::refuse) {
    return fail("refused-statement", judged.why, judged.hint, {file.name, item.line, item.column});
  }
  if (judged.verdict == Verdict::skip) {
    if (!judged.why.empty()) note("skipped: " + judged.why);
    return {};
  }
  Unit unit;
  unit.file = &file;
  unit.item = item;
  unit.sql = judged.rewritten.empty() ? std::string(item.text) : std::move(judged.rewritten);
  unit.copy = words[0].is("copy");  // every other form of COPY is refused or skipped
  if (at + 1 < script.items.size() && script.items[at + 1].type == sql::ItemType::copy_data) {
    unit.data = script.items[at + 1].text;
  }
  unit.batch = !unit.copy && can_batch(words);
  unit.session = sets_session(words);
  unit.extension = created_extension(words);
  units_.push_back(std::move(unit));
  return {};
}

Status ScriptRunner::include(const File& file, const sql::Item& item, const fs::path& root) {
  const Place place{file.name, item.line, item.column};
  const size_t space = item.text.find_first_of(" \t");
  std::string wanted(space == std::string_view::npos ? std::string_view() : trim(item.text.substr(space)));
  if (wanted.size() > 1 && wanted.front() == '\'' && wanted.back() == '\'') wanted = wanted.substr(1, wanted.size() - 2);
  if (root.empty()) return fail("refused-include", "\\i is not possible here", "put the statements into the script", place);
  std::error_code failed;
  const fs::path target = fs::weakly_canonical(fs::path(file.name).parent_path() / wanted, failed);
  // What is included must lie below the script's own folder, also after links were followed.
  if (wanted.empty() || failed || fs::path(wanted).is_absolute() || !below(fs::canonical(root, failed), target)) {
    return fail("refused-include", "\\i " + comment_safe(wanted) + " leads out of the folder " + root.string(),
                "only files in the folder of the script or below it are included", place);
  }
  if (!fs::is_regular_file(target, failed)) return fail("no-file", "the included file " + wanted + " does not exist", {}, place);
  if (including_.size() >= kIncludeDepth || std::find(including_.begin(), including_.end(), target) != including_.end()) {
    return fail("include-loop", "the file " + wanted + " includes itself", {}, place);
  }
  std::ifstream in(target, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  including_.push_back(target);
  auto done = add_file((fs::path(file.name).parent_path() / wanted).lexically_normal().string(), text.str(), root);
  including_.pop_back();
  return done;
}

Status ScriptRunner::run(Order order) {
  std::vector<const Unit*> pending;
  for (const auto& unit : units_) pending.push_back(&unit);
  while (!pending.empty()) {
    std::vector<const Unit*> later;
    PGA_CHECK(pass(pending, order == Order::until_done ? &later : nullptr));
    size_t left = 0;
    size_t before = 0;
    for (const auto* unit : later) left += unit->session ? 0 : 1;
    for (const auto* unit : pending) before += unit->session ? 0 : 1;
    if (left == 0) break;
    if (left == before) {  // nothing moved: the first one says why
      PGA_CHECK(pass(later, nullptr));
    }
    pending = std::move(later);
  }
  if (!connection_.in_transaction()) return {};
  PGA_CHECK(connection_.execute("ROLLBACK"));
  return fail("open-transaction", "the script ends inside of a transaction: a COMMIT is missing", {},
              {files_.empty() ? std::string() : files_.back().name, 0, 0});
}

// Runs units in order. `later` receives those that miss an object, and the SET statements of their files.
Status ScriptRunner::pass(const std::vector<const Unit*>& units, std::vector<const Unit*>* later) {
  for (size_t at = 0; at < units.size();) {
    const Unit& unit = *units[at];
    if (unit.new_file || (at > 0 && units[at - 1]->file != unit.file && later != nullptr)) {
      if (!connection_.in_transaction()) PGA_CHECK(reset_session());
    }
    std::vector<const Unit*> batch;
    while (at + batch.size() < units.size() && batch.size() < kBatch) {
      const Unit& next = *units[at + batch.size()];
      if (!next.batch || (!batch.empty() && next.new_file)) break;
      batch.push_back(&next);
    }
    if (batch.size() > 2 && run_batch(batch)) {
      at += batch.size();
      continue;
    }
    const size_t end = at + std::max<size_t>(batch.size(), 1);
    for (; at < end; ++at) {
      auto done = run_one(*units[at]);
      if (later != nullptr && units[at]->session) later->push_back(units[at]);
      if (done) continue;
      if (later == nullptr || !is_missing(done.error()) || !units[at]->extension.empty()) return done;
      later->push_back(units[at]);
    }
  }
  return {};
}

bool ScriptRunner::run_batch(const std::vector<const Unit*>& units) {
  const bool inside = connection_.in_transaction();
  std::vector<std::string> statements{inside ? "SAVEPOINT pgarchitect_batch" : "BEGIN"};
  for (const auto* unit : units) statements.push_back(unit->sql);
  statements.emplace_back(inside ? "RELEASE SAVEPOINT pgarchitect_batch" : "COMMIT");
  if (connection_.pipeline(statements)) return true;
  if (connection_.alive()) {
    (void)connection_.execute(inside ? "ROLLBACK TO SAVEPOINT pgarchitect_batch; RELEASE SAVEPOINT pgarchitect_batch"
                                     : "ROLLBACK");
  }
  return false;
}

Status ScriptRunner::attempt(const Unit& unit) {
  if (unit.copy) return connection_.copy_in(unit.sql, unit.data);
  auto rows = connection_.query(unit.sql);
  if (!rows) return fail(rows.error());
  return {};
}

Status ScriptRunner::run_one(const Unit& unit) {
  for (const auto& name : options_.without_extensions) {
    if (unit.extension != name || name.empty()) continue;
    left_out_extension_ = true;
    note("left out: extension " + name + " (--without-extension)");
    return {};
  }
  // Inside a transaction of the script, a failed statement must not take it down before it was tried again.
  const auto words = sql::words(unit.sql, 2);
  static constexpr std::string_view kControl[] = {"begin", "start",     "commit",  "end",    "rollback",
                                                  "abort", "savepoint", "release", "prepare"};
  const bool control = !words.empty() && std::find(std::begin(kControl), std::end(kControl), words[0].text) != std::end(kControl);
  for (int tries = 0;; ++tries) {
    const bool guarded = connection_.in_transaction() && !control;
    if (guarded) PGA_CHECK(connection_.execute("SAVEPOINT pgarchitect_try"));
    auto done = attempt(unit);
    if (!connection_.alive()) return fail(located(unit, done ? Error{} : done.error()));
    if (guarded && connection_.in_transaction()) {
      PGA_CHECK(connection_.execute(done ? "RELEASE SAVEPOINT pgarchitect_try"
                                         : "ROLLBACK TO SAVEPOINT pgarchitect_try; RELEASE SAVEPOINT pgarchitect_try"));
    }
    if (done) return {};
    if (tries < 50 && create_missing_role(done.error())) continue;
    if (tolerate(unit, done.error())) return {};
    return fail(located(unit, done.error()));
  }
}

bool ScriptRunner::create_missing_role(const Error& error) {
  if (!may_create_roles_ || error.sqlstate != kUndefinedObject) return false;
  const std::string role = quoted_in(error.message, "role ");
  if (role.empty()) return false;
  const auto made = connection_.execute("CREATE ROLE " + ident(role) + " NOLOGIN");
  // Another process on the same server may have been quicker: that is as good.
  if (!made && made.error().sqlstate != "42710" && made.error().sqlstate != "23505") return false;
  note("created: role " + role + " (NOLOGIN), because the script names it");
  return true;
}

bool ScriptRunner::tolerate(const Unit& unit, const Error& error) {
  const auto words = sql::words(unit.sql, 4);
  if (words.size() > 1 && words[0].is("create") && error.sqlstate == "42710" &&
      (words[1].is("role") || words[1].is("user") || words[1].is("group"))) {
    return true;  // roles are shared by the databases of a server
  }
  // A setting that only another version knows (SET transaction_timeout, default_table_access_method …).
  if (unit.session && (error.sqlstate == kUndefinedObject || error.sqlstate == "22023")) {
    note("skipped: " + first_line(unit.item.text) + " (" + error.message + ")");
    return true;
  }
  // CREATE VIEW v AS … FROM v, as pg_dump writes a view that was made to read itself: no server can create it again.
  const std::string missing = quoted_in(error.message, "relation ");
  if (error.sqlstate == "42P01" && (impossible_.contains(missing) || reads_itself(unit.sql, missing))) {
    impossible_.insert(missing);
    note("left out: " + first_line(unit.item.text) + " (the view reads itself: no server can create it)");
    return true;
  }
  if (left_out_extension_ && is_missing(error)) {
    note("left out: " + first_line(unit.item.text) + " (" + error.message + ")");
    return true;
  }
  return false;
}

Error ScriptRunner::located(const Unit& unit, Error error) const {
  error.place = sql::place_in(unit.item, error.place, unit.file->name);
  if (error.code == "connection-lost") {
    error.hint = "the server ended while it ran this statement";
    return error;
  }
  const int major = connection_.major();
  if (!unit.extension.empty() && (error.sqlstate == "0A000" || error.sqlstate == "58P01")) {
    error.code = "missing-extension";
    error.message = "the extension " + unit.extension + " is not installed for PostgreSQL " + std::to_string(major);
    error.hint = "install it: apt-get install " + extension_package(unit.extension, major) +
                 " (Debian, PGDG), or leave it out: --without-extension " + unit.extension;
    return error;
  }
  if (const auto language = quoted_in(error.message, "language "); !language.empty() && error.sqlstate == kUndefinedObject) {
    error.code = "missing-language";
    error.hint = "create it first: CREATE EXTENSION " + ident(language) + " (its package: postgresql-" + language + "-" +
                 std::to_string(major) + ")";
    return error;
  }
  if (const auto role = quoted_in(error.message, "role "); !role.empty() && error.sqlstate == kUndefinedObject) {
    error.code = "missing-role";
    error.hint = "create the role " + role + " on the server first: on a server that is not our own, none is created";
    return error;
  }
  if (error.detail.empty()) error.detail = "in: " + first_line(unit.item.text);
  return error;
}

std::string extension_package(const std::string& extension, int major) {
  return postgres::extension_hint(extension, major);
}

}  // namespace pga::source
