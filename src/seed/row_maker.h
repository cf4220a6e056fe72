// Draws rows of one table: a value for each column, foreign keys from the rows that their targets have. What a row must satisfy
// besides (checks, uniqueness) is judged elsewhere; redraw() changes the part that was at fault.
//
//   RowMaker maker(context, table, parents, random);
//   Row row = maker.make(0);
//   maker.redraw(row, 0, {2, 3}, Mood::calm);
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "seed/catalog.h"
#include "seed/random.h"
#include "seed/values.h"

namespace pga::seed {

struct Cell {
  enum class What : uint8_t { null, text, by_default };
  What what = What::null;
  std::string text;
  static Cell of(std::string value) { return {What::text, std::move(value)}; }
  static Cell by_default() { return {What::by_default, {}}; }
  bool operator==(const Cell&) const = default;
};
using Row = std::vector<Cell>;  // one for each of Table::columns

// Keys that rows of filled tables have, by table and columns; each a list of texts.
class ParentKeys {
 public:
  using Tuples = std::vector<std::vector<std::string>>;
  Tuples& of(Oid table, const std::vector<std::string>& columns) { return keys_[{table, columns}]; }
  const Tuples& find(const ForeignKey& key) const {
    static const Tuples none;
    const auto it = keys_.find({key.target, key.target_columns});
    return it == keys_.end() ? none : it->second;
  }

 private:
  std::map<std::pair<Oid, std::vector<std::string>>, Tuples> keys_;
};

enum class Mood : uint8_t {
  bold,  // empty, zero, negative, long, far away values too
  calm,  // only everyday ones
};

// What is special about one filling of a table.
struct Wish {
  int rows = 20;
  double null_share = 0.2;
  std::set<size_t> left_null;  // foreign keys (by place) of a cycle: NULL now, set later
  std::set<size_t> promised;   // foreign keys of a cycle: any value now, their targets get these keys later
  // Keys that rows must have because others already refer to them: columns and tuples.
  std::vector<std::pair<std::vector<int>, ParentKeys::Tuples>> forced;
};

class RowMaker {
 public:
  RowMaker(const Catalog& catalog, const Values& values, const Table& table, const ParentKeys& parents, Wish wish, Random random);
  Row make(uint64_t number);
  // Draws again what belongs to these columns (whole foreign keys). An empty set: everything.
  void redraw(Row& row, uint64_t number, std::set<int> columns, Mood mood);
  // Values are written out for this column although a sequence would give one: a check reads it.
  bool explicit_sequence(int column) const { return explicit_.contains(column); }
  void null_share(double share) { null_share_ = share; }
  void not_null(int column) { not_null_.insert(column); }
  // A row of its target is there, or it can do without.
  bool has_parent(size_t foreign_key) const;
  const Wish& wish() const { return wish_; }

 private:
  void find_groups();
  void find_candidates();
  Cell plain(int column, uint64_t number, Mood mood);
  void foreign_key(Row& row, size_t key, uint64_t number, std::set<int>& done);
  void own_key(Row& row, const ForeignKey& key, uint64_t number);
  bool may_be_null(int column) const;
  bool set_null(Row& row, const ForeignKey& key, std::set<int>& done);
  void apply_forced(Row& row, uint64_t number) const;

  const Catalog& catalog_;
  const Values& values_;
  const Table& table_;
  const ParentKeys& parents_;
  Wish wish_;
  Random random_;
  double null_share_;
  uint64_t attempt_ = 0;
  std::vector<size_t> key_order_;                     // foreign keys, those of most columns first
  std::vector<std::set<int>> groups_;                 // by column: the columns that are drawn with it
  std::vector<std::vector<std::string>> candidates_;  // by column: what checks suggest
  std::set<int> explicit_;
  std::set<int> not_null_;
};

}  // namespace pga::seed
