// Runs a plan::Script on a connection of a private server, section by section, each step observed or not.
//
//   PGA_TRY(auto outcomes, execute(connection, plan.up, {.observe = true}));
//   outcomes[3].facts …
//
// A transactional section is one transaction; the steps of another run each on its own. check_function_bodies is off and
// lock_timeout is set. This is not the runner (migrate/): it retries nothing and journals nothing.
// Errors: step-failed (the sentence names section and step; sqlstate, the server's hint and the statement are kept).
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "plan/step.h"
#include "postgres/connection.h"
#include "proof/observe.h"

namespace pga::proof {

struct StepPlace {
  size_t section = 0;  // from 0
  size_t step = 0;     // from 0, in its section
  auto operator<=>(const StepPlace&) const = default;
};

struct StepOutcome {
  StepPlace place;
  StatementFacts facts;  // empty when it was not observed
};

struct ExecuteOptions {
  bool observe = false;
  int lock_timeout_ms = 10000;
  int statement_timeout_ms = 600000;
  // Called after each step, in the open transaction of its section if there is one. May change nothing.
  std::function<Status(const StepPlace&, postgres::Connection&)> after_step;
  // Called after each section is committed.
  std::function<Status(size_t section, postgres::Connection&)> after_section;
  size_t sections = SIZE_MAX;  // stop before this one
};

Result<std::vector<StepOutcome>> execute(postgres::Connection& connection, const plan::Script& script,
                                         const ExecuteOptions& options = {});

// "section 2, step 3 (column public.users.email)": counted from 1, for people.
std::string to_text(const StepPlace& place, const plan::Script& script);

}  // namespace pga::proof
