#include "diff/likeness.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "base/text.h"
#include "schema/kind.h"

namespace pga::diff {
namespace {

using schema::Database;
using schema::Id;
using schema::KindId;
using schema::Object;

// Levenshtein's distance, two rows at a time.
size_t distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t above = row[j + 1];
      row[j + 1] = std::min({above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row.back();
}

std::set<std::string> words_of(std::string_view name) {
  std::set<std::string> out;
  for (auto& word : split(to_lower(name), '_')) {
    if (!word.empty()) out.insert(std::move(word));
  }
  return out;
}

std::optional<Candidate> column_likeness(const Object& from, const Object& to) {
  if (from.parent != to.parent) return std::nullopt;
  Candidate out{{from.id, to.id, {}, {}}, 0, {}};
  const auto note = [&](bool when, int points, const char* what) {
    if (!when) return;
    out.likeness += points;
    out.evidence.emplace_back(what);
  };
  if (from.value("type") != to.value("type")) return std::nullopt;
  note(true, 40, "the same type");
  note(from.value("not_null") == to.value("not_null"), 5, "the same nullability");
  note(from.value("position") == to.value("position"), 15, "the same place in the table");
  note(from.comment && from.comment == to.comment, 15, "the same comment");
  const int names = name_likeness(from.id.name(), to.id.name());
  note(names >= 40, names * 30 / 100, "the names are alike");
  if (out.likeness < 50) return std::nullopt;
  return out;
}

bool all_fields_same(const Object& from, const Object& to) {
  const auto fields = schema::kind_of(from.id.kind).fields();
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].compare == schema::Compare::yes && from.fields[i] != to.fields[i]) return false;
  }
  return !fields.empty();
}

}  // namespace

int name_likeness(std::string_view a, std::string_view b) {
  const size_t longest = std::max(a.size(), b.size());
  if (longest == 0) return 100;
  const int by_distance = 100 - static_cast<int>(100 * distance(a, b) / longest);
  const auto first = words_of(a), second = words_of(b);
  std::vector<std::string> shared;
  std::ranges::set_intersection(first, second, std::back_inserter(shared));
  const size_t all = first.size() + second.size() - shared.size();
  const int by_words = all == 0 ? 0 : static_cast<int>(100 * shared.size() / all);
  return std::max(by_distance, by_words);
}

std::optional<Candidate> likeness(const Object& from, const Object& to) {
  switch (from.id.kind) {
    case KindId::column:
      return column_likeness(from, to);
    case KindId::table:
    case KindId::column_default:
    case KindId::schema:
    case KindId::extension:
      return std::nullopt;
    default:
      break;
  }
  if (from.id.path.size() != to.id.path.size() || from.parent != to.parent) return std::nullopt;
  const size_t named = from.id.kind == KindId::function ? 1 : from.id.path.size() - 1;
  for (size_t i = 0; i < from.id.path.size(); ++i) {
    if (i != named && from.id.path[i] != to.id.path[i]) return std::nullopt;
  }
  if (!all_fields_same(from, to)) return std::nullopt;
  Candidate out{{from.id, to.id, {}, {}}, 70, {"the same definition"}};
  const int names = name_likeness(from.id.path[named], to.id.path[named]);
  if (names >= 40) {
    out.likeness += 20;
    out.evidence.emplace_back("the names are alike");
  }
  return out;
}

void table_candidates(const Database& from, const Database& to, const std::vector<const Object*>& gone,
                      const std::vector<const Object*>& come, std::vector<Candidate>& out) {
  const auto columns = [](const Database& in, const Object& table) {
    std::set<std::string> all;
    for (const Object* column : in.children(table.id, KindId::column))
      all.insert(column->id.name() + "\x1f" + column->text("type"));
    return all;
  };
  for (const Object* old : gone) {
    if (old->id.kind != KindId::table) continue;
    const auto before = columns(from, *old);
    for (const Object* fresh : come) {
      if (fresh->id.kind != KindId::table || fresh->id.path[0] != old->id.path[0] || fresh->value("form") != old->value("form"))
        continue;
      const auto after = columns(to, *fresh);
      std::vector<std::string> shared;
      std::ranges::set_intersection(before, after, std::back_inserter(shared));
      const size_t all = before.size() + after.size() - shared.size();
      if (all == 0) continue;
      const int names = name_likeness(old->id.name(), fresh->id.name());
      const int alike = static_cast<int>(80 * shared.size() / all) + names * 20 / 100;
      if (alike < 50) continue;
      out.push_back({{old->id, fresh->id, {}, {}},
                     alike,
                     {std::to_string(shared.size()) + " of " + std::to_string(before.size()) + " columns are the same"}});
      if (names >= 40) out.back().evidence.emplace_back("the names are alike");
    }
  }
}

}  // namespace pga::diff
