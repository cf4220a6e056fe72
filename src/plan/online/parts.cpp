#include "plan/online/parts.h"

#include <algorithm>

#include "base/quote.h"
#include "base/text.h"
#include "schema/table_ddl.h"

namespace pga::plan {

using schema::KindId;

Draft say(const schema::Id& id, std::string sql, std::string why) {
  Draft draft;
  draft.step.sql = std::move(sql);
  draft.step.why = std::move(why);
  draft.step.object = schema::to_text(id);
  return draft;
}

Draft strong(Draft draft) {
  draft.step.strong_lock = true;
  return draft;
}

Draft alone(Draft draft) {
  draft.alone = true;
  draft.phase = Phase::migrate_data;
  return draft;
}

Draft outside(Draft draft) {
  draft.transactional = false;
  return draft;
}

Draft hurts(Draft draft, Hazard hazard) {
  draft.step.hazards.push_back(hazard);
  return draft;
}

Draft contracting(Draft draft) {
  draft.phase = Phase::contract;
  return draft;
}

void append(Drafts& to, Drafts more) {
  std::ranges::move(more, std::back_inserter(to));
}

Drafts settings(const schema::Statements& statements, const schema::Id& id) {
  Drafts out = plain(statements, id, "Settings that the definition cannot hold.");
  for (auto& draft : out) {
    // ATTACH PARTITION locks the index, REPLICA IDENTITY the table; the others only keep other DDL away.
    const bool locks = draft.step.sql.find(" ATTACH PARTITION ") != std::string::npos ||
                       draft.step.sql.find(" REPLICA IDENTITY ") != std::string::npos;
    if (locks) draft.step.strong_lock = true;
  }
  return out;
}

bool changes(const Action& action, std::string_view field) {
  return std::ranges::find(action.changed, field) != action.changed.end();
}

std::vector<std::string_view> without(const std::vector<std::string_view>& changed,
                                      std::initializer_list<std::string_view> fields) {
  std::vector<std::string_view> out;
  std::ranges::copy_if(changed, std::back_inserter(out),
                       [&](std::string_view field) { return std::ranges::find(fields, field) == fields.end(); });
  return out;
}

bool relation_exists(const schema::Database& in, const std::string& schema, const std::string& name) {
  for (const auto kind : schema::all_kinds()) {
    if (kind->catalog() == "pg_class" && kind->id() != KindId::column && in.find(kind->id(), {schema, name}) != nullptr)
      return true;
  }
  // The index of a constraint, the sequence of an identity column and a composite type are relations too.
  return std::ranges::any_of(in.objects, [&](const auto& entry) {
    const auto& [id, object] = entry;
    if (id.path[0] != schema) return false;
    if (id.kind == KindId::constraint) {
      const std::string type = object.text("type");
      return type != "CHECK" && type != "FOREIGN KEY" && object.value("index_name").value_or(id.name()) == name;
    }
    if (id.kind == KindId::column) return object.text("identity_sequence") == ident({schema, name});
    return schema::kind_of(id.kind).slug() == "composite_type" && id.path.size() == 2 && id.name() == name;
  });
}

bool needs_stay(const schema::Object& from, const Situation& situation, bool simple) {
  return std::ranges::all_of(from.needs, [&](const schema::Id& need) {
    const auto slug = schema::kind_of(need.kind).slug();
    const bool steady = slug == "table" || slug == "column" || slug == "schema" || slug == "extension";
    return situation.to.find(need) != nullptr && (steady || !simple);
  });
}

bool attached_by_plan(const schema::Id& table, const Situation& situation) {
  if (table.kind != KindId::table) return false;
  const auto* before = situation.from.find(table);
  const auto* after = situation.to.find(table);
  return before != nullptr && after != nullptr && after->value("partition_of") &&
         (before->value("partition_of") != after->value("partition_of") ||
          before->value("partition_bound") != after->value("partition_bound"));
}

std::vector<const schema::Object*> descendants(const schema::Database& in, const schema::Id& table) {
  std::vector<const schema::Object*> out;
  std::vector<schema::Id> waiting = {table};
  for (size_t next = 0; next < waiting.size(); ++next) {
    const schema::Id parent = waiting[next];
    for (const auto& [id, object] : in.objects) {
      if (id.kind != KindId::table || std::ranges::find(waiting, id) != waiting.end()) continue;
      const auto inherits = object.list("inherits");
      const bool child = object.list("partition_of") == parent.path ||
                         std::ranges::find(inherits, ident({parent.path[0], parent.path[1]})) != inherits.end();
      if (!child) continue;
      out.push_back(&object);
      waiting.push_back(id);
    }
  }
  return out;
}

std::string concurrent_definition(const std::string& definition, const std::string& name) {
  constexpr std::string_view kIndex = " INDEX ";
  const size_t start = definition.find(kIndex);
  PGA_ASSERT(start != std::string::npos);
  size_t end = start + kIndex.size();
  if (definition[end] == '"') {
    for (++end; end < definition.size(); ++end) {
      if (definition[end] != '"') continue;
      if (end + 1 < definition.size() && definition[end + 1] == '"') {
        ++end;
      } else {
        break;
      }
    }
    ++end;
  } else {
    end = definition.find(' ', end);
  }
  return definition.substr(0, start) + " INDEX CONCURRENTLY " + ident(name) + definition.substr(end);
}

Draft build_index(const schema::Id& id, std::string sql, const std::vector<std::string>& path, std::string why) {
  Draft draft = hurts(outside(say(id, std::move(sql), std::move(why))), Hazard::index_build);
  draft.step.concurrent_index = schema::qualified(path);
  return draft;
}

Draft drop_index_concurrently(const schema::Id& id, const std::vector<std::string>& path) {
  return contracting(outside(say(id, "DROP INDEX CONCURRENTLY " + schema::qualified(path),
                                 "Drops the index without a lock that blocks reads or writes; waits until no query uses it.")));
}

}  // namespace pga::plan
