#include "proof/concerned.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "diff/compare.h"
#include "schema/kind.h"

namespace pga::proof {
namespace {

using schema::Database;
using schema::Id;
using schema::KindId;
using schema::Object;

using Ids = std::unordered_set<Id, schema::IdHash>;

// Few, small, and looked at by name alone: in both parts always.
bool is_global(const Object& object) {
  const KindId kind = object.id.kind;
  if (kind == KindId::publication) {  // of all tables, or of all of a schema
    return std::ranges::none_of(object.needs, [](const Id& need) { return need.kind == KindId::table; });
  }
  return kind == KindId::schema || kind == KindId::extension || kind == KindId::language || kind == KindId::access_method ||
         kind == KindId::default_privileges || kind == KindId::foreign_data_wrapper || kind == KindId::foreign_server;
}

bool is_relation(KindId kind) {
  return kind == KindId::table || kind == KindId::view || kind == KindId::materialized_view || kind == KindId::sequence;
}

// Words of a function's text that may be names: letters, digits, _ and $; quoted names without their quotes.
std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> out;
  std::string word;
  for (const char c : text) {
    const auto u = static_cast<unsigned char>(c);
    if (std::isalnum(u) != 0 || c == '_' || c == '$' || u >= 0x80) {
      word += c;
    } else if (!word.empty()) {
      out.push_back(std::move(word));
      word.clear();
    }
  }
  if (!word.empty()) out.push_back(std::move(word));
  return out;
}

class Collector {
 public:
  Collector(const Database& from, const Database& to) : sides_{&from, &to} {
    for (const Database* side : sides_) {
      for (const auto& [id, object] : side->objects) {
        if (is_relation(id.kind) || id.kind == KindId::function) by_name_[id.path[1]].push_back(id);
      }
    }
  }

  void run(const std::vector<Id>& differing) {
    for (const Database* side : sides_) {
      for (const auto& [id, object] : side->objects) {
        if (is_global(object)) support(id);
      }
    }
    for (const auto& id : differing) touch_root(id);
    while (!todo_.empty()) {
      const auto [id, touched] = todo_.back();
      todo_.pop_back();
      for (const Database* side : sides_) {
        if (const Object* const object = side->find(id)) walk(*object, *side, touched);
      }
    }
  }

  // Everything of one side that was met.
  Database part(const Database& whole) const {
    Database out;
    out.version = whole.version;
    out.roles = whole.roles;
    for (const auto& [id, object] : whole.objects) {
      if (met_.contains(id)) out.objects.emplace_hint(out.objects.end(), id, object);
    }
    out.index();
    return out;
  }

 private:
  void touch(const Id& id) {
    if (!touched_.insert(id).second) return;
    met_.insert(id);
    todo_.push_back({id, true});
  }
  void support(const Id& id) {
    if (!met_.insert(id).second) return;
    todo_.push_back({id, false});
  }

  // The object and the table, view … that it is a part of.
  void touch_root(const Id& id) {
    touch(id);
    for (const Database* side : sides_) {
      for (const Object* at = side->find(id); at != nullptr && at->parent; at = side->find(*at->parent)) touch(*at->parent);
    }
  }

  void walk(const Object& object, const Database& side, bool touched) {
    for (const auto& need : object.needs) support(need);
    if (object.parent) support(*object.parent);
    if (object.id.kind == KindId::function) follow_body(object);
    if (touched) {
      walk_touched(object, side);
    } else if (object.id.kind == KindId::table) {
      walk_support(object, side);
    }
  }

  void walk_touched(const Object& object, const Database& side) {
    if (object.id.kind == KindId::column && object.parent) touch(*object.parent);
    // Adding to a schema touches nothing else in it; all else that needs what changes may be made again.
    if (!is_global(object)) {
      for (const Object* const other : side.dependents(object.id)) touch(other->id);
    }
    if (is_relation(object.id.kind)) {
      for (const Object* const part : side.children(object.id)) touch(part->id);
    }
    if (object.id.kind == KindId::table) {
      for (const auto& need : object.needs) {
        if (need.kind == KindId::table) touch(need);  // its parents, by partition or inheritance
      }
    }
  }

  void walk_support(const Object& table, const Database& side) {
    for (const Object* const part : side.children(table.id)) {
      const auto type = part->id.kind == KindId::constraint ? part->text("type") : std::string();
      const bool keeps = part->id.kind == KindId::column || part->id.kind == KindId::column_default || type == "PRIMARY KEY" ||
                         type == "UNIQUE" || (part->id.kind == KindId::index && part->flag("unique"));
      if (keeps) support(part->id);
    }
    for (const Object* const other : side.dependents(table.id)) {
      if (other->id.kind == KindId::table) support(other->id);  // a partitioned table without partitions takes no rows
    }
  }

  void follow_body(const Object& function) {
    for (const auto& word : words_of(function.text("body") + " " + function.text("sql_body"))) {
      if (const auto it = by_name_.find(word); it != by_name_.end()) {
        for (const auto& id : it->second) support(id);
      }
    }
  }

  std::array<const Database*, 2> sides_;
  std::unordered_map<std::string, std::vector<Id>> by_name_;
  Ids met_, touched_;
  struct Item {
    Id id;
    bool touched;
  };
  std::vector<Item> todo_;
};

bool has_event_trigger(const Database& database) {
  return std::ranges::any_of(database.objects, [](const auto& entry) { return entry.first.kind == KindId::event_trigger; });
}

}  // namespace

std::optional<Concerned> concerned(const Database& from, const Database& to) {
  if (has_event_trigger(from) || has_event_trigger(to)) return std::nullopt;
  std::vector<Id> differing;
  for (const auto& difference : diff::compare(from, to)) differing.push_back(difference.id);
  Collector collector(from, to);
  collector.run(differing);
  Concerned out{collector.part(from), collector.part(to), 0, 0};
  out.objects = std::max(out.from.objects.size(), out.to.objects.size());
  out.of = std::max(from.objects.size(), to.objects.size());
  return out;
}

}  // namespace pga::proof
