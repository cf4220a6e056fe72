// What the tests of the kinds share: fixtures and pairs of schemas, the offline plan between two of them as plain statements, and
// the two judges: pg_dump (where it is at hand) and a second reading of the catalog.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "postgres/catalog.h"
#include "schema/kind.h"
#include "support.h"

namespace pga::testing {

struct Fixture {
  const char* name;
  int since;
  const char* sql;
};

struct Pair {
  const char* name;
  int since;
  const char* base;  // in both
  const char* from;
  const char* to;
  bool in_place;  // no changed object may be created anew
};

Result<schema::Database> read(postgres::Server& server, const std::string& name);
// All that is compared of an object, for messages and for comparison.
std::string text_of(const schema::Database& database);
void append(schema::Statements& to, const schema::Statements& more);

// The offline plan of the planner, which keeps nothing. `recreated`: changed objects that their kind could not alter in place.
schema::Statements plan(const schema::Database& from, const schema::Database& to, std::vector<schema::Id>* recreated = nullptr);
// As the script has them, transactions included; a failure fails the test.
void run(postgres::Server& server, const std::string& name, const schema::Statements& statements);

// Only the lines that differ, as a dump has thousands.
void expect_lines(const std::string& ours, const std::string& theirs, const char* judge);
void expect_same(postgres::Server& server, const std::string& made, const std::string& wanted);
// Drops a database, with its subscriptions, which would keep it.
void remove(postgres::Server& server, const std::string& name);

}  // namespace pga::testing
