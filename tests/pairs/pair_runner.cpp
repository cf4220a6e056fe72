#include "pairs/pair_runner.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "pairs/row_image.h"
#include "postgres/catalog.h"
#include "proof/concerned.h"
#include "proof/judge.h"
#include "proof/rows_for_both.h"
#include "support.h"

namespace pga::testing {
namespace {

using postgres::Connection;

// Storage parameters are a set: "WITH (a='1', b='2')" says the same in any order.
std::string with_sorted_options(const std::string& line) {
  const size_t at = line.find("WITH ("), begin = at + 6;
  const size_t end = at == std::string::npos ? at : line.find(')', begin);
  if (end == std::string::npos) return line;
  auto options = split(replace_all(line.substr(begin, end - begin), ", ", "\n"), '\n');
  std::ranges::sort(options);
  return line.substr(0, begin) + join(options, ", ") + line.substr(end);
}

// Blocks of a dump: statements with their lines; the lines of CREATE TABLE sorted, commas off, and the blocks sorted.
std::vector<std::string> blocks_of(const std::string& text) {
  std::vector<std::string> out;
  std::vector<std::string> lines;
  const auto flush = [&] {
    if (lines.empty()) return;
    if (lines.front().starts_with("CREATE TABLE") || lines.front().starts_with("CREATE FOREIGN TABLE") ||
        lines.front().starts_with("CREATE UNLOGGED TABLE")) {
      for (auto& line : lines) {
        if (line.ends_with(",")) line.pop_back();
      }
      std::sort(lines.begin() + 1, lines.end());
    }
    const auto is_grant = [](const std::string& line) { return line.starts_with("GRANT ") || line.starts_with("REVOKE "); };
    if (std::ranges::all_of(lines, is_grant)) std::ranges::sort(lines);
    if (lines.front().starts_with("CREATE STATISTICS ")) {  // PostgreSQL keeps its columns in the order of the table
      auto words = split(replace_all(lines.front(), ",", ""), ' ');
      std::ranges::sort(words);
      lines.front() = join(words, " ");
    }
    out.push_back(join(lines, "\n"));
    lines.clear();
  };
  for (const auto& line : split(text, '\n')) {
    if (line.empty() || line.starts_with("--")) {
      flush();
    } else {
      const bool options = line.starts_with("WITH (") || line.starts_with("CREATE VIEW ");
      lines.push_back(options ? with_sorted_options(line) : line);
    }
  }
  flush();
  std::ranges::sort(out);
  return out;
}

PairResult failed(std::string why, std::string difference = {}) {
  return {PairResult::Verdict::failed, std::move(why), std::move(difference), {}};
}

std::string in_words(const Error& error) {
  return to_text(error);
}

Result<source::Loaded> reread(postgres::Server& server, const std::string& database) {
  PGA_TRY(auto connection, Connection::open(server.url(database)));
  postgres::ReadOptions options;
  options.default_owner = server.superuser();
  source::Loaded out;
  PGA_TRY(out.model, postgres::read_catalog(connection, options));
  out.database = database;
  return out;
}

}  // namespace

Result<source::Loaded> load_text(postgres::Server& server, const std::string& sql, const std::string& name) {
  PGA_TRY(auto database, server.create_database());
  {
    PGA_TRY(auto connection, Connection::open(server.url(database)));
    auto done = source::run_script(connection, sql, name);
    if (!done) {
      (void)server.drop_database(database);
      return fail(done.error());
    }
  }
  auto out = reread(server, database);
  if (!out) (void)server.drop_database(database);
  return out;
}

Status run_steps(Connection& connection, const plan::Script& script) {
  PGA_CHECK(connection.execute("SET client_min_messages = warning"));
  for (const auto& section : script) {
    if (section.transactional) PGA_CHECK(connection.execute("BEGIN"));
    for (const auto& step : section.steps) {
      if (auto done = connection.execute(step.sql); !done) {
        Error error = done.error();
        error.detail = step.sql + "\n" + error.detail;
        if (section.transactional) (void)connection.execute("ROLLBACK");
        return fail(std::move(error));
      }
    }
    if (section.transactional) PGA_CHECK(connection.execute("COMMIT"));
  }
  return {};
}

std::string script_text(const plan::Script& script) {
  std::string out;
  for (const auto& section : script) {
    out += std::string("-- section: ") + (section.transactional ? "transaction" : "no transaction") + ", " +
           std::string(plan::to_text(section.phase)) + "\n";
    for (const auto& step : section.steps) out += step.sql + ";  -- " + step.why + "\n";
  }
  return out;
}

std::string schema_text(postgres::Server& server, const std::string& database) {
  auto text = pg_dump(server, database);
  return text.value_or("");
}

bool same_but_for_order(const std::string& a, const std::string& b) {
  return blocks_of(a) == blocks_of(b);
}

std::string first_differences(const std::string& a, const std::string& b, size_t most) {
  const auto left = blocks_of(a), right = blocks_of(b);
  std::vector<std::string> only_left, only_right;
  std::ranges::set_difference(left, right, std::back_inserter(only_left));
  std::ranges::set_difference(right, left, std::back_inserter(only_right));
  std::string out;
  for (size_t i = 0; i < std::min(most, only_left.size()); ++i) out += "has: " + only_left[i] + "\n";
  for (size_t i = 0; i < std::min(most, only_right.size()); ++i) out += "wants: " + only_right[i] + "\n";
  return out;
}

namespace {

// Class 22: a value that cannot be converted; 23: a row that breaks a rule. And a published table without replica identity, whose
// rows nobody may update.
bool is_about_rows(const Error& error) {
  const bool published = error.sqlstate == "55000" && error.message.find("does not have a replica identity") != std::string::npos;
  // What is no text search value has the code of a syntax error.
  const bool no_value = error.sqlstate == "42601" && error.message.find("syntax error in ts") != std::string::npos;
  return published || no_value || error.sqlstate.starts_with("22") || error.sqlstate.starts_with("23");
}

// What must be the same after up (the columns that both have) and after down (all of the origin).
struct RowsBefore {
  TableColumns surviving, all;
  RowImage up, down;
};

// What the outside judge sees of a database.
struct Seen {
  std::string dump;
  std::optional<proof::Snapshot> snapshot;
};

class Runner {
 public:
  Runner(postgres::Server& server, const source::Loaded& from, const source::Loaded& to, const PairOptions& options)
      : server_(server), from_(from), to_(to), options_(options) {
    request_.options.online = options.online;
    request_.options.discard = options.discard;
  }
  PairResult run();

