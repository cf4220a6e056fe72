// What the planner (plan/planner.h) is about to do with one object, and the online forms that may do it in a gentler way.
//
// The planner turns two models into Actions and orders them by what needs what. For each Action it asks the forms of
// online/registry.def, in order; the first that answers provides the statements. Where none answers, the plain statements of the
// kind are used (Kind::create, alter, drop), and a `replace` is split into drop and create with all dependents.
//
// A form is one file online/<slug>.cpp and one line in online/registry.def. It is pure: no server, no clock. What it must know
// about costs (does this ALTER rewrite the table?) was observed on a private server before and stands in Situation::facts_of().
//
// An Expansion has three parts, ordered separately:
//   prepare  runs before anything that the action needs out of its way is dropped (a dependent view …): builds, backfills,
//            triggers that keep a new column in step. Runs after everything that the new object needs exists.
//   main     takes the place of the plain statements. Adjacent transactional drafts of several actions share a transaction, so a
//            view that is dropped before main and created again after it is never missing for anybody.
//   finish   runs after all of that: VALIDATE, DROP INDEX CONCURRENTLY, removal of helpers.
// and one more for rows that come back or move (a dropped table in `down`, a table that is dropped and created in one plan):
//   fill     runs when the table, the tables below it and their attachment are made, before what is not part of CREATE TABLE is
//            made on any of them (indexes, constraints, triggers, rules, policies, row security), in the same transaction.
// A table or column that is made again (dropped and created, in both models) asks the forms twice: as a drop whose Id is in
// Situation::to as well, and as a create whose Id is in Situation::from as well. Its rows are moved away by the first (with every
// option, in both directions) and moved in by the second.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plan/step.h"
#include "schema/kind.h"

namespace pga::plan {

enum class Verb : uint8_t {
  drop,     // to is nullptr
  create,   // from is nullptr
  alter,    // Kind::alter can do it in place; `changed` names the fields
  replace,  // both are there, same Id, but it cannot be altered in place; `changed` names the fields
};

struct Action {
  Verb verb{};
  schema::Id id;
  const schema::Object* from = nullptr;   // in Situation::from
  const schema::Object* to = nullptr;     // in Situation::to
  std::vector<std::string_view> changed;  // alter and replace
  bool fresh = false;  // its table (or it itself) is created by this very plan: no rows, nobody waits; forms leave it alone
};

// What was observed when the plain statements of an action ran on a copy of the origin (empty tables are enough for these).
struct Facts {
  bool rewrites = false;          // a table that existed before got a new file
  bool rebuilds_indexes = false;  // an index that existed before got a new file
  bool scans = false;             // an existing table was scanned
  bool no_cast = false;           // of a column: the server has no cast to its new type, so it must be made again
  std::string strongest_lock;     // on a relation that existed before: "AccessExclusiveLock"; "" none
};

struct Options {
  bool online = true;              // false: --offline, no forms but those that keep data
  bool discard = false;            // --discard: what is dropped is not parked
  std::string name = "migration";  // of the migration; parked tables are named by it
  int batch_rows = 2000;           // of a backfill
};

struct Situation {
  const schema::Database& from;
  const schema::Database& to;
  const Options& options;
  bool down = false;          // this is the way back
  std::set<schema::Id> kept;  // down only: what `up` parked (Expansion::kept), to be brought back when created
  const std::map<schema::Id, Facts>* facts = nullptr;  // nullptr: nothing was observed yet; forms then assume the worst

  const Facts* facts_of(const schema::Id& id) const;
  // The major version that will run the statements.
  int major() const { return from.version != 0 ? from.major() : to.major(); }
};

struct Draft {
  Step step;
  bool transactional = true;
  bool alone = false;  // a transaction of its own although it is transactional (VALIDATE, one batch …)
  Phase phase = Phase::expand;
};
using Drafts = std::vector<Draft>;

struct Expansion {
  Drafts prepare, main, finish;
  Drafts fill;                     // create of a table: its plain statements stay
  std::vector<schema::Id> kept;    // what was parked: tables, columns
  std::vector<std::string> notes;  // what the user should know
};

class Form {
 public:
  virtual ~Form() = default;
  virtual std::string_view slug() const = 0;         // "index-concurrently"
  virtual std::string_view meaning() const = 0;      // one sentence for the reference page
  virtual bool keeps_data() const { return false; }  // true: also used with --offline (parking)
  virtual std::optional<Expansion> expand(const Action& action, const Situation& situation) const = 0;
};

std::span<const Form* const> all_forms();  // in the order of online/registry.def

// Drafts of plain statements, for forms that only need to change some of them.
Drafts plain(const schema::Statements& statements, const schema::Id& id, std::string why);
// The schema where rows of dropped tables and columns wait for `down`. Not part of any model.
inline constexpr std::string_view kParked = "pgarchitect_parked";
// A name of at most 63 bytes made of a readable part and a hash of all parts: for helpers (shadow columns, triggers, parked
// tables).
std::string helper_name(std::string_view prefix, const std::vector<std::string>& parts);

}  // namespace pga::plan
