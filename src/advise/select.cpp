#include "advise/select.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace pga::advise {
namespace {

constexpr double kNothingLeft = 0.005;

class Selector {
 public:
  Selector(Costs& costs, const postgres::twin::WhatIf& what_if, const std::vector<std::set<int>>& pool,
           const std::function<double(int)>& write_cost, const SelectOptions& options)
      : costs_(costs), what_if_(what_if), pool_(pool), write_cost_(write_cost), options_(options) {}

  Result<Selection> run();

 private:
  using Set = std::set<int>;
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
  bool fits(const Set& set) const {
    return (options_.budget <= 0 || bytes(set) <= options_.budget) && (options_.most == 0 || set.size() <= options_.most);
  }
  // Cost of the workload with its writes.
  Result<double> value(const Set& set) {
    PGA_TRY(const double cost, costs_.total(set));
    return cost + writes(set);
  }
  // Only the queries that a move can matter for are asked.
  Result<double> gain(const Set& set, const Set& move) {
    Set both = set;
    both.insert(move.begin(), move.end());
    double out = 0;
    for (size_t q = 0; q < costs_.size(); ++q) {
      const auto& relevant = costs_.query(q).relevant;
      if (std::ranges::none_of(move, [&](int number) { return relevant.contains(number) && !set.contains(number); })) continue;
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
  bool exhausted() const { return costs_.made() > options_.most_explains; }
  Result<Set> greedy(Set set, double power, std::vector<int>* order);
  Result<Set> without_useless(Set set);
  Result<Set> exchange(Set set);

  Costs& costs_;
  const postgres::twin::WhatIf& what_if_;
  const std::vector<std::set<int>>& pool_;
  const std::function<double(int)>& write_cost_;
  const SelectOptions& options_;
  std::vector<double> alone_;  // gain of each of the pool by itself
  std::vector<double> best_;   // of each query, with all of the pool there
};

// Gains shrink as the set grows, mostly: a gain of before is a bound, and only the best by it is asked again.
Result<Selector::Set> Selector::greedy(Set set, double power, std::vector<int>* order) {
  struct Move {
    const Set* add;
    double gain;
    size_t asked_at;
  };
  std::vector<Move> moves;
  size_t round = 1;
  for (size_t i = 0; i < pool_.size(); ++i) moves.push_back({&pool_[i], alone_[i], set.empty() ? round : 0});
  const auto score = [&](const Move& move) {
    Set fresh;
    std::ranges::set_difference(*move.add, set, std::inserter(fresh, fresh.end()));
    return move.gain / std::pow(std::max(8192.0, bytes(fresh)), power);
  };
  while (!moves.empty() && !exhausted()) {
    std::erase_if(moves, [&](const Move& move) {
      Set both = set;
      both.insert(move.add->begin(), move.add->end());
      return both.size() == set.size() || !fits(both) || move.gain <= 0;
    });
    if (moves.empty()) break;
    auto best = std::ranges::max_element(moves, {}, score);
    while (best->asked_at != round) {
      PGA_TRY(best->gain, gain(set, *best->add));
      best->asked_at = round;
      best = std::ranges::max_element(moves, {}, score);
    }
    if (best->gain <= 0) break;
    for (const int number : *best->add) {
      if (set.insert(number).second && order != nullptr) order->push_back(number);
    }
    ++round;
  }
  return set;
}

// What later ones have made superfluous goes.
Result<Selector::Set> Selector::without_useless(Set set) {
  for (bool changed = true; changed;) {
    changed = false;
    PGA_TRY(const double with, value(set));
    for (const int number : Set(set)) {
      Set less = set;
      less.erase(number);
      PGA_TRY(const double without, value(less));
      // One that helps no query by the least gain, however small the query, is not worth its upkeep.
      bool serves = false;
      for (size_t q = 0; q < costs_.size() && !serves; ++q) {
        if (!costs_.query(q).relevant.contains(number)) continue;
        PGA_TRY(const double a, costs_.cost(q, less));
        PGA_TRY(const double b, costs_.cost(q, set));
        serves = a - b > options_.least_gain * a;
      }
      if (without <= with * (1 + 1e-9) || !serves) {
        set = std::move(less);
        changed = true;
        break;
      }
    }
  }
  return set;
}

Result<Selector::Set> Selector::exchange(Set set) {
  PGA_TRY(double best, value(set));
  for (bool improved = true; improved && !exhausted();) {
    improved = false;
    for (const int number : Set(set)) {
      Set less = set;
      less.erase(number);
      for (const double power : {1.0, 0.5}) {
        PGA_TRY(auto other, greedy(less, power, nullptr));
        PGA_TRY(const double cost, value(other));
        if (cost < best * (1 - 1e-4) && fits(other)) {
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
  for (const auto& move : pool_) {
    PGA_TRY(const double one, gain({}, move));
    alone_.push_back(one);
  }
  Set best;
  double least = out.before;
  for (const double power : {1.0, 0.5, 0.0}) {
    PGA_TRY(auto set, greedy({}, power, nullptr));
    PGA_TRY(const double cost, value(set));
    if (cost < least) {
      least = cost;
      best = std::move(set);
    }
  }
  PGA_TRY(best, exchange(std::move(best)));
  PGA_TRY(best, without_useless(std::move(best)));
  out.best = best_;
  // The order in which they are worth most.
  Set taken;
  while (taken.size() < best.size()) {
    int next = -1;
    double most = -INFINITY;
    for (const int number : best) {
      if (taken.contains(number)) continue;
      PGA_TRY(const double one, gain(taken, {number}));
      if (one > most) {
        most = one;
        next = number;
      }
    }
    taken.insert(next);
    out.indexes.push_back(next);
    PGA_TRY(const double cost, value(taken));
    out.costs.push_back(cost);
  }
  PGA_TRY(out.after, costs_.total(best));
  out.writes = writes(best);
  return out;
}

}  // namespace

Result<Selection> select(Costs& costs, const postgres::twin::WhatIf& what_if, const std::vector<std::set<int>>& pool,
                         const std::function<double(int)>& write_cost, const SelectOptions& options) {
  return Selector(costs, what_if, pool, write_cost, options).run();
}

}  // namespace pga::advise
