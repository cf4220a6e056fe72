// What the online forms share: drafts of the usual shapes, and questions about the two models.
//
//   out.main.push_back(strong(say(action.id, "ALTER TABLE …", "why")));
//   out.finish.push_back(alone(say(action.id, "ALTER TABLE … VALIDATE CONSTRAINT …", "why")));
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "plan/action.h"

namespace pga::plan {

Draft say(const schema::Id& id, std::string sql, std::string why);
Draft strong(Draft draft);   // takes a lock that conflicts with reads or writes, for an instant
Draft alone(Draft draft);    // a transaction of its own that reads the rows: phase migrate_data
Draft outside(Draft draft);  // cannot run inside a transaction
Draft hurts(Draft draft, Hazard hazard);
Draft contracting(Draft draft);  // only what old code needed goes
void append(Drafts& to, Drafts more);
// Plain statements of settings that follow a build or an ADD CONSTRAINT; those with a strong lock are marked.
Drafts settings(const schema::Statements& statements, const schema::Id& id);

bool changes(const Action& action, std::string_view field);
std::vector<std::string_view> without(const std::vector<std::string_view>& changed,
                                      std::initializer_list<std::string_view> fields);
// A relation of this name (table, view, index, sequence, index of a constraint, composite type) is in the model.
bool relation_exists(const schema::Database& in, const std::string& schema, const std::string& name);
// Everything that the old object needs is still in the target, so nothing that is dropped waits for it. `simple`: and it needs
// nothing but tables, columns, schemas and extensions, which are never made again while it stands.
bool needs_stay(const schema::Object& from, const Situation& situation, bool simple = false);
// The table exists on both sides and becomes a partition (of another parent) in this plan. Its ATTACH comes last and attaches
// the indexes too.
bool attached_by_plan(const schema::Id& table, const Situation& situation);
// Partitions and inheriting tables, directly or not, without the table itself.
std::vector<const schema::Object*> descendants(const schema::Database& in, const schema::Id& table);

// "CREATE UNIQUE INDEX CONCURRENTLY name ON …" from the text of pg_get_indexdef.
std::string concurrent_definition(const std::string& definition, const std::string& name);
// CREATE INDEX CONCURRENTLY as a draft; `path`: schema and name of the index.
Draft build_index(const schema::Id& id, std::string sql, const std::vector<std::string>& path, std::string why);
Draft drop_index_concurrently(const schema::Id& id, const std::vector<std::string>& path);

}  // namespace pga::plan
