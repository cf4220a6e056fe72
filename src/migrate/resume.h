// What became of a statement outside of a transaction that was begun and never journaled: looked up in the catalog.
//
//   PGA_TRY(const auto found, look_back(session, statement, step));
//   found.outcome == Outcome::done …
//
// Errors: those of the server.
#pragma once
#include <string>
#include <vector>

#include "migrate/session.h"
#include "migrate/statement.h"

namespace pga::migrate {

enum class Outcome : uint8_t {
  done,      // its effect is there
  not_done,  // run it (again), after `cleanup`
  finish,    // run `finish` instead
  running,   // another session builds this index right now
  unknown,   // only a person can tell
};

struct Found {
  Outcome outcome = Outcome::not_done;
  std::vector<std::string> cleanup;  // DROP INDEX CONCURRENTLY of invalid leftovers
  std::string finish;
};

Result<Found> look_back(Session& session, const Statement& statement, const plan::Step& step);
// Before the first try: an invalid index of the name that CREATE INDEX CONCURRENTLY wants is a leftover too.
Result<Found> look_before(Session& session, const Statement& statement);

}  // namespace pga::migrate
