// What the forms share that write, keep or move rows: drafts, keys of rows, work in batches, and the schema where values wait.
//
//   Key key = *key_of(table, situation.from);
//   drafts.push_back(in_batches(id, situation, table, key, {"UPDATE ", " AS t SET a = DEFAULT WHERE ", " AND t.a IS NULL"},
//   why));
//
// Pure: these only make text. The text runs outside a transaction block where it says so.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plan/action.h"

namespace pga::plan::data {

Draft draft(const schema::Id& id, Phase phase, std::string sql, std::string why);
Draft strong(Draft draft);               // conflicts with reads or writes of an existing table, for an instant
Draft with(Draft draft, Hazard hazard);  // the same with one hazard more
Draft alone(Draft draft);                // in a transaction of its own
// The template with its @names@ replaced, in one pass: what is put in is never looked at again.
std::string fill_in(std::string_view text, const std::map<std::string, std::string, std::less<>>& values);

// "public.users" for a table, and for anything whose path starts with a table's.
std::string table_of(const schema::Id& id);
schema::Id table_id(const schema::Id& part);
std::string column(const std::string& alias, const std::string& name);  // t.email

// Columns that tell every row of a table from every other one, in the order of an index: the primary key, else a unique
// constraint or index of columns that cannot be null.
struct Key {
  std::vector<std::string> columns;
};
// `after`: only keys whose columns are there, of the same type, in that model as well. `without`: this column is no part of it.
std::optional<Key> key_of(const schema::Id& table, const schema::Database& in, const schema::Database* after = nullptr,
                          const std::string& without = {});

// One statement for the rows of one batch: head <relation> AS t … middle <condition on t> tail.
struct Work {
  std::string head, middle, tail;
};
// A DO block that does the work for all rows, batch by batch, and commits after each. Without a key it goes by blocks.
Draft in_batches(const schema::Id& id, const Situation& situation, const schema::Id& table, const std::optional<Key>& key,
                 const Work& work, std::string why);
// The same work for all rows at once.
std::string at_once(const schema::Id& table, const Work& work);
// A statement that writes rows, so that the user's triggers do not fire for it where we may say so, and with the whole row as
// replica identity where the table is published without one.
std::string quietly(const schema::Id& table, const Situation& situation, const std::string& sql);

// The schema where values wait (kParked): made, and dropped when it is empty.
Draft make_parked_schema(const schema::Id& id);
Draft drop_parked_schema(const schema::Id& id);
// Name, with the schema, of what is parked: "values" of a column, "rows" of a table, "position" of a sequence.
std::string parked_name(std::string_view what, const Situation& situation, const schema::Id& id);
std::string parked_bare_name(std::string_view what, const Situation& situation, const schema::Id& id);  // without the schema

// True when a user's type, which the migration may drop, stands behind the column: its values wait as text.
bool waits_as_text(const schema::Object& column);
// t.email, or t.email::text where it waits as text.
std::string waiting(const schema::Object& column, const std::string& alias);
// p.value, or p.value::public.mood.
std::string restored(const schema::Object& column, const std::string& parked_value);

// A table has triggers or rules of the user's (or one of the tables below it), which a backfill should not fire.
bool has_triggers(const schema::Id& table, const Situation& situation);
// PostgreSQL refuses to update rows of a published table that has nothing to tell them apart by, its owner's migration included.
bool lacks_replica_identity(const schema::Id& table, const Situation& situation);
bool has_children(const schema::Id& table, const schema::Database& in);  // partitions or inheriting tables

}  // namespace pga::plan::data