 private:
  PairResult through(const std::string& copy);
  Status rows(const std::string& copy);
  // What is wrong with the rows, or with the answer; empty when nothing is.
  std::string lost(const std::string& copy, const TableColumns& columns, const RowImage& before) const;
  std::string ask(const std::string& copy) const;
  Result<std::string> planned_otherwise();
  Status steps(const std::string& copy, const plan::Script& script);
  Result<Seen> look(const std::string& database, const std::string& known = {}) const;
  // The verdict, or why not.
  PairResult compared(const Seen& found, const Seen& wanted, const std::string& why) const;
  PairResult told(PairResult result) const {
    result.script = text_;
    return result;
  }

  postgres::Server& server_;
  const source::Loaded& from_;
  const source::Loaded& to_;
  const PairOptions& options_;
  proof::PlanRequest request_;
  std::optional<proof::MadePlan> made_;
  RowsBefore before_;
  std::string text_;
};

Result<Seen> Runner::look(const std::string& database, const std::string& known) const {
  Seen out;
  if (options_.quick) {
    PGA_TRY(out.snapshot, proof::snapshot(server_, database, {.catalog_queries = true}));
  } else {
    out.dump = known.empty() ? schema_text(server_, database) : known;
  }
  return out;
}

PairResult Runner::compared(const Seen& found, const Seen& wanted, const std::string& why) const {
  PairResult out;
  if (options_.quick) {
    const auto comparison = proof::compare(*found.snapshot, *wanted.snapshot, &*wanted.snapshot);
    std::string difference;
    for (const auto& one : comparison.differences) {
      if (one.object.find("column order") == std::string::npos) difference += one.object + "\n" + to_text(one) + "\n";
    }
    if (!difference.empty()) return failed(why, difference);
    out.verdict = comparison.identical() && comparison.column_order.empty() ? PairResult::Verdict::same
                                                                            : PairResult::Verdict::same_but_for_column_order;
    return out;
  }
  if (found.dump.empty() || wanted.dump.empty()) return failed("pg_dump does not answer");
  out.verdict = found.dump == wanted.dump ? PairResult::Verdict::same : PairResult::Verdict::same_but_for_column_order;
  if (found.dump != wanted.dump && !same_but_for_order(found.dump, wanted.dump))
    return failed(why, first_differences(found.dump, wanted.dump));
  return out;
}

Status Runner::rows(const std::string& copy) {
  if (options_.rows.empty() && !options_.fill) return {};
  PGA_TRY(auto connection, Connection::open(server_.url(copy)));
  if (!options_.rows.empty()) PGA_CHECK(connection.execute(options_.rows));
  if (options_.fill) PGA_CHECK(proof::fill_for_both(server_, connection, from_, to_, *made_, {.rows = 8}));
  TableColumns target;
  std::map<std::string, std::vector<std::string>> later;
  {
    PGA_TRY(auto other, Connection::open(server_.url(to_.database)));
    PGA_TRY(target, table_columns(other));
    PGA_TRY(later, partitions(other));
  }
  PGA_TRY(before_.all, table_columns(connection));
  before_.surviving = common_columns(before_.all, target);
  PGA_TRY(const auto parts, partitions(connection));
  for (const auto& [table, leaves] : parts) {  // the rows of a partition that goes, or leaves, go with it, until down
    const auto still = later.find(table);
    const auto gone = [&](const std::string& leaf) {
      const bool known = target.contains(leaf);
      return !known || still == later.end() || std::ranges::find(still->second, leaf) == still->second.end();
    };
    if (std::ranges::any_of(leaves, gone)) before_.surviving.erase(table);
  }
  for (const auto& [table, leaves] : later) {  // a table that was there before brings its rows along when it joins
    const auto had = parts.find(table);
    const auto joins = [&](const std::string& leaf) {
      const bool is_leaf = had != parts.end() && std::ranges::find(had->second, leaf) != had->second.end();
      return before_.all.contains(leaf) && !is_leaf;
    };
    if (std::ranges::any_of(leaves, joins)) before_.surviving.erase(table);
    // Rows of a table whose partitions are cut anew are in others of them: the whole table is looked at.
    if (before_.surviving.contains(table)) {
      for (const auto& leaf : leaves) before_.surviving.erase(leaf);
    }
  }
  PGA_TRY(before_.up, row_image(connection, before_.surviving));
  PGA_TRY(before_.down, row_image(connection, before_.all));
  return {};
}

std::string Runner::lost(const std::string& copy, const TableColumns& columns, const RowImage& before) const {
  if (before.empty()) return {};
  auto connection = Connection::open(server_.url(copy));
  if (!connection) return in_words(connection.error());
  const auto now = row_image(*connection, columns);
  return now ? lost_rows(before, *now) : in_words(now.error());
}

std::string Runner::ask(const std::string& copy) const {
  if (options_.question.empty()) return {};
  auto connection = Connection::open(server_.url(copy));
  if (!connection) return in_words(connection.error());
  const auto rows = connection->execute_rows("BEGIN; " + options_.question);  // taken back: a question may insert
  if (!rows) return in_words(rows.error());
  const std::string given = rows->size() == 0 ? "no row" : std::string(rows->text(0, 0));
  return given == options_.answer ? std::string() : options_.question + " gives " + given + " instead of " + options_.answer;
}

Status Runner::steps(const std::string& copy, const plan::Script& script) {
  PGA_TRY(auto connection, Connection::open(server_.url(copy)));
  return run_steps(connection, script);
}

PairResult Runner::through(const std::string& copy) {
  const auto origin = look(from_.database, options_.origin), target = look(to_.database, options_.target);
  if (!origin || !target) return failed(in_words(!origin ? origin.error() : target.error()));
  if (auto done = rows(copy); !done) return failed("rows: " + in_words(done.error()));
  const auto refused = [](const std::string& what, const Error& error) {
    auto out = failed(what + ": " + in_words(error));
    out.rows_refused = is_about_rows(error);
    return out;
  };
  if (auto done = steps(copy, made_->plan.up); !done) return refused("up", done.error());
  const auto after = look(copy);
  if (!after) return failed(in_words(after.error()));
  auto out = compared(*after, *target, "up leads elsewhere");
  if (!out.good()) return out;
  for (const auto& [table, image] : before_.down) out.tables_with_rows += image.starts_with("0 rows") ? 0 : 1;
  if (auto wrong = lost(copy, before_.surviving, before_.up); !wrong.empty()) return failed("up loses rows", std::move(wrong));
  if (auto wrong = ask(copy); !wrong.empty()) return failed(std::move(wrong));
  auto now = reread(server_, copy);
  if (!now) return failed(in_words(now.error()));
  auto again = proof::make_plan(server_, *now, to_, request_);
  if (!again) return failed("second plan: " + in_words(again.error()));
  if (!again->plan.empty()) return failed("the second plan is not empty", script_text(again->plan.up));
  if (!options_.down) return out;
  if (auto done = steps(copy, made_->plan.down); !done) return refused("down", done.error());
  const auto back = look(copy);
  if (!back) return failed(in_words(back.error()));
  const auto returned = compared(*back, *origin, "down leads elsewhere");
  if (!returned.good() || options_.discard) return returned.good() ? out : returned;
  if (auto wrong = lost(copy, before_.all, before_.down); !wrong.empty()) return failed("down loses rows", std::move(wrong));
  return out;
}

// What another plan has that this one has not; empty: nothing.
Result<std::string> Runner::planned_otherwise() {
  const auto part = proof::concerned(from_.model, to_.model);
  if (!part) return std::string();
  source::Loaded sides[2] = {from_, to_};
  sides[0].model = part->from;
  sides[1].model = part->to;
  for (auto& side : sides) {
    side.model.index();
    PGA_TRY(side.database, server_.create_database());
    PGA_TRY(auto connection, Connection::open(server_.url(side.database)));
    PGA_CHECK(proof::build_schema(side.model, connection));
  }
  PGA_TRY(const auto made, proof::make_plan(server_, sides[0], sides[1], request_));
  for (const auto& side : sides) (void)server_.drop_database(side.database);
  const auto up = script_text(made.plan.up), down = script_text(made.plan.down);
  if (up != script_text(made_->plan.up)) return "up:\n" + first_differences(up, script_text(made_->plan.up)) + up;
  if (down != script_text(made_->plan.down)) return "down:\n" + first_differences(down, script_text(made_->plan.down)) + down;
  return std::string();
}

PairResult Runner::run() {
  auto made = proof::make_plan(server_, from_, to_, request_);
  if (!made) return failed("no plan: " + in_words(made.error()));
  made_ = std::move(*made);
  text_ = "-- UP\n" + script_text(made_->plan.up) + "\n-- DOWN\n" + script_text(made_->plan.down);
  if (options_.part) {
    const auto otherwise = planned_otherwise();
    if (!otherwise) return told(failed("no plan of the part: " + in_words(otherwise.error())));
    if (!otherwise->empty()) return told(failed("the part has another plan", *otherwise));
  }
  const auto copy = server_.create_database(from_.database);
  if (!copy) return told(failed(in_words(copy.error())));
  auto out = through(*copy);
  if (auto dropped = server_.drop_database(*copy); !dropped && out.good()) out = failed(in_words(dropped.error()));
  return told(std::move(out));
}

}  // namespace

PairResult run_pair(postgres::Server& server, const source::Loaded& from, const source::Loaded& to, const PairOptions& options) {
  return Runner(server, from, to, options).run();
}

}  // namespace pga::testing
