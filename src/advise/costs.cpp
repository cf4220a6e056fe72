#include "advise/costs.h"

#include <algorithm>

namespace pga::advise {

Result<sql::Node> Costs::plan(size_t q, const std::set<int>& indexes) {
  PGA_CHECK(what_if_.show(indexes));
  ++made_;
  return what_if_.twin().explain(queries_[q].text);
}

Result<Costs::Answer> Costs::ask(size_t q, const std::set<int>& indexes) {
  std::set<int> shown;
  const auto& relevant = queries_[q].relevant;
  if (relevant.size() < indexes.size()) {
    for (const int number : relevant) {
      if (indexes.contains(number)) shown.insert(shown.end(), number);
    }
  } else {
    for (const int number : indexes) {
      if (relevant.contains(number)) shown.insert(shown.end(), number);
    }
  }
  for (const auto& known : known_[q]) {
    if (std::ranges::includes(shown, known.answer.used) && std::ranges::includes(known.shown, shown)) {
      ++saved_;
      return known.answer;
    }
  }
  ++made_;
  PGA_TRY(const auto cost, what_if_.cost(shown, queries_[q].text));
  Answer answer;
  answer.cost = cost.total;
  for (const auto& name : cost.indexes) {
    if (const int number = what_if_.number_of(name); number >= 0) answer.used.insert(number);
  }
  known_[q].push_back({std::move(shown), answer});
  return answer;
}

Result<double> Costs::cost(size_t q, const std::set<int>& indexes) {
  PGA_TRY(const auto answer, ask(q, indexes));
  return answer.cost;
}

Result<double> Costs::total(const std::set<int>& indexes) {
  double out = 0;
  for (size_t q = 0; q < queries_.size(); ++q) {
    PGA_TRY(const auto answer, ask(q, indexes));
    out += queries_[q].weight * answer.cost;
  }
  return out;
}

}  // namespace pga::advise
