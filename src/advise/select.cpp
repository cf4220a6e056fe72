#include "advise/select.h"

#include <algorithm>
#include <cmath>
#include <queue>

namespace pga::advise {
namespace {

constexpr double kNothingLeft = 0.005;

using Set = std::set<int>;

class Selector {
 public:
  Selector(Costs& costs, const postgres::twin::WhatIf& what_if, const std::vector<Set>& pool,
           const std::function<double(int)>& write_cost, const SelectOptions& options)
      : costs_(costs), what_if_(what_if), pool_(pool), write_cost_(write_cost), options_(options) {
    for (size_t q = 0; q < costs_.size(); ++q) {
      for (const int number : costs_.query(q).relevant) affected_[number].push_back(q);
    }
  }
  Result<Selection> run();

 private:
  struct Move {
    Set add;
    double gain = 0;  // as it was when it was asked
    long long asked = 0;
  };
  double bytes(const Set& set) const {
    double out = 0;
    for (const int number : set) out += what_if_.index(number).bytes();
    return out;
  }
  double writes(const Set& set) const {
    double out = 0;
    for (const int number : set) out += write_cost_(number);
    return out;
  }
  bool fits(double total, size_t count) const {
    return (options_.budget <= 0 || total <= options_.budget) && (options_.most == 0 || count <= options_.most);
  }
  bool exhausted() const { return costs_.made() > options_.most_explains; }
  std::set<size_t> queries_of(const Set& move) const {
    std::set<size_t> out;
    for (const int number : move) {
      if (const auto it = affected_.find(number); it != affected_.end()) out.insert(it->second.begin(), it->second.end());
    }
    return out;
  }
  Result<double> value(const Set& set) {
    PGA_TRY(const double cost, costs_.total(set));
    return cost + writes(set);
  }
  Result<double> gain(const Set& set, const Set& move);
  Result<Set> greedy(Set set, std::vector<Move> moves, double power, std::vector<Move>* taken);
  Result<bool> serves(const Set& set, int number);
  Result<Set> without_useless(Set set);
  Result<Set> exchange(Set set);

