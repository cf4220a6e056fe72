#include <algorithm>
#include <map>

#include "base/quote.h"
#include "base/text.h"
#include "diff/likeness.h"
#include "diff/rename.h"
#include "schema/kind.h"

namespace pga::diff {
namespace {

using schema::Database;
using schema::Id;
using schema::KindId;
using schema::Object;

// Splits at a separator that stands outside of "…" and (…).
std::vector<std::string> split_outside(std::string_view text, char separator) {
  std::vector<std::string> out(1);
  bool quoted = false;
  int depth = 0;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (!quoted && c == '(') ++depth;
    if (!quoted && c == ')') --depth;
    if (c == separator && !quoted && depth == 0) {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

std::string unquoted(std::string_view part) {
  part = trim(part);
  if (part.size() < 2 || part.front() != '"' || part.back() != '"') return to_lower(part);
  return replace_all(std::string(part.substr(1, part.size() - 2)), "\"\"", "\"");
}

struct Wish {
  std::string text;
  std::string kind;               // "" any
  std::vector<std::string> path;  // of the old name, outermost first, schema optional
  std::string arguments;          // of a function
  bool has_arguments = false;
  std::vector<std::string> target;  // of the new name, usually one part
};

Result<Wish> parse(const std::string& text) {
  const auto sides = split_outside(text, '=');
  if (sides.size() != 2 || trim(sides[0]).empty() || trim(sides[1]).empty()) {
    return fail("unknown-rename", "'" + comment_safe(text) + "' does not say what is renamed to what",
                "write it as users.name=full_name");
  }
  Wish out;
  out.text = text;
  std::string left(trim(sides[0]));
  const size_t space = split_outside(left, ' ').front().size();
  if (space < left.size()) {
    std::string kind = to_lower(left.substr(0, space));
    if (kind == "type" || kind == "value") kind = "enum_type";
    if (schema::find_kind(kind) != nullptr) {
      out.kind = kind;
      left = std::string(trim(left.substr(space)));
    }
  }
  if (const size_t paren = left.find('(');
      paren != std::string::npos && left.ends_with(')') && left.find('"') == std::string::npos) {
    out.arguments = left.substr(paren + 1, left.size() - paren - 2);
    out.has_arguments = true;
    left.resize(paren);
  }
  for (const auto& part : split_outside(left, '.')) out.path.push_back(unquoted(part));
  for (const auto& part : split_outside(trim(sides[1]), '.')) out.target.push_back(unquoted(part));
  return out;
}

size_t name_index(const Id& id) {
  return schema::kind_of(id.kind).slug() == "function" || schema::kind_of(id.kind).slug() == "aggregate" ? 1 : id.path.size() - 1;
}

bool matches(const Wish& wish, const Id& id) {
  const auto slug = schema::kind_of(id.kind).slug();
  if (!wish.kind.empty() && wish.kind != slug) return false;
  if (slug == "column_default" || slug == "extension" || slug == "default_privileges") return false;
  std::vector<std::string> named(id.path.begin(), id.path.begin() + static_cast<long>(name_index(id)) + 1);
  if (wish.has_arguments && (named.size() == id.path.size() || id.path.back() != wish.arguments)) return false;
  if (wish.path.size() > named.size()) return false;
  const bool with_schema = wish.path.size() == named.size();
  const bool without = wish.path.size() + 1 == named.size();
  return (with_schema || without) && std::equal(wish.path.rbegin(), wish.path.rend(), named.rbegin());
}

Error unknown(const Wish& wish, const std::string& why, const Database& from, const Database& to) {
  std::string nearest;
  int best = 0;
  for (const auto& candidate : rename_candidates(from, to)) {
    const int alike = name_likeness(wish.path.back(), candidate.rename.from.name());
    if (alike > best) {
      best = alike;
      nearest = to_text(candidate.rename);
    }
  }
  Error error;
  error.code = "unknown-rename";
  error.message = "the rename '" + comment_safe(wish.text) + "' " + why;
  error.hint = nearest.empty() ? "nothing that went looks like something that came" : "what looks like a rename: " + nearest;
  return error;
}

// Values of an enum: status.open=active.
std::optional<Rename> value_rename(const Wish& wish, const Database& from, const Database& to) {
  const schema::Kind* kind = schema::find_kind("enum_type");
  if (kind == nullptr || wish.path.size() < 2) return std::nullopt;
  for (const auto& [id, object] : from.objects) {
    if (id.kind != kind->id() || to.find(id) == nullptr) continue;
    const bool named = wish.path[wish.path.size() - 2] == id.name() && (wish.path.size() == 2 || wish.path[0] == id.path[0]);
    if (!named) continue;
    const auto before = object.list("values"), after = to.find(id)->list("values");
    const auto find = [](const std::vector<std::string>& list, const std::string& raw) -> std::string {
      for (const auto& value : list) {
        if (value == raw || to_lower(value) == to_lower(raw)) return value;
      }
      return {};
    };
    const std::string old_value = find(before, wish.path.back()), new_value = find(after, wish.target.back());
    if (!old_value.empty() && !new_value.empty() && find(after, old_value).empty()) return Rename{id, id, old_value, new_value};
  }
  return std::nullopt;
}

Result<Rename> resolve(const Wish& wish, const Database& from, const Database& to, const std::map<Id, Id>& tables) {
  std::vector<Rename> found;
  bool exists = false;
  for (const auto& [id, object] : from.objects) {
    if (!matches(wish, id)) continue;
    exists = true;
    Id target = id;
    target.path.set(name_index(id), wish.target.back());
    Id in_target = target;  // where it is found in the target: its table may be renamed as well
    if (object.parent && object.parent->kind == KindId::table) {
      if (const auto it = tables.find(*object.parent); it != tables.end() && id.path.size() > 2) {
        in_target.path.set(0, it->second.path[0]);
        in_target.path.set(1, it->second.path[1]);
      }
    }
    if (to.find(in_target) == nullptr || from.find(target) != nullptr) continue;
    found.push_back({id, target, {}, {}});
  }
  if (found.size() == 1) return found.front();
  if (auto value = value_rename(wish, from, to)) return *value;
  if (found.size() > 1)
    return fail(unknown(
        wish, "can mean several objects: " + schema::to_text(found[0].from) + " or " + schema::to_text(found[1].from), from, to));
  if (!exists) return fail(unknown(wish, "names nothing that the first schema has", from, to));
  return fail(unknown(wish, "leads to nothing that is new in the second schema", from, to));
}

}  // namespace

Result<std::vector<Rename>> parse_renames(const std::vector<std::string>& texts, const Database& from, const Database& to) {
  std::vector<Wish> wishes;
  for (const auto& text : texts) {
    for (const auto& one : split_outside(text, ',')) {
      PGA_TRY(auto wish, parse(one));
      wishes.push_back(std::move(wish));
    }
  }
  std::vector<Rename> tables, out;
  std::map<Id, Id> renamed_tables;
  std::vector<const Wish*> others;
  for (const auto& wish : wishes) {
    auto found = resolve(wish, from, to, {});
    if (found && found->from.kind == KindId::table) {
      renamed_tables[found->from] = found->to;
      tables.push_back(*found);
    } else {
      others.push_back(&wish);
    }
  }
  for (const Wish* wish : others) {
    PGA_TRY(auto one, resolve(*wish, from, to, renamed_tables));
    out.push_back(std::move(one));
  }
  out.insert(out.end(), tables.begin(), tables.end());  // parts first, under the old name of their table
  std::ranges::stable_sort(out, {}, [](const Rename& r) { return r.from.kind == KindId::table; });
  const auto tail = std::unique(out.begin(), out.end());
  out.erase(tail, out.end());
  return out;
}

}  // namespace pga::diff
