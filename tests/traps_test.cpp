// Traps that other tools fall into (../shared/spec/migrations.md, "the list to beat"), with rows, both ways, online and
// --offline: pg_dump after up is that of the new schema, a second plan is empty, pg_dump after down is that of the old one, the
// rows are as they were. An ordinary run tries each case in one of three ways, in turn (online, --offline, from new to old), each
// with its down, so that it takes less than a minute; PGA_TRAPS=all tries all three.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "base/text.h"
#include "pairs/pair_runner.h"
#include "support.h"

namespace pga {
namespace {

struct Trap {
  const char* name;
  const char* base;
  const char* from;
  const char* to;
  const char* rows;
  const char* question;  // after up
  const char* answer;
};

constexpr Trap kTraps[] = {
#include "traps_cases.inc"
};

// Roles are shared by the whole server: "CREATE ROLE_IF_NEW x;" is made once.
std::string with_roles(std::string sql) {
  constexpr std::string_view word = "CREATE ROLE_IF_NEW ";
  for (size_t at = sql.find(word); at != std::string::npos; at = sql.find(word)) {
    const size_t end = sql.find(';', at);
    const std::string role = sql.substr(at + word.size(), end - at - word.size());
    const std::string make = "DO $do$BEGIN IF to_regrole('" + role + "') IS NULL THEN CREATE ROLE " + role + "; END IF; END$do$";
    sql.replace(at, end - at, make);
  }
  return sql;
}

class Traps : public ::testing::TestWithParam<Trap> {};

TEST_P(Traps, BothWays) {
  auto* server = testing::server();
  if (server == nullptr) GTEST_SKIP() << "SKIPPED: no PostgreSQL 15";
  const Trap& trap = GetParam();
  const auto from = testing::load_text(*server, with_roles(trap.base) + "\n" + trap.from, "old.sql");
  const auto to = testing::load_text(*server, with_roles(trap.base) + "\n" + trap.to, "new.sql");
  ASSERT_TRUE(from) << to_text(from.error());
  ASSERT_TRUE(to) << to_text(to.error());
  testing::PairOptions options{.rows = trap.rows,
                               .origin = testing::schema_text(*server, from->database),
                               .target = testing::schema_text(*server, to->database),
                               .question = trap.question,
                               .answer = trap.answer};
  const auto number = static_cast<size_t>(std::ranges::find(kTraps, trap.name, &Trap::name) - std::begin(kTraps));
  const bool all = std::getenv("PGA_TRAPS") != nullptr;
  const auto tried = [&](size_t way) { return all || number % 3 == way; };
  const auto check = [&](const char* way, const testing::PairResult& result) {
    EXPECT_TRUE(result.good()) << way << ": " << result.why << "\n" << result.difference << "\n" << result.script;
  };
  if (tried(0)) check("online", testing::run_pair(*server, *from, *to, options));
  options.online = false;
  if (tried(1)) check("offline", testing::run_pair(*server, *from, *to, options));
  const testing::PairOptions back{.origin = options.target, .target = options.origin};
  if (tried(2)) check("back", testing::run_pair(*server, *to, *from, back));
  (void)server->drop_database(from->database);
  (void)server->drop_database(to->database);
}

INSTANTIATE_TEST_SUITE_P(List, Traps, ::testing::ValuesIn(kTraps), [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace pga