  Costs& costs_;
  const postgres::twin::WhatIf& what_if_;
  const std::vector<Set>& pool_;
  const std::function<double(int)>& write_cost_;
  const SelectOptions& options_;
  std::map<int, std::vector<size_t>> affected_;  // queries, by index
  std::vector<Move> moves_;                      // of the pool, with the gain of each by itself
  std::vector<double> best_;                     // of each query, with all of the pool there
};

// Only the queries that a move can matter for are asked.
Result<double> Selector::gain(const Set& set, const Set& move) {
  Set both = set;
  both.insert(move.begin(), move.end());
  double out = 0;
  for (const size_t q : queries_of(move)) {
    PGA_TRY(const double before, costs_.cost(q, set));
    if (before <= best_[q] * (1 + kNothingLeft)) continue;  // it is as cheap as it can get
    PGA_TRY(const double after, costs_.cost(q, both));
    out += costs_.query(q).weight * (before - after);
  }
  for (const int number : move) {
    if (!set.contains(number)) out -= write_cost_(number);
  }
  return out;
}

// Gains shrink as the set grows, mostly: what was asked before is a bound, and only the best by it is asked again, if one of its
// queries has got another index since.
Result<Set> Selector::greedy(Set set, std::vector<Move> moves, double power, std::vector<Move>* taken) {
  double used = bytes(set);
  long long clock = 1;
  std::vector<long long> changed(costs_.size(), 0);
  const auto fresh_of = [&](const Move& move) {
    Set fresh;
    std::ranges::set_difference(move.add, set, std::inserter(fresh, fresh.end()));
    return fresh;
  };
  using Entry = std::pair<double, size_t>;
  std::priority_queue<Entry> queue;
  const auto push = [&](size_t i, const Set& fresh) {
    if (moves[i].gain > 0) queue.emplace(moves[i].gain / std::pow(std::max(8192.0, bytes(fresh)), power), moves.size() - i);
  };
  for (size_t i = 0; i < moves.size(); ++i) {
    moves[i].asked = set.empty() ? clock : 0;
    push(i, moves[i].add);
  }
  while (!queue.empty() && !exhausted()) {
    const size_t i = moves.size() - queue.top().second;
    queue.pop();
    auto& move = moves[i];
    const auto fresh = fresh_of(move);
    const double more = bytes(fresh);
    if (fresh.empty() || !fits(used + more, set.size() + fresh.size())) continue;
    const auto queries = queries_of(fresh);
    const bool stale = move.asked == 0 || std::ranges::any_of(queries, [&](size_t q) { return changed[q] >= move.asked; });
    if (stale) {
      PGA_TRY(move.gain, gain(set, fresh));
      move.asked = ++clock;
      push(i, fresh);
      continue;
    }
    set.insert(fresh.begin(), fresh.end());
    used += more;
    ++clock;
    for (const size_t q : queries) changed[q] = clock;
    if (taken != nullptr) taken->push_back(move);
  }
  return set;
}

// Whether some query, however small, is better off by the least gain.
Result<bool> Selector::serves(const Set& set, int number) {
  Set less = set;
  less.erase(number);
  for (const size_t q : queries_of({number})) {
    PGA_TRY(const double without, costs_.cost(q, less));
    PGA_TRY(const double with, costs_.cost(q, set));
    if (without - with > options_.least_gain * without) return true;
  }
  return false;
}

// What later ones have made superfluous goes.
Result<Set> Selector::without_useless(Set set) {
  for (bool changed = true; changed;) {
    changed = false;
    for (const int number : Set(set)) {
      Set less = set;
      less.erase(number);
      double loss = -write_cost_(number);
      for (const size_t q : queries_of({number})) {
        PGA_TRY(const double without, costs_.cost(q, less));
        PGA_TRY(const double with, costs_.cost(q, set));
        loss += costs_.query(q).weight * (without - with);
      }
      PGA_TRY(const bool needed, serves(set, number));
      if (loss > 0 && needed) continue;
      set = std::move(less);
      changed = true;
    }
  }
  return set;
}

Result<Set> Selector::exchange(Set set) {
  PGA_TRY(double best, value(set));
  for (bool improved = true; improved && !exhausted();) {
    improved = false;
    for (const int number : Set(set)) {
      Set less = set;
      less.erase(number);
      for (const double power : {1.0, 0.5}) {
        PGA_TRY(auto other, greedy(less, moves_, power, nullptr));
        PGA_TRY(const double cost, value(other));
        if (cost < best * (1 - 1e-4)) {
          best = cost;
          set = std::move(other);
          improved = true;
          break;
        }
      }
      if (improved || exhausted()) break;
    }
  }
  return set;
}

Result<Selection> Selector::run() {
  Selection out;
  PGA_TRY(out.before, costs_.total({}));
  Set all;
  for (const auto& set : pool_) all.insert(set.begin(), set.end());
  for (size_t q = 0; q < costs_.size(); ++q) {
    PGA_TRY(const double cost, costs_.cost(q, all));
    best_.push_back(cost);
  }
  for (const auto& add : pool_) {
    PGA_TRY(const double one, gain({}, add));
    moves_.push_back({add, one, 0});
  }
  const bool limited = options_.budget > 0 || options_.most > 0;
  Set best;
  double least = out.before;
  for (const double power : {1.0, 0.5, 0.0}) {
    PGA_TRY(auto set, greedy({}, moves_, power, nullptr));
    PGA_TRY(const double cost, value(set));
    if (cost < least) {
      least = cost;
      best = std::move(set);
    }
  }
  if (limited) {
    PGA_TRY(best, exchange(std::move(best)));
  }
  PGA_TRY(best, without_useless(std::move(best)));
  // The order in which they are worth most. Those that help only together come last.
  std::vector<Move> singles, taken;
  for (const int number : best) {
    PGA_TRY(const double one, gain({}, {number}));
    singles.push_back({{number}, one, 0});
  }
  PGA_TRY(const auto ordered, greedy({}, singles, 0, &taken));
  for (const int number : best) {
    if (!ordered.contains(number)) taken.push_back({{number}, 0, 0});
  }
  Set so_far;
  for (const auto& move : taken) {
    const int number = *move.add.begin();
    double change = -write_cost_(number);
    Set with = so_far;
    with.insert(number);
    for (const size_t q : queries_of({number})) {
      PGA_TRY(const double before, costs_.cost(q, so_far));
      PGA_TRY(const double after, costs_.cost(q, with));
      change += costs_.query(q).weight * (before - after);
    }
    out.indexes.push_back(number);
    out.costs.push_back((out.costs.empty() ? out.before : out.costs.back()) - change);
    so_far = std::move(with);
  }
  PGA_TRY(out.after, costs_.total(best));
  out.writes = writes(best);
  out.best = best_;
  return out;
}

}  // namespace

Result<Selection> select(Costs& costs, const postgres::twin::WhatIf& what_if, const std::vector<std::set<int>>& pool,
                         const std::function<double(int)>& write_cost, const SelectOptions& options) {
  return Selector(costs, what_if, pool, write_cost, options).run();
}

}  // namespace pga::advise
