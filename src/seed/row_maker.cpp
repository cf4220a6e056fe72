#include "seed/row_maker.h"

#include <algorithm>
#include <numeric>

#include "seed/hints.h"

namespace pga::seed {
namespace {

constexpr size_t kLongest = 2000;  // bytes of an indexed value: a B-tree takes 2,704

}  // namespace

RowMaker::RowMaker(const Catalog& catalog, const Values& values, const Table& table, const ParentKeys& parents, Wish wish,
                   Random random)
    : catalog_(catalog),
      values_(values),
      table_(table),
      parents_(parents),
      wish_(std::move(wish)),
      random_(random),
      null_share_(wish_.null_share) {
  find_groups();
  find_candidates();
}

// Columns that foreign keys share are drawn together.
void RowMaker::find_groups() {
  key_order_.resize(table_.foreign_keys.size());
  std::iota(key_order_.begin(), key_order_.end(), 0U);
  std::ranges::stable_sort(key_order_, [&](size_t a, size_t b) {
    return table_.foreign_keys[a].columns.size() > table_.foreign_keys[b].columns.size();
  });
  groups_.resize(table_.columns.size());
  for (size_t i = 0; i < groups_.size(); ++i) groups_[i] = {static_cast<int>(i)};
  for (const auto& key : table_.foreign_keys) {
    std::set<int> all;
    for (const int column : key.columns)
      all.insert(groups_[static_cast<size_t>(column)].begin(), groups_[static_cast<size_t>(column)].end());
    for (const int column : all) groups_[static_cast<size_t>(column)] = all;
  }
}

void RowMaker::find_candidates() {
  candidates_.resize(table_.columns.size());
  std::map<int, Hints> hints;
  for (const auto& check : table_.checks) {
    for (const int column : check.deciding) {
      merge(hints[column], check.hints);
      if (table_.columns[static_cast<size_t>(column)].sequence) explicit_.insert(column);
    }
  }
  // Keys that the checks of referring tables ask for.
  for (const auto& [id, child] : catalog_.tables) {
    for (const auto& key : child.foreign_keys) {
      if (key.target != table_.oid) continue;
      for (const auto& check : child.checks) {
        for (size_t i = 0; i < key.columns.size(); ++i) {
          const int own = table_.position(key.target_columns[i]);
          const bool asked =
              own >= 0 && check.deciding.contains(key.columns[i]) && check.hints.numbers.size() + check.hints.strings.size() > 0;
          if (asked && (explicit_.contains(own) || !table_.columns[static_cast<size_t>(own)].sequence))
            merge(hints[own], check.hints);
        }
      }
    }
  }
  for (const auto& [at, of_column] : hints) {
    const Column& column = table_.columns[static_cast<size_t>(at)];
    auto& candidates = candidates_[static_cast<size_t>(at)];
    candidates = values_.suggested(column.type, column.modifier, of_column, wish_.rows);
    if (column.unique || column.indexed) std::erase_if(candidates, [](const std::string& v) { return v.size() > kLongest; });
  }
}

bool RowMaker::may_be_null(int column) const {
  return !not_null_.contains(column) && catalog_.nullable(table_.columns[static_cast<size_t>(column)]);
}

bool RowMaker::has_parent(size_t foreign_key) const {
  const auto& key = table_.foreign_keys[foreign_key];
  if (wish_.left_null.contains(foreign_key) || wish_.promised.contains(foreign_key) || !parents_.find(key).empty()) return true;
  const auto nullable = [&](int column) { return may_be_null(column); };
  return key.match_full ? std::ranges::all_of(key.columns, nullable) : std::ranges::any_of(key.columns, nullable);
}

Row RowMaker::make(uint64_t number) {
  Row row(table_.columns.size());
  redraw(row, number, {}, Mood::bold);
  return row;
}

void RowMaker::redraw(Row& row, uint64_t number, std::set<int> columns, Mood mood) {
  ++attempt_;
  if (columns.empty()) {
    for (size_t i = 0; i < row.size(); ++i) columns.insert(static_cast<int>(i));
  }
  std::set<int> drawn;
  for (const int column : columns)
    drawn.insert(groups_[static_cast<size_t>(column)].begin(), groups_[static_cast<size_t>(column)].end());
  for (const int column : drawn) {
    if (!table_.columns[static_cast<size_t>(column)].generated) row[static_cast<size_t>(column)] = plain(column, number, mood);
  }
  std::set<int> done;
  for (const size_t key : key_order_) {
    if (drawn.contains(table_.foreign_keys[key].columns.empty() ? -1 : table_.foreign_keys[key].columns[0]))
      foreign_key(row, key, number, done);
  }
  apply_forced(row, number);
}

void RowMaker::apply_forced(Row& row, uint64_t number) const {
  for (const auto& [columns, tuples] : wish_.forced) {
    if (number >= tuples.size()) continue;
    for (size_t i = 0; i < columns.size(); ++i) row[static_cast<size_t>(columns[i])] = Cell::of(tuples[number][i]);
  }
}

Cell RowMaker::plain(int at, uint64_t number, Mood mood) {
  const Column& column = table_.columns[static_cast<size_t>(at)];
  if (column.sequence && !explicit_.contains(at)) return Cell::by_default();
  if (may_be_null(at) && random_.chance(null_share_)) return {};
  const auto& candidates = candidates_[static_cast<size_t>(at)];
  // The first ones stand in the check itself.
  if (!candidates.empty() && random_.chance(0.6))
    return Cell::of(candidates[random_.below(random_.below(candidates.size()) + 1)]);
  std::optional<std::string> value;
  if (column.unique) {
    value = values_.fresh(column.type, column.modifier,
                          number + (attempt_ % 7) * static_cast<uint64_t>(wish_.rows) * (mood == Mood::calm ? 1 : 0));
  } else if (mood == Mood::bold && random_.chance(0.25)) {
    const auto edges = values_.edges(column.type, column.modifier);
    if (!edges.empty()) value = edges[random_.below(edges.size())];
    if (value && column.indexed && value->size() > kLongest) value.reset();
  }
  if (!value)
    value =
        values_.fresh(column.type, column.modifier, column.unique ? number : random_.below(static_cast<size_t>(wish_.rows) * 4));
  if (value) return Cell::of(std::move(*value));
  return column.expression.empty() ? Cell{} : Cell::by_default();
}

// A foreign key that reads no row: one of its columns NULL, or all with MATCH FULL.
bool RowMaker::set_null(Row& row, const ForeignKey& key, std::set<int>& done) {
  bool any = false;
  for (const int column : key.columns) {
    if (!may_be_null(column)) {
      if (key.match_full) return false;
      continue;
    }
    if (done.contains(column)) continue;
    any = true;
    row[static_cast<size_t>(column)] = {};
    done.insert(column);
  }
  return any;
}

void RowMaker::foreign_key(Row& row, size_t place, uint64_t number, std::set<int>& done) {
  const ForeignKey& key = table_.foreign_keys[place];
  if (wish_.promised.contains(place)) return;
  if (wish_.left_null.contains(place)) {
    set_null(row, key, done);
    return;
  }
  if (key.target == table_.oid && parents_.find(key).empty()) return own_key(row, key, number);
  const bool nullable = std::ranges::any_of(key.columns, [&](int c) { return may_be_null(c) && !done.contains(c); });
  if (nullable && random_.chance(null_share_) && set_null(row, key, done)) return;
  const auto& tuples = parents_.find(key);
  std::vector<const std::vector<std::string>*> fitting;
  for (const auto& tuple : tuples) {
    bool fits = true;
    for (size_t i = 0; i < key.columns.size(); ++i) {
      const auto& cell = row[static_cast<size_t>(key.columns[i])];
      fits &= !done.contains(key.columns[i]) || cell == Cell::of(tuple[i]);
    }
    if (fits) fitting.push_back(&tuple);
  }
  if (fitting.empty()) {
    set_null(row, key, done);
    return;
  }
  const bool unique = key.columns.size() == 1 && table_.columns[static_cast<size_t>(key.columns[0])].unique;
  const size_t chosen = unique && random_.chance(0.7) ? (number + attempt_ / 3) % fitting.size() : random_.below(fitting.size());
  for (size_t i = 0; i < key.columns.size(); ++i) {
    row[static_cast<size_t>(key.columns[i])] = Cell::of((*fitting[chosen])[i]);
    done.insert(key.columns[i]);
  }
}

// The first rows of a table that must refer to itself refer to themselves.
void RowMaker::own_key(Row& row, const ForeignKey& key, uint64_t number) {
  for (size_t i = 0; i < key.columns.size(); ++i) {
    const int target = table_.position(key.target_columns[i]);
    if (target < 0) return;
    Cell& cell = row[static_cast<size_t>(target)];
    const Column& column = table_.columns[static_cast<size_t>(target)];
    if (cell.what != Cell::What::text) {
      explicit_.insert(target);
      if (const auto value = values_.fresh(column.type, column.modifier, number)) cell = Cell::of(*value);
    }
    row[static_cast<size_t>(key.columns[i])] = cell;
  }
}

}  // namespace pga::seed
