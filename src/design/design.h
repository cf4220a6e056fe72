// From what was understood to a designed schema.
//
//   const auto understood = request::understand(text, design::vocabulary_of(current));
//   PGA_TRY(const auto designed, design::design(understood, current, {.answers = {{"comments-replies", "one-level"}}}));
//   designed.sql            // executed on a clone of `current` it gives the target; the plan leads there
//
// Deterministic: the same request, schema and answers give the same bytes. Nothing is executed here.
// Errors: unknown-answer (no such decision or option), not-understood (blocked; says what), nothing-to-design.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "request/statement.h"
#include "schema/object.h"

namespace pga::design {

struct Warning {
  std::string id;    // kebab-case: "unbounded-growth"
  std::string text;  // what can go wrong
  std::string todo;  // what to do about it
};

// Why an object is there: every object of the DDL has at least one cause.
struct Cause {
  std::string object;  // "comments", "comments.author_id", "idx_comments_event_id_created_at"
  std::string what;    // statement | assumption | rule | decision | pattern
  std::string id;      // "S20", "C7", "comments-replies"
  std::string reason;  // one sentence
};

// An example query that an index or a design serves.
struct ExampleQuery {
  std::string title, sql, served_by;
};

// Rows that have to change with the schema: run behind the expanding steps of the migration.
struct DataChange {
  std::string why, sql;
};

struct DesignedTable {
  std::string name;                        // qualified only when it is not in public
  bool existing = false;                   // changed, not new
  std::string sql;                         // its CREATE TABLE (or ALTERs), indexes, triggers, policies, comments; in this order
  std::vector<std::string> relationships;  // in words
};

struct Designed {
  std::vector<request::Statement> statements;
  std::vector<request::Assumption> assumptions;
  std::vector<request::Decision> decisions;  // all, decided; the first five by weight are the ones to ask
  std::vector<Warning> warnings;
  std::vector<std::string> elsewhere;  // what belongs to the application, one line each
  std::vector<DesignedTable> tables;
  std::string sql;                   // everything, in an order that runs on the current schema
  std::vector<std::string> renames;  // "users.name=full_name": for the planner
  std::vector<DataChange> data;
  std::vector<Cause> causes;
  std::vector<ExampleQuery> queries;
};

struct Options {
  std::map<std::string, std::string> answers;  // decision id -> option id
  int major = 15;                              // of the target
};

request::Vocabulary vocabulary_of(const schema::Database& current);
Result<Designed> design(const request::Understood& understood, const schema::Database& current, const Options& options);

}  // namespace pga::design
