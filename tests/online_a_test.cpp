// The online forms for indexes, constraints, NOT NULL, partitions and materialised views, each on rows: the plan of every case is
// run statement by statement while an observer looks at locks, files and scans, and other sessions read and write. pg_dump of the
// target (13 to 15) or a catalog query of our own that shares nothing with the reader says whether it arrived, both ways.
//
// All cases of a major are one pair of databases and one plan, each case in a schema of its own (c_<name>): a pair of databases
// for each would take minutes. A case that fails is taken out and the rest is tried again. PGA_CASE=name: that case alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "base/quote.h"
#include "base/text.h"
#include "plan/planner.h"
#include "postgres/catalog.h"
#include "proof/pipeline.h"
#include "support.h"

namespace pga {
namespace {

using plan::Hazard;
using postgres::Connection;
using schema::Database;

struct Case {
  const char* name;
  std::vector<int> majors;
  std::string base;                     // in both schemas
  std::string before;                   // only in the old one
  std::string after;                    // only in the new one
  std::string rows;                     // on the old one
  std::vector<std::string> says = {};   // parts of the way up, in this order
  std::vector<std::string> never = {};  // parts of neither way
  bool scans = false;                   // a scan or build under a lock that blocks writes cannot be avoided
  std::vector<Hazard> hazards = {};     // of the way up, exactly
  bool down_scans = false;
};

std::vector<Case> cases() {
  std::vector<Case> out;
#include "online_a_cases.inc"
  return out;
}

std::string schema_of(const Case& one) {
  return std::string("c_") + one.name;
}

// The cases speak of the schema public.
std::string placed(const std::string& text, const Case& one) {
  return replace_all(text, "public.", schema_of(one) + ".");
}

struct Relation {
  std::string name;
  char kind = 'r';
  std::string file;
  std::string table;  // OID of an index's table
};
using Relations = std::map<std::string, Relation>;

// What is in somebody's way: the tables, indexes and materialised views of the schemas like this.
Relations relations(Connection& db, const std::string& like) {
  auto rows = db.query(
      "SELECT c.oid, c.oid::regclass, c.relkind, pg_relation_filenode(c.oid), i.indrelid FROM pg_class c LEFT JOIN pg_index i ON "
      "i.indexrelid = c.oid WHERE c.relkind IN ('r', 'p', 'i', 'I', 'm') AND c.relnamespace IN (SELECT oid FROM pg_namespace "
      "WHERE nspname LIKE $1)",
      {like});
  EXPECT_TRUE(rows) << to_text(rows.error());
  Relations out;
  for (int r = 0; rows && r < rows->size(); ++r) {
    out[std::string(rows->text(r, 0))] = {std::string(rows->text(r, 1)), rows->text(r, 2)[0], std::string(rows->text(r, 3)),
                                          std::string(rows->text(r, 4))};
  }
  return out;
}

std::map<std::string, long long> scans(Connection& db, const std::string& schema) {
  auto rows = db.query("SELECT relid, seq_scan FROM pg_stat_xact_all_tables WHERE schemaname = $1", {schema});
  EXPECT_TRUE(rows);
  std::map<std::string, long long> out;
  for (int r = 0; rows && r < rows->size(); ++r) out[std::string(rows->text(r, 0))] = rows->integer(r, 1);
  return out;
}

using Locks = std::map<std::string, std::set<std::string>>;

// OID: the modes in which this session holds it.
Locks locks(Connection& db) {
  auto rows = db.query("SELECT relation, mode FROM pg_locks WHERE pid = pg_backend_pid() AND relation >= 16384 AND granted");
  EXPECT_TRUE(rows);
  Locks out;
  for (int r = 0; rows && r < rows->size(); ++r) out[std::string(rows->text(r, 0))].emplace(rows->text(r, 1));
  return out;
}

bool blocks(const std::set<std::string>& modes, char kind) {
  if (kind == 'i' || kind == 'I') return modes.contains("AccessExclusiveLock");
  return modes.contains("AccessExclusiveLock") || modes.contains("ExclusiveLock") || modes.contains("ShareRowExclusiveLock") ||
         modes.contains("ShareLock");
}

std::string text_of(const plan::Step& step) {
  std::string out = step.sql + ";  -- " + step.why;
  for (const auto hazard : step.hazards) out += " !" + std::string(to_text(hazard));
  return out + (step.strong_lock ? " (lock)\n" : "\n");
}

// The cases of one major, run together.
class Batch {
 public:
  Batch(postgres::Server& server, std::vector<Case> all) : server_(server), cases_(std::move(all)) {}

