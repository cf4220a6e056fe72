#include "kinds_harness.h"

#include <algorithm>

#include "base/text.h"
#include "plan/changes.h"
#include "plan/planner.h"

namespace pga::testing {

using postgres::Connection;
using schema::Database;
using schema::Id;
using schema::Object;
using schema::Statements;

Result<Database> read(postgres::Server& server, const std::string& name) {
  PGA_TRY(auto connection, Connection::open(server.url(name)));
  return postgres::read_catalog(connection);
}

namespace {

std::string text_of(const Object& object) {
  std::string out = schema::to_text(object.id) + "\n";
  const auto fields = schema::kind_of(object.id.kind).fields();
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].compare == schema::Compare::yes) {
      out += "  " + std::string(fields[i].name) + " = " + object.fields[i].value_or("NULL") + "\n";
    }
  }
  out += "  comment = " + object.comment.value_or("NULL") + "\n  owner = " + object.owner.value_or("NULL") + "\n";
  for (const auto& p : object.privileges) {
    out += std::string("  ") + (p.granted ? "+" : "-") + p.privilege + " " + p.grantee.value_or("owner") +
           (p.grantable ? "*" : "") + "\n";
  }
  for (const auto& need : object.needs) out += "  needs " + schema::to_text(need) + "\n";
  return out;
}

}  // namespace

std::string text_of(const Database& database) {
  std::string out;
  for (const auto& [id, object] : database.objects) out += text_of(object);
  return out;
}

void append(Statements& to, const Statements& more) {
  to.insert(to.end(), more.begin(), more.end());
}

Statements plan(const Database& from, const Database& to, std::vector<Id>* recreated) {
  plan::Options options;
  options.online = false;
  options.discard = true;
  const plan::Situation situation{from, to, options};
  auto made = plan::plan_direction(situation);
  EXPECT_TRUE(made) << to_text(made.error());
  if (!made) return {};
  Statements out;
  for (const auto& section : made->script) {
    if (section.transactional) out.push_back({"BEGIN", true});
    for (const auto& step : section.steps) out.push_back({step.sql, section.transactional});
    if (section.transactional) out.push_back({"COMMIT", true});
  }
  if (recreated == nullptr) return out;
  for (const auto& [id, fate] : plan::find_changes(situation).fates) {
    const bool changed = fate.from != nullptr && fate.to != nullptr && !fate.changed.empty();
    if (changed && fate.alteration.how == schema::Alteration::How::recreate) recreated->push_back(id);
  }
  return out;
}

void run(postgres::Server& server, const std::string& name, const Statements& statements) {
  auto connection = Connection::open(server.url(name));
  ASSERT_TRUE(connection) << to_text(connection.error());
  ASSERT_TRUE(connection->execute("SET check_function_bodies = off; SET search_path = ''"));
  for (const auto& statement : statements) {
    const auto done = connection->query(statement.sql);
    if (!done && done.error().sqlstate == "25P02") continue;  // the statement before failed
    EXPECT_TRUE(done) << to_text(done.error()) << "\n" << statement.sql;
  }
}

void expect_lines(const std::string& ours, const std::string& theirs, const char* judge) {
  if (ours == theirs) return;
  const auto ours_lines = split(ours, '\n'), theirs_lines = split(theirs, '\n');
  std::string text;
  const auto say = [&](const auto& in, const auto& other, const char* sign) {
    std::multiset<std::string> rest(other.begin(), other.end());
    for (const auto& line : in) {
      const auto it = rest.find(line);
      if (it == rest.end())
        text += sign + line + "\n";
      else
        rest.erase(it);
    }
  };
  say(ours_lines, theirs_lines, "made:   ");
  say(theirs_lines, ours_lines, "wanted: ");
  if (text.empty()) {  // only the order differs
    for (size_t i = 0; i < std::min(ours_lines.size(), theirs_lines.size()); ++i) {
      if (ours_lines[i] != theirs_lines[i]) text += "made:   " + ours_lines[i] + "\nwanted: " + theirs_lines[i] + "\n";
    }
  }
  ADD_FAILURE() << judge << " sees a difference:\n" << text;
}

namespace {

// The objects of a dump sorted: among objects without dependencies pg_dump's order follows OIDs.
std::string sorted_dump(const std::string& dump) {
  std::vector<std::string> blocks(1);
  for (const auto& line : split(dump, '\n')) {
    if (line.starts_with("-- Name: ")) blocks.emplace_back();
    if (!line.starts_with("SET default_") && line != "--" && !line.empty()) blocks.back() += line + "\n";
  }
  std::ranges::sort(blocks);
  return join(blocks, "\n");
}

}  // namespace

void expect_same(postgres::Server& server, const std::string& made, const std::string& wanted) {
  auto ours = read(server, made), theirs = read(server, wanted);
  ASSERT_TRUE(ours) << to_text(ours.error());
  ASSERT_TRUE(theirs) << to_text(theirs.error());
  expect_lines(text_of(*ours), text_of(*theirs), "read_catalog");
  const auto dump = pg_dump(server, made), judge = pg_dump(server, wanted);
  if (dump) expect_lines(sorted_dump(*dump), sorted_dump(*judge), "pg_dump");
}

void remove(postgres::Server& server, const std::string& name) {
  auto database = read(server, name);
  ASSERT_TRUE(database) << to_text(database.error());
  Statements drops;
  for (const auto& [id, object] : database->objects) {
    if (id.kind == schema::KindId::subscription) append(drops, schema::kind_of(id.kind).drop(object, *database));
  }
  run(server, name, drops);
  const auto dropped = server.drop_database(name);
  EXPECT_TRUE(dropped) << to_text(dropped.error());
}

}  // namespace pga::testing
