// What the runner must know of a statement's text: can it run in a transaction, what does it leave behind when it is killed, what
// may it lose. Tokens only (sql/lexer.h), so the syntax of any version passes.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "plan/step.h"

namespace pga::migrate {

enum class Nature : uint8_t {
  plain,         // can run in a transaction
  session,       // SET, RESET, set_config(…, false): must be run again when a migration is resumed in a new session
  begin,         // BEGIN, START TRANSACTION
  end,           // COMMIT, END
  transaction,   // ROLLBACK, SAVEPOINT, PREPARE TRANSACTION …: the runner's business
  create_index,  // CONCURRENTLY; `index` (may be ""), `table`
  drop_index,    // CONCURRENTLY; `index`
  reindex,       // CONCURRENTLY; `index` or `table`, or neither (SCHEMA, DATABASE)
  detach,        // DETACH PARTITION … CONCURRENTLY; `table`, `partition`
  repeatable,    // outside of a transaction, and may be run again: VACUUM, ALTER SYSTEM …
  block,         // DO, CALL: may commit inside
  alone,         // outside of a transaction; whether it ran can only be told by somebody: CREATE DATABASE …
};

struct Statement {
  Nature nature = Nature::plain;
  std::string index, table, partition;  // as SQL: public.users
};

Statement statement_of(std::string_view sql);

// BEGIN … COMMIT of a file become sections of their own; a transaction of the file around a transactional section is dropped.
// Errors: transaction-control.
Result<plan::Script> normalized(const plan::Script& script, const std::string& file);

// Marked by the planner (true), or written by a person or another tool.
bool is_planned(const plan::Script& script);
// Does a section want lock_timeout? Marked steps say so; in other files every ALTER, DROP, CREATE INDEX … does.
bool wants_lock_timeout(const plan::Section& section, bool planned);
// The hazards of a step: those of its marks, and for other files DROP TABLE, DROP COLUMN, TRUNCATE: data-loss.
std::vector<plan::Hazard> hazards_of(const plan::Step& step, bool planned);
// "index public.users_email_key", or the first words of the statement; never a literal: it may be a secret.
std::string summary_of(const plan::Step& step);

}  // namespace pga::migrate
