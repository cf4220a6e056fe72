// What a statement of a user's script may do on the private server (reliability.md 17, 18).
//
// Statements are classified by their words, before they run. What would leave the database is refused; what belongs to the
// server and not to the schema is skipped with a note. This is a guard against scripts that were not written for us; the
// private server's own confinement (unprivileged user, no TCP, limits) stands behind it.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "sql/lexer.h"

namespace pga::source {

enum class Verdict : uint8_t { run, skip, refuse };

struct Judgement {
  Verdict verdict = Verdict::run;
  std::string why;        // for skip (empty: silently) and refuse
  std::string hint;       // for refuse
  std::string rewritten;  // for run, when not empty: run this instead (CREATE ROLE without its password)
};

Judgement judge_statement(std::string_view statement, const std::vector<sql::Word>& words);
Judgement judge_meta_command(std::string_view command);
// Structure only, no values that a second run would change, and possible inside a transaction block: may be sent in a
// batch that is rolled back and run again statement by statement when one of it fails.
bool can_batch(const std::vector<sql::Word>& words);
// CREATE EXTENSION name: the name, else "".
std::string created_extension(const std::vector<sql::Word>& words);
bool sets_session(const std::vector<sql::Word>& words);  // SET, RESET, SELECT set_config(…)

}  // namespace pga::source
