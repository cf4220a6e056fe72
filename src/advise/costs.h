// Costs of queries under sets of indexes, with as few EXPLAINs as can be.
//
//   Costs costs(what_if, queries);
//   PGA_TRY(const double cost, costs.cost(3, {7, 12}));
//
// A plan that was made with the set C and uses U of it is also the plan for every set between U and C: the planner has more to
// choose from in C and chose U. So an answer is kept with both sets.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "postgres/twin/what_if.h"

namespace pga::advise {

struct CostedQuery {
  std::string text;
  double weight = 1;
  std::set<int> relevant;  // indexes that can matter for it
};

class Costs {
 public:
  Costs(postgres::twin::WhatIf& what_if, std::vector<CostedQuery> queries)
      : what_if_(what_if), queries_(std::move(queries)), known_(queries_.size()) {}
  size_t size() const { return queries_.size(); }
  const CostedQuery& query(size_t q) const { return queries_[q]; }
  void set_relevant(size_t q, std::set<int> relevant) { queries_[q].relevant = std::move(relevant); }

  struct Answer {
    double cost = 0;
    std::set<int> used;
  };
  // Only what is relevant of the set is shown.
  Result<Answer> ask(size_t q, const std::set<int>& indexes);
  Result<double> cost(size_t q, const std::set<int>& indexes);
  // Weighted, over all queries.
  Result<double> total(const std::set<int>& indexes);
  Result<sql::Node> plan(size_t q, const std::set<int>& indexes);
  // Nothing that was known before holds any more (existing indexes were hidden).
  void forget() { known_.assign(queries_.size(), {}); }
  long long made() const { return made_; }
  long long saved() const { return saved_; }

 private:
  struct Known {
    std::set<int> shown;
    Answer answer;
  };
  postgres::twin::WhatIf& what_if_;
  std::vector<CostedQuery> queries_;
  std::vector<std::vector<Known>> known_;
  long long made_ = 0;
  long long saved_ = 0;
};

}  // namespace pga::advise
