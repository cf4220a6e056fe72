#include "seed/order.h"

#include <algorithm>
#include <deque>
#include <map>

namespace pga::seed {
namespace {

bool can_be_null(const Catalog& catalog, const Table& table, const ForeignKey& key) {
  const auto nullable = [&](int column) { return catalog.nullable(table.columns[static_cast<size_t>(column)]); };
  return key.match_full ? std::ranges::all_of(key.columns, nullable) : std::ranges::any_of(key.columns, nullable);
}

class Order {
 public:
  explicit Order(const Catalog& catalog) : catalog_(catalog) {
    for (const auto& [id, table] : catalog.tables) {
      for (const auto& key : table.foreign_keys) {
        if (key.target != id && catalog.tables.contains(key.target)) need(id, key.target);
      }
      if (table.partition_of != 0) need(table.partition_of, id);
    }
  }

  std::vector<Stop> run() {
    std::deque<Oid> ready;
    for (const auto& [id, table] : catalog_.tables) {
      if (needs_[id].empty()) ready.push_back(id);
    }
    while (out_.size() < catalog_.tables.size()) {
      if (ready.empty()) ready.push_back(victim());
      const Oid id = ready.front();
      ready.pop_front();
      if (placed_.contains(id)) continue;
      place(id);
      for (const Oid dependent : needed_by_[id]) {
        needs_[dependent].erase(id);
        if (needs_[dependent].empty() && !placed_.contains(dependent)) ready.push_back(dependent);
      }
    }
    return std::move(out_);
  }

 private:
  void need(Oid who, Oid what) {
    needs_[who].insert(what);
    needed_by_[what].insert(who);
  }

  // Foreign keys to tables that come later: NULL now where that is possible.
  void place(Oid id) {
    placed_.insert(id);
    const Table& table = catalog_.tables.at(id);
    Stop stop{id, {}, {}};
    for (size_t i = 0; i < table.foreign_keys.size(); ++i) {
      const auto& key = table.foreign_keys[i];
      const bool own = key.target == id || (table.root != 0 && key.target == table.root);
      if (!catalog_.tables.contains(key.target) || (placed_.contains(key.target) && !own)) continue;
      if (can_be_null(catalog_, table, key)) {
        stop.left_null.insert(i);
      } else if (key.target != id) {
        stop.promised.insert(i);
      }
    }
    out_.push_back(std::move(stop));
  }

  // Of the tables that wait for themselves, the one whose foreign keys can all be NULL for now.
  Oid victim() {
    Oid best = 0;
    long best_cost = 0;
    for (const auto& [id, table] : catalog_.tables) {
      if (placed_.contains(id) || !in_cycle(id)) continue;
      long cost = table.kind == 'p' ? 100 : 0;
      for (const auto& key : table.foreign_keys) {
        const bool waits = needs_[id].contains(key.target);
        if (waits) cost += can_be_null(catalog_, table, key) ? 1 : key.deferrable ? 20 : 50;
      }
      if (best == 0 || cost < best_cost) best = id, best_cost = cost;
    }
    if (best != 0) return best;
    for (const auto& [id, table] : catalog_.tables) {
      if (!placed_.contains(id)) return id;
    }
    return 0;
  }

  bool in_cycle(Oid id) const {
    std::set<Oid> seen;
    std::vector<Oid> open = {id};
    while (!open.empty()) {
      const Oid at = open.back();
      open.pop_back();
      const auto it = needs_.find(at);
      if (it == needs_.end()) continue;
      for (const Oid next : it->second) {
        if (next == id) return true;
        if (!placed_.contains(next) && seen.insert(next).second) open.push_back(next);
      }
    }
    return false;
  }

  const Catalog& catalog_;
  std::map<Oid, std::set<Oid>> needs_, needed_by_;
  std::set<Oid> placed_;
  std::vector<Stop> out_;
};

}  // namespace

std::vector<Stop> fill_order(const Catalog& catalog) {
  return Order(catalog).run();
}

}  // namespace pga::seed
