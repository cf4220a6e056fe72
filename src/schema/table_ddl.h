// CREATE TABLE and its parts, shared by the kinds table, column, column_default and constraint and by the planner, which decides
// which children stand inside the statement.
#pragma once
#include <set>
#include <string>

#include "schema/kind.h"

namespace pga::schema {

// "public.users", for any child of a table or for the table itself.
std::string table_name(const Object& object);
std::string qualified(const std::vector<std::string>& path);  // {public, users} -> public.users

// How a partition is made: in one statement, or as a table of its own that is attached (to a parent that already has indexes,
// or because its columns stand in another order).
enum class PartitionForm { partition_of, attach };
PartitionForm natural_partition_form(const Object& table, const Database& in);

// CREATE TABLE with its columns; defaults and constraints of `inlined` stand inside. Followed by what cannot stand inside it:
// statistics targets, storage, replica identity, row security …
Statements create_table(const Object& table, const Database& in, const std::set<Id>& inlined, PartitionForm form);
Statement attach_partition(const Object& table);
// Checks and foreign keys of the partitioned tables above: a partition has them too, though the model tells them of the parent
// only.
std::vector<const Object*> rules_of_parents(const Object& table, const Database& in);
// What DETACH leaves on the table and the target does not have: names of such rules that must be dropped.
std::vector<std::string> rules_left_behind(const Object& from, const Object& to, const Database& from_db, const Database& to_db);
// A rule of a parent as the partition's own.
Object rule_for(const Object& rule, const Object& table);

// "email text COLLATE … DEFAULT … NOT NULL"; the default only with `with_default`.
std::string column_definition(const Object& column, const Database& in, bool with_default);
// Sequence options ("CACHE 1") without those that PostgreSQL takes by itself for this type.
std::vector<std::string> without_default_options(const std::vector<std::string>& options, const std::string& type);
// "GENERATED ALWAYS AS IDENTITY (…)", the options left out where they are the usual ones.
std::string identity_definition(const Object& column);
// Settings of a column that its definition cannot hold: statistics target, options, storage, a NOT VALID not-null.
Statements column_settings(const Object& column);
// "CONSTRAINT users_pkey PRIMARY KEY (id)"; `not_valid` adds NOT VALID.
std::string constraint_definition(const Object& constraint, bool not_valid);
// ALTER INDEX … ATTACH PARTITION, CLUSTER ON, the comment of the index, an index name that differs from the constraint's.
Statements constraint_settings(const Object& constraint);
// "a=1,b=2" list items "key=value" as SQL: key = 'value'; for reloptions and for OPTIONS (…).
std::string storage_parameters(const std::vector<std::string>& options);
std::string generic_options(const std::vector<std::string>& options);
// ALTER … OPTIONS (ADD …, SET …, DROP …) body that leads from one list to another.
std::string generic_options_change(const std::vector<std::string>& from, const std::vector<std::string>& to);
// "SET (…)" and "RESET (…)" clauses that lead from one reloptions list to another.
std::vector<std::string> storage_parameters_change(const std::vector<std::string>& from, const std::vector<std::string>& to);

}  // namespace pga::schema