  void run() {
    while (!cases_.empty() && !attempt()) {
    }
  }
  std::map<std::string, std::string> failures;  // by case
  std::string trouble;                          // of no case in particular

 private:
  bool attempt();
  bool load();
  void judge_text(const Case& one);
  bool walk(const plan::Script& script, bool down);
  bool walk_section(const plan::Section& section, Connection& db, bool down);
  bool walk_outside(const plan::Step& step, Connection& db);
  void compare_locks(const plan::Step& step, const Case& one, bool down, Connection& db);
  void expect_schema(const std::string& wanted, const char* way);
  void expect_rows(const char* way);
  void expect_nothing_left();
  const Case* case_of(const plan::Step& step) const;
  const Case* case_in(const std::string& text) const;
  // Notes what is wrong with a case.
  void wrong(const Case* one, const std::string& what);
  // The same, and the batch cannot go on with it: false.
  bool stop(const Case* one, const std::string& what);

  postgres::Server& server_;
  std::vector<Case> cases_;
  source::Loaded from_, to_;
  proof::MadePlan made_;
  std::string origin_, target_;              // dumps
  std::map<std::string, std::string> rows_;  // by case
  std::map<std::string, std::string> scripts_;
  Relations before_;
  Locks held_;
  std::map<std::string, long long> scanned_;
  struct Bystanders {
    Connection reader, writer, other;
  };
  std::optional<Bystanders> bystanders_;
};

const Case* Batch::case_in(const std::string& text) const {
  for (const auto& one : cases_) {
    const std::string schema = schema_of(one);
    for (size_t at = text.find(schema); at != std::string::npos; at = text.find(schema, at + 1)) {
      const char next = at + schema.size() < text.size() ? text[at + schema.size()] : ' ';
      if (next != '_' && std::isalnum(static_cast<unsigned char>(next)) == 0) return &one;
    }
  }
  return nullptr;
}

const Case* Batch::case_of(const plan::Step& step) const {
  const Case* one = case_in(step.object);
  return one != nullptr ? one : case_in(step.sql);
}

void Batch::wrong(const Case* one, const std::string& what) {
  (one != nullptr ? failures[one->name] : trouble) += what + "\n";
}

bool Batch::stop(const Case* one, const std::string& what) {
  wrong(one, what);
  if (one == nullptr) {
    cases_.clear();
  } else {
    std::erase_if(cases_, [name = std::string(one->name)](const Case& each) { return name == each.name; });
  }
  return false;
}

Database model(const std::string& url) {
  auto db = Connection::open(url);
  EXPECT_TRUE(db);
  auto read = postgres::read_catalog(*db);
  EXPECT_TRUE(read) << to_text(read.error());
  return std::move(*read);
}

std::string dump_of(postgres::Server& server, const std::string& database) {
  if (auto dump = testing::pg_dump(server, database)) return *dump;
  auto db = Connection::open(server.url(database));
  EXPECT_TRUE(db);
  auto rows = db->query(testing::read_file(PGA_SOURCE_DIR "/tests/online_a_fingerprint.sql"));
  EXPECT_TRUE(rows) << to_text(rows.error());
  return std::string(rows->text(0, 0));
}

// One case after the other, so that what does not load is known by name.
bool Batch::load() {
  auto from = server_.create_database(), to = server_.create_database();
  if (!from || !to) return stop(nullptr, "no database");
  for (const bool old : {true, false}) {
    auto db = Connection::open(server_.url(old ? *from : *to));
    if (!db) return stop(nullptr, to_text(db.error()));
    for (const auto& one : cases_) {
      const std::string schema = schema_of(one);
      auto done = db->execute("CREATE SCHEMA " + schema + "; SET search_path = " + schema + ";" + one.base +
                              (old ? one.before + one.rows : one.after));
      if (!done) return stop(&one, "does not load: " + to_text(done.error()));
    }
  }
  from_.database = *from;
  to_.database = *to;
  from_.model = model(server_.url(*from));
  to_.model = model(server_.url(*to));
  origin_ = dump_of(server_, *from);
  target_ = dump_of(server_, *to);
  return true;
}

std::vector<Hazard> no_drop_hazards(const plan::Script& script) {
  auto out = plan::hazards_of(script);
  std::erase(out, Hazard::breaks_dependents);
  return out;
}

// What the plan says for one case, and what it must say.
void Batch::judge_text(const Case& one) {
  const auto of_case = [&](const plan::Script& script) {
    plan::Section out;
    for (const auto& section : script) {
      for (const auto& step : section.steps) {
        const Case* its = case_of(step);
        if (its != nullptr && std::string(its->name) == one.name) out.steps.push_back(step);
      }
    }
    return plan::Script{out};
  };
  const auto up = of_case(made_.plan.up), down = of_case(made_.plan.down);
  std::string up_text, down_text;
  for (const auto& step : up.front().steps) up_text += text_of(step);
  for (const auto& step : down.front().steps) down_text += text_of(step);
  scripts_[one.name] = "up:\n" + up_text + "down:\n" + down_text;
  if (up_text.empty() || down_text.empty()) wrong(&one, "the case changes nothing");
  size_t at = 0;
  for (const auto& part : one.says) {
    const size_t found = up_text.find(placed(part, one), at);
    if (found == std::string::npos) {
      wrong(&one, "not there, or not in this order: " + part);
      break;
    }
    at = found;
  }
  for (const auto& part : one.never) {
    if ((up_text + down_text).find(placed(part, one)) != std::string::npos) wrong(&one, "must not be there: " + part);
  }
  const auto hazards = no_drop_hazards(up);
  if (hazards == one.hazards) return;
  std::string names;
  for (const auto hazard : hazards) names += " " + std::string(to_text(hazard));
  wrong(&one, "the way up has the hazards:" + names);
}

// What did the statement lock, scan, write anew?
void Batch::compare_locks(const plan::Step& step, const Case& one, bool down, Connection& db) {
  const bool may_scan = one.scans || (down && one.down_scans);
  const auto now = locks(db);
  const auto scanned = scans(db, schema_of(one));
  const auto after = relations(db, schema_of(one));
  for (const auto& [oid, relation] : before_) {
    if (!relation.name.starts_with(schema_of(one) + ".")) continue;
    const auto mine = now.find(oid);
    const bool blocking = mine != now.end() && blocks(mine->second, relation.kind);
    // An index of a table that is locked already is out of reach anyway.
    const auto was = held_.find(oid), table = held_.find(relation.table);
    const bool blocked_already = (was != held_.end() && blocks(was->second, relation.kind)) ||
                                 (table != held_.end() && table->second.contains("AccessExclusiveLock"));
    if (blocking && !blocked_already && !step.strong_lock) {
      wrong(&one, relation.name + " is locked without saying so: " + step.sql);
    }
    const auto count = [&](const auto& of) { return of.contains(oid) ? of.at(oid) : 0; };
    if (count(scanned) > count(scanned_) && blocking && !may_scan && relation.kind != 'i') {
      wrong(&one, relation.name + " is scanned under a lock that blocks writes: " + step.sql);
    }
    if (after.contains(oid) && !may_scan && after.at(oid).file != relation.file) {
      wrong(&one, relation.name + " is written anew by " + step.sql);
    }
  }
  held_ = now;
}

bool Batch::walk_section(const plan::Section& section, Connection& db, bool down) {
  if (!db.execute("BEGIN")) return stop(nullptr, "no transaction");
  held_ = {};
  before_ = relations(db, "c\\_%");  // what is born in this transaction is in nobody's way
  for (const auto& step : section.steps) {
    const Case* one = case_of(step);
    if (one == nullptr) {
      if (auto done = db.execute(step.sql); !done) return stop(nullptr, step.sql + "\n" + to_text(done.error()));
      continue;
    }
    scanned_ = scans(db, schema_of(*one));
    auto done = db.query(step.sql);
    if (!done) return stop(one, step.sql + "\n" + to_text(done.error()));
    compare_locks(step, *one, down, db);
  }
  if (auto done = db.execute("COMMIT"); !done) return stop(case_of(section.steps.back()), to_text(done.error()));
  return true;
}

// Until the session waits for a lock, or has nothing to do any more.
void wait_until_it_waits(Connection& other, int pid) {
  for (int i = 0; i < 500; ++i) {
    auto rows = other.query("SELECT wait_event_type = 'Lock' OR state LIKE 'idle%' FROM pg_stat_activity WHERE pid = $1",
                            {std::to_string(pid)});
    if (rows && rows->size() == 1 && rows->flag(0, 0)) return;
    usleep(2'000);
  }
}

// The queue test: the statement waits behind a reader and a writer; do others get past it?
bool Batch::walk_outside(const plan::Step& step, Connection& db) {
  const Case* one = case_of(step);
  if (one == nullptr) return stop(one, "of no case: " + step.sql);
  auto &reader = bystanders_->reader, &writer = bystanders_->writer, &other = bystanders_->other;
  const bool detach = step.sql.find(" DETACH PARTITION ") != std::string::npos;
  auto found = other.query(
      "SELECT c.oid::regclass, c.relispartition FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = "
      "$1::regnamespace",
      {schema_of(*one)});
  if (!found) return stop(one, to_text(found.error()));
  (void)reader.execute("BEGIN ISOLATION LEVEL READ COMMITTED");
  (void)writer.execute("BEGIN");
  std::vector<std::string> tables;
  for (int r = 0; r < found->size(); ++r) {
    if (detach && found->flag(r, 1)) continue;  // nobody reaches a partition that leaves but by its own name
    tables.emplace_back(found->text(r, 0));
    if (!reader.query("SELECT 1 FROM " + tables.back() + " LIMIT 1") ||
        !writer.query("UPDATE " + tables.back() + " SET id = id WHERE false")) {
      return stop(one, "nobody can work on " + tables.back());
    }
  }
  if (auto sent = db.send(step.sql); !sent) return stop(one, to_text(sent.error()));
  wait_until_it_waits(other, db.backend_pid());
  for (const auto& table : tables) {
    if (!other.query("SELECT 1 FROM " + table + " LIMIT 1")) wrong(one, "readers of " + table + " wait for " + step.sql);
    if (!other.query("UPDATE " + table + " SET id = id WHERE false")) {
      wrong(one, "writers of " + table + " wait for " + step.sql);
    }
  }
  (void)reader.execute("COMMIT");
  (void)writer.execute("COMMIT");
  auto done = db.receive();
  return done ? true : stop(one, step.sql + "\n" + to_text(done.error()));
}

bool Batch::walk(const plan::Script& script, bool down) {
  const std::string url = server_.url(from_.database);
  auto db = Connection::open(url), reader = Connection::open(url), writer = Connection::open(url), other = Connection::open(url);
  if (!db || !reader || !writer || !other || !db->execute("SET lock_timeout = '20s'")) return stop(nullptr, "cannot connect");
  if (!other->execute("SET lock_timeout = '2s'")) return stop(nullptr, "cannot connect");
  bystanders_.emplace(Bystanders{std::move(*reader), std::move(*writer), std::move(*other)});
  for (const auto& section : script) {
    if (section.transactional && !walk_section(section, *db, down)) return false;
    if (section.transactional) continue;
    for (const auto& step : section.steps) {
      if (!walk_outside(step, *db)) return false;
    }
  }
  return true;
}

// Objects of a dump, each with its heading; of a fingerprint, its lines.
std::multiset<std::string> parts_of(const std::string& dump) {
  std::multiset<std::string> out;
  std::string part;
  const bool headed = dump.find("\n-- Name: ") != std::string::npos;
  for (const auto& line : split(dump, '\n')) {
    if (!headed || line.starts_with("-- Name: ")) {
      out.insert(part);
      part.clear();
    }
    if (line != "--" && !line.empty() && !line.starts_with("SET default_")) part += line + "\n";
  }
  out.insert(part);
  return out;
}

void Batch::expect_schema(const std::string& wanted, const char* way) {
  const std::string now = dump_of(server_, from_.database);
  if (now == wanted) return;
  const auto ours = parts_of(now), theirs = parts_of(wanted);
  const auto say = [&](const auto& these, const auto& those, const std::string& word) {
    std::vector<std::string> only;
    std::ranges::set_difference(these, those, std::back_inserter(only));
    for (const auto& part : only) wrong(case_in(part), std::string(way) + word + part);
    return only.empty();
  };
  const bool more = say(ours, theirs, " leads elsewhere, it has: "), less = say(theirs, ours, " leads elsewhere, it wants: ");
  if (more && less) trouble += std::string(way) + ": the order of the dump differs\n";
}

// The columns that are there before and after, of every table of a case.
std::map<std::string, std::string> rows_of(const std::string& url, const std::vector<Case>& cases, const Database& in,
                                           const Database& other) {
  auto db = Connection::open(url);
  EXPECT_TRUE(db);
  std::map<std::string, std::string> by_schema, out;
  for (const auto& [id, object] : in.objects) {
    if (id.kind != schema::KindId::table || object.text("form") != "table" || other.find(id) == nullptr) continue;
    const std::string table = ident({id.path[0], id.path[1]});
    std::vector<std::string> columns;
    for (const auto* column : in.children(id, schema::KindId::column)) {
      if (other.find(column->id) != nullptr) columns.push_back(ident(column->id.name()));
    }
    auto rows = db->query("SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '') FROM (SELECT " +
                          join(columns, ", ") + " FROM " + table + ") t");
    EXPECT_TRUE(rows) << to_text(rows.error());
    if (rows) by_schema[id.path[0]] += table + " " + std::string(rows->text(0, 0)) + "\n";
  }
  for (const auto& one : cases) out[one.name] = by_schema[schema_of(one)];
  return out;
}

void Batch::expect_rows(const char* way) {
  const auto now = rows_of(server_.url(from_.database), cases_, from_.model, to_.model);
  for (const auto& one : cases_) {
    if (now.at(one.name) != rows_.at(one.name)) {
      wrong(&one, std::string("rows after ") + way + ":\n" + now.at(one.name) + "they were:\n" + rows_.at(one.name));
    }
  }
}

void Batch::expect_nothing_left() {
  const Database now = model(server_.url(from_.database));
  const plan::Options options;
  auto again = plan::plan_direction({now, to_.model, options});
  if (!again) {
    trouble += to_text(again.error()) + "\n";
    return;
  }
  for (const auto& section : again->script) {
    for (const auto& step : section.steps) wrong(case_of(step), "a second plan has something to do: " + text_of(step));
  }
}

// false: a case was taken out, try again without it.
bool Batch::attempt() {
  if (!load()) return false;
  struct Gone {
    Batch& batch;
    ~Gone() {
      for (const auto& name : {batch.from_.database, batch.to_.database}) (void)batch.server_.drop_database(name);
    }
  } gone{*this};
  bystanders_.reset();
  auto made = proof::make_plan(server_, from_, to_, {});
  if (!made) return stop(case_in(to_text(made.error())), "no plan: " + to_text(made.error()));
  made_ = std::move(*made);
  for (const auto& one : cases_) judge_text(one);
  rows_ = rows_of(server_.url(from_.database), cases_, from_.model, to_.model);
  if (!walk(made_.plan.up, false)) return false;
  expect_schema(target_, "up");
  expect_rows("up");
  expect_nothing_left();
  if (!walk(made_.plan.down, true)) return false;
  expect_schema(origin_, "down");
  expect_rows("down");
  for (auto& [name, what] : failures) {
    if (scripts_.contains(name)) what += scripts_.at(name);
  }
  return true;
}

// PGA_CASE=name: only this one.
std::vector<Case> cases_for(int major) {
  const char* wanted = std::getenv("PGA_CASE");
  std::vector<Case> out;
  for (auto& one : cases()) {
    const bool here = std::ranges::find(one.majors, major) != one.majors.end();
    if (here && (wanted == nullptr || std::string(wanted) == one.name)) out.push_back(std::move(one));
  }
  return out;
}

class OnlineForm : public ::testing::TestWithParam<int> {};

TEST_P(OnlineForm, UpAndDown) {
  const int major = GetParam();
  auto* server = testing::server(major);
  if (server == nullptr) GTEST_SKIP() << "SKIPPED: no PostgreSQL " << major;
  Batch batch(*server, cases_for(major));
  batch.run();
  EXPECT_EQ(batch.trouble, "");
  for (const auto& [name, what] : batch.failures) ADD_FAILURE() << name << " on " << major << ":\n" << what;
}

INSTANTIATE_TEST_SUITE_P(Majors, OnlineForm, ::testing::Values(13, 14, 15, 16, 17, 18));

}  // namespace
}  // namespace pga
