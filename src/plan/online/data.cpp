#include "plan/online/data.h"

#include <algorithm>

#include "base/quote.h"
#include "base/text.h"

namespace pga::plan::data {

using schema::Database;
using schema::Id;
using schema::KindId;
using schema::Object;

Draft draft(const Id& id, Phase phase, std::string sql, std::string why) {
  Draft out;
  out.step.sql = std::move(sql);
  out.step.why = std::move(why);
  out.step.object = schema::to_text(id);
  out.phase = phase;
  return out;
}

Draft strong(Draft draft) {
  draft.step.strong_lock = true;
  return draft;
}

Draft with(Draft draft, Hazard hazard) {
  draft.step.hazards.push_back(hazard);
  return draft;
}

Draft alone(Draft draft) {
  draft.alone = true;
  return draft;
}

std::string fill_in(std::string_view text, const std::map<std::string, std::string, std::less<>>& values) {
  std::string out;
  while (true) {
    const size_t open = text.find('@');
    if (open == std::string_view::npos) return out + std::string(text);
    const size_t close = text.find('@', open + 1);
    PGA_ASSERT(close != std::string_view::npos);
    const auto it = values.find(text.substr(open + 1, close - open - 1));
    PGA_ASSERT(it != values.end());
    out += std::string(text.substr(0, open)) + it->second;
    text.remove_prefix(close + 1);
  }
}

Id table_id(const Id& part) {
  return {KindId::table, {part.path[0], part.path[1]}};
}

std::string table_of(const Id& id) {
  return ident({id.path[0], id.path[1]});
}

std::string column(const std::string& alias, const std::string& name) {
  return alias + "." + ident(name);
}

namespace {

bool usable(const Id& table, const std::vector<std::string>& columns, const Database& in, const Database* after) {
  return !columns.empty() && std::ranges::all_of(columns, [&](const std::string& name) {
    const Object* now = in.find(KindId::column, {table.path[0], table.path[1], name});
    if (now == nullptr || !now->flag("not_null") || !now->flag("not_null_valid") || now->value("generated")) return false;
    if (after == nullptr) return true;
    const Object* then = after->find(now->id);
    return then != nullptr && then->value("type") == now->value("type") && !then->value("generated");
  });
}

}  // namespace

std::optional<Key> key_of(const Id& table, const Database& in, const Database* after, const std::string& without) {
  std::vector<Key> found;
  const auto offer = [&](const std::vector<std::string>& columns, bool first) {
    if (std::ranges::find(columns, without) != columns.end() || !usable(table, columns, in, after)) return;
    found.insert(first ? found.begin() : found.end(), Key{columns});
  };
  for (const Object* constraint : in.children(table, KindId::constraint)) {
    const std::string type = constraint->text("type");
    if ((type != "PRIMARY KEY" && type != "UNIQUE") || constraint->flag("temporal")) continue;
    offer(constraint->list("columns"), type == "PRIMARY KEY");
  }
  for (const Object* index : in.children(table, KindId::index)) {
    const bool simple = index->flag("unique") && index->flag("valid") && !index->flag("has_expressions") &&
                        !index->value("predicate") && index->text("definition").find(" INCLUDE (") == std::string::npos;
    if (!simple) continue;
    std::vector<std::string> names;
    for (const auto& quoted : index->list("columns")) {
      for (const Object* one : in.children(table, KindId::column)) {
        if (ident(one->id.name()) == quoted) names.push_back(one->id.name());
      }
    }
    if (names.size() == index->list("columns").size()) offer(names, false);
  }
  if (found.empty()) return std::nullopt;
  return found.front();
}

bool has_children(const Id& table, const Database& in) {
  return std::ranges::any_of(in.dependents(table), [&](const Object* other) {
    if (other->id.kind != KindId::table) return false;
    return other->list("partition_of") == table.path || !other->list("inherits").empty();
  });
}

bool has_triggers(const Id& table, const Situation& situation) {
  for (const Database* in : {&situation.from, &situation.to}) {
    for (const Object* child : in->children(table)) {
      if (child->id.kind == KindId::trigger || child->id.kind == KindId::rule) return true;
    }
    for (const Object* below : in->dependents(table)) {
      if (below->id.kind != KindId::table || below->id == table) continue;
      const bool child = below->list("partition_of") == table.path || !below->list("inherits").empty();
      if (child && has_triggers(below->id, situation)) return true;
    }
  }
  return false;
}

bool lacks_replica_identity(const Id& table, const Situation& situation) {
  for (const Database* in : {&situation.from, &situation.to}) {
    const Object* here = in->find(table);
    if (here == nullptr) continue;
    const bool published = std::ranges::any_of(in->objects, [](const auto& entry) {
      if (entry.first.kind != KindId::publication) return false;
      const auto publish = entry.second.list("publish");
      return std::ranges::find(publish, "update") != publish.end() || std::ranges::find(publish, "delete") != publish.end();
    });
    if (!published) continue;
    const auto identity = here->text("replica_identity");
    const bool key = std::ranges::any_of(in->children(table, KindId::constraint),
                                         [](const Object* c) { return c->text("type") == "PRIMARY KEY"; });
    if (identity == "NOTHING" || (identity == "DEFAULT" && !key)) return true;
    for (const Object* below : in->dependents(table)) {
      if (below->id.kind == KindId::table && below->id != table && below->list("partition_of") == table.path &&
          lacks_replica_identity(below->id, situation))
        return true;
    }
  }
  return false;
}

Draft make_parked_schema(const Id& id) {
  return draft(id, Phase::expand, "CREATE SCHEMA IF NOT EXISTS " + ident(kParked),
               "what is dropped waits in this schema until it is wanted back");
}

Draft drop_parked_schema(const Id& id) {
  return draft(id, Phase::contract,
               "DO " + dollar_quote("\nBEGIN\n  DROP SCHEMA IF EXISTS " + std::string(kParked) +
                                    " RESTRICT;\nEXCEPTION WHEN dependent_objects_still_exist THEN\n  NULL;\nEND\n"),
               "nothing waits any more: the schema goes, unless another migration has something in it");
}

std::string parked_bare_name(std::string_view what, const Situation& situation, const Id& id) {
  std::vector<std::string> parts = {situation.options.name};
  parts.insert(parts.end(), id.path.begin(), id.path.end());
  return helper_name(what, parts);
}

std::string parked_name(std::string_view what, const Situation& situation, const Id& id) {
  return ident({std::string(kParked), parked_bare_name(what, situation, id)});
}

bool waits_as_text(const Object& column) {
  return column.value("user_type").has_value();
}

std::string waiting(const Object& object, const std::string& alias) {
  return column(alias, object.id.name()) + (waits_as_text(object) ? "::text" : "");
}

std::string restored(const Object& object, const std::string& parked_value) {
  return parked_value + (waits_as_text(object) ? "::" + object.text("type") : "");
}

}  // namespace pga::plan::data
