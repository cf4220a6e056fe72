// What happens to each object on the way from one model to another: kept, altered in place, made again, dropped or created. Pure.
//
// An object that PostgreSQL would drop along with a changed one, or that stands in the way of a change, is made again (`again`)
// together with everything that needs it. Objects with rows are never made again for the sake of a dependency: a column whose
// type is made anew is sheltered as text meanwhile.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "plan/action.h"

namespace pga::plan {

struct Fate {
  Verb verb = Verb::alter;
  const schema::Object* from = nullptr;
  const schema::Object* to = nullptr;
  std::vector<std::string_view> changed;
  schema::Alteration alteration;       // of alter
  std::optional<Expansion> leaving;    // of what is made again and has rows: a form's answer for the drop
  std::optional<Expansion> expansion;  // a form's answer; for create and drop asked by the planner
  bool again = false;                  // dropped and created although it is in both
  bool sheltered = false;              // a column: held as text while its type is made again
  bool follows = false;                // happens by itself with the same change of a parent table
  std::string because;                 // why it is made again: "column public.t.c changes its type"
};

struct Changes {
  std::map<schema::Id, Fate> fates;  // of every object that is not simply kept
  // What is dropped before an object is altered and made again after it, although it may need it only through something that is
  // kept (a trigger that names a column of an enum).
  std::map<schema::Id, std::set<schema::Id>> around;
  const Fate* find(const schema::Id& id) const;
  bool dropped(const schema::Id& id) const;  // its old form goes: pure drop, or made again
  bool created(const schema::Id& id) const;  // a new form comes: pure create, or made again
  bool made(const schema::Id& id) const;     // created or altered
};

// `forced`: objects that must be made again although they could be altered (to break a cycle).
Changes find_changes(const Situation& situation, const std::set<schema::Id>& forced = {});

// Whether the parent tables (partition_of, inherits) of a table are the same before and after.
bool same_parents(const schema::Object& from, const schema::Object& to);
// Id of the table that a column, default, constraint, index … belongs to; nullopt for others.
std::optional<schema::Id> table_of(const schema::Object& object);
// Ids of the parent tables of a table (partition_of or inherits).
std::vector<schema::Id> parent_tables(const schema::Object& table, const schema::Database& in);

}  // namespace pga::plan
