#include "advise/advice.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "advise/expression.h"
#include "advise/naming.h"
#include "advise/plan_text.h"
#include "advise/why_not.h"
#include "base/quote.h"
#include "base/text.h"
#include "workload/parameters.h"

namespace pga::advise {
namespace {

using postgres::twin::WhatIf;

constexpr int kRounds = 5;  // of hiding what was used, for second choices
constexpr size_t kMostMerged = 150;
constexpr double kShortList = 0.8;    // share of the gain
constexpr double kUpdateShare = 0.5;  // of updated rows that write an index: the rest are HOT, or leave its columns alone

// One query with values in it, as it is planned.
struct Planned {
  size_t query = 0;
  std::string text;
  double weight = 1;
  sql::Node plan;
  std::vector<Access> accesses;
  std::vector<Write> writes;
  std::set<int> own;  // candidates that it asked for
  double best = 0;    // cost with all of them
};

class Advisor {
 public:
  Advisor(WhatIf& what_if, const postgres::twin::Statistics& statistics, const AdviceOptions& options)
      : what_if_(what_if), statistics_(statistics), options_(options) {}
  Result<Advice> run(const workload::Workload& workload);

 private:
  Status plan(const workload::Workload& workload);
  Status make_candidates();
  std::vector<std::set<int>> relevant(const std::set<int>& pool) const;
  Result<std::vector<std::set<int>>> pool(Costs& costs);
  Result<std::vector<std::set<int>>> merged(const std::vector<std::set<int>>& pool);
  double write_cost(int number) const;
  double wal_bytes(int number) const;
  double table_rows(int number) const;
  void note_unanalysed();
  Status describe(Costs& costs, const Selection& selection);
  Status describe_queries(Costs& costs, const std::set<int>& chosen);
  Status find_drops(Costs& costs, const std::set<int>& chosen);

  WhatIf& what_if_;
  const postgres::twin::Statistics& statistics_;
  const AdviceOptions& options_;
  std::optional<Catalog> catalog_;
  std::vector<Planned> planned_;
  std::vector<Candidate> candidates_;  // by number
  std::map<int, std::string> names_;   // of those that were chosen
  Advice out_;
};

Status Advisor::plan(const workload::Workload& workload) {
  for (const auto& query : workload.queries) {
    const auto instances = workload::instances_of(query, what_if_.twin().connection(), statistics_);
    std::string problem = instances ? "" : instances.error().message;
    const size_t at = out_.queries.size();
    size_t planned = 0;
    for (const auto& instance : instances.value_or(std::vector<workload::Instance>{})) {
      auto node = what_if_.twin().explain(instance.text);
      if (!node) {
        problem = node.error().message;
        continue;
      }
      Planned one;
      one.query = at;
      one.text = instance.text;
      one.weight = instance.weight;
      one.accesses = accesses_of(*node, catalog_->parents());
      one.writes = writes_of(*node, catalog_->parents());
      one.plan = std::move(*node);
      // Constants that were drawn for parameters say nothing about the next call.
      if (workload::parameters_of(query.text) > 0) {
        for (auto& access : one.accesses) {
          std::set<Condition> conditions;
          for (auto condition : access.conditions) {
            if (!condition.constant.empty()) condition.predicate.clear();
            conditions.insert(std::move(condition));
          }
          access.conditions = std::move(conditions);
        }
      }
      planned_.push_back(std::move(one));
      ++planned;
    }
    if (planned == 0) {
      out_.skipped.push_back({query.name, query.text, problem});
      continue;
    }
    for (size_t i = planned_.size() - planned; i < planned_.size(); ++i)
      planned_[i].weight = query.weight / static_cast<double>(planned);
    out_.queries.push_back({query, planned_[planned_.size() - planned].text, 0, 0, {}, {}, {}, {}});
  }
  if (planned_.empty()) {
    return fail("no-statements",
                "no query of the workload can be planned on this schema" +
                    (out_.skipped.empty() ? std::string() : ": " + out_.skipped[0].reason),
                "see that the workload belongs to this database, and that search_path is that of the application");
  }
  return {};
}

// Without statistics the planner guesses, and so does the advice.
void Advisor::note_unanalysed() {
  std::set<std::string> tables;
  for (const auto& one : planned_) {
    for (const auto& access : one.accesses) {
      const auto* table = catalog_->table(access.schema, access.table);
      if (table != nullptr && table->columns.empty() && table->blocks > 0) tables.insert(ident({access.schema, access.table}));
    }
  }
  for (const auto& table : tables)
    out_.notes.push_back(table + " has no statistics, so that the planner guesses: run ANALYZE " + table + " and ask again");
}

Status Advisor::make_candidates() {
  std::vector<std::vector<Access>> all;
  for (const auto& one : planned_) all.push_back(one.accesses);
  const auto stable = stable_predicates(all, *catalog_);
  CandidateOptions wanted;
  wanted.width = options_.width;
  wanted.plain_only = options_.plain_only;
  std::map<std::string, size_t> known;
  std::vector<Candidate> list;
  std::vector<std::set<size_t>> own(planned_.size());
  for (size_t q = 0; q < planned_.size(); ++q) {
    for (const auto& access : planned_[q].accesses) {
      for (auto& candidate : candidates_of(access, *catalog_, stable, wanted)) {
        const auto [it, fresh] = known.try_emplace(candidate.definition.sql(), list.size());
        if (fresh) list.push_back(std::move(candidate));
        own[q].insert(it->second);
      }
    }
  }
  std::vector<postgres::twin::IndexDefinition> definitions;
  for (const auto& candidate : list) definitions.push_back(candidate.definition);
  PGA_TRY(const auto numbers, what_if_.create(definitions));
  candidates_.resize(what_if_.size());
  for (size_t i = 0; i < list.size(); ++i) {
    if (numbers[i]) candidates_[static_cast<size_t>(*numbers[i])] = list[i];
  }
  for (size_t q = 0; q < planned_.size(); ++q) {
    for (const size_t i : own[q]) {
      if (numbers[i]) planned_[q].own.insert(*numbers[i]);
    }
  }
  out_.candidates = what_if_.size();
  return {};
}

// An index that one query asked for can serve another that asked for one with the same first column, or for the predicate.
std::vector<std::set<int>> Advisor::relevant(const std::set<int>& pool) const {
  const auto first_of = [&](int number) {
    const auto& definition = what_if_.index(number).definition;
    return definition.schema + "." + definition.table + " " + definition.method + " " + definition.keys[0].sql;
  };
  std::map<std::string, std::vector<int>> by_first;
  for (const int number : pool) by_first[first_of(number)].push_back(number);
  std::vector<std::set<int>> out;
  for (const auto& one : planned_) {
    std::set<int> mine;
    std::set<std::string> predicates{""};
    for (const int number : one.own) predicates.insert(what_if_.index(number).definition.predicate);
    std::set<std::string> seen;
    for (const int number : one.own) {
      const auto like = by_first.find(first_of(number));
      if (like == by_first.end() || !seen.insert(like->first).second) continue;
      for (const int other : like->second) {
        if (predicates.contains(what_if_.index(other).definition.predicate)) mine.insert(other);
      }
    }
    out.push_back(std::move(mine));
  }
  return out;
}

// What the planner takes when it may take all; then what it takes without that, and so on; once among all kinds, once among plain
// b-trees without included columns, which are smaller.
Result<std::vector<std::set<int>>> Advisor::pool(Costs& costs) {
  std::set<std::set<int>> found;
  for (size_t q = 0; q < planned_.size(); ++q) {
    PGA_TRY(const double base, costs.cost(q, {}));
    PGA_TRY(planned_[q].best, costs.cost(q, planned_[q].own));
    for (const bool narrow : {false, true}) {
      std::set<int> left = planned_[q].own;
      if (narrow) {
        std::erase_if(left, [&](int number) {
          const auto& definition = what_if_.index(number).definition;
          return !definition.include.empty() || definition.keys.size() > 2;
        });
      }
      for (int round = 0; round < kRounds && !left.empty(); ++round) {
        PGA_TRY(const auto answer, costs.ask(q, left));
        if (answer.used.empty() || answer.cost > base * 0.999) break;
        found.insert(answer.used);
        for (const int number : answer.used) {
          found.insert({number});
          left.erase(number);
        }
      }
    }
  }
  return std::vector<std::set<int>>(found.begin(), found.end());
}

// One index in the place of two that begin alike: the longer key, everything that either includes.
Result<std::vector<std::set<int>>> Advisor::merged(const std::vector<std::set<int>>& pool) {
  std::set<int> members;
  for (const auto& set : pool) members.insert(set.begin(), set.end());
  std::set<std::string> known;
  for (size_t i = 0; i < what_if_.size(); ++i) known.insert(what_if_.index(static_cast<int>(i)).definition.sql());
  std::vector<Candidate> fresh;
  std::map<TableName, std::vector<Candidate>> tables;
  for (const int number : members) {
    const auto& candidate = candidates_[static_cast<size_t>(number)];
    tables[{candidate.definition.schema, candidate.definition.table}].push_back(candidate);
  }
  for (auto& [table, of] : tables) {
    size_t made = 0;
    for (int round = 0; round < 2; ++round) {  // what was merged can be merged again
      const auto from = of;
      for (const auto& a : from) {
        for (const auto& b : from) {
          auto one = merge(a, b);
          if (!one || made >= kMostMerged || !known.insert(one->definition.sql()).second) continue;
          ++made;
          fresh.push_back(*one);
          of.push_back(std::move(*one));
        }
      }
    }
  }
  std::vector<postgres::twin::IndexDefinition> definitions;
  for (const auto& candidate : fresh) definitions.push_back(candidate.definition);
  PGA_TRY(const auto numbers, what_if_.create(definitions));
  candidates_.resize(what_if_.size());
  std::vector<std::set<int>> out;
  for (size_t i = 0; i < fresh.size(); ++i) {
    if (!numbers[i]) continue;
    candidates_[static_cast<size_t>(*numbers[i])] = fresh[i];
    out.push_back({*numbers[i]});
  }
  out_.candidates = what_if_.size();
  return out;
}

double Advisor::table_rows(int number) const {
  const auto& definition = what_if_.index(number).definition;
  const auto* table = catalog_->table(definition.schema, definition.table);
  return table == nullptr ? 0 : table->rows;
}

// WAL bytes for one inserted row, full-page images not counted: measured on 15 as 64 to 76 for b-trees of one or two columns.
double Advisor::wal_bytes(int number) const {
  const auto& index = what_if_.index(number);
  const double rows = table_rows(number);
  const double share = rows > 0 && !index.definition.predicate.empty() ? std::min(1.0, index.size.rows / rows) : 1;
  if (index.definition.method == "brin") return 1;
  if (index.definition.method == "gin") return share * index.size.tuple_bytes * 2;
  return share * (52 + index.size.tuple_bytes);
}

// In the planner's unit (a page read in sequence is 1): bytes of WAL as pages at four times that, and the descent of a tree.
double Advisor::write_cost(int number) const {
  const auto& index = what_if_.index(number);
  double rows = 0;
  for (const auto& one : planned_) {
    for (const auto& write : one.writes) {
      if (write.schema != index.definition.schema || write.table != index.definition.table || write.operation == "Delete")
        continue;
      rows += one.weight * write.rows * (write.operation == "Insert" ? 1 : kUpdateShare);
    }
  }
  return rows * (wal_bytes(number) / 8192 * 4 + (index.size.height + 1) * 0.125);
}

Status Advisor::describe(Costs& costs, const Selection& selection) {
  std::set<std::string> taken;
  for (const auto& index : catalog_->indexes()) taken.insert(index.name);
  double last = selection.before;
  std::set<int> chosen(selection.indexes.begin(), selection.indexes.end());
  for (size_t i = 0; i < selection.indexes.size(); ++i) {
    const int number = selection.indexes[i];
    const auto& index = what_if_.index(number);
    AdvisedIndex advised;
    advised.definition = index.definition;
    advised.name = name_of(index.definition, taken);
    taken.insert(advised.name);
    names_[number] = advised.name;
    advised.reason = candidates_[static_cast<size_t>(number)].reason;
    advised.size = index.size;
    advised.wal_bytes = wal_bytes(number);
    const auto* table = catalog_->table(index.definition.schema, index.definition.table);
    const double blocks = table == nullptr ? 0 : table->blocks;
    advised.build_seconds = 2 * blocks * 8192 / 500e6 + index.size.rows * 1.2e-6 + index.bytes() / 200e6;
    advised.gain = last - selection.costs[i];
    last = selection.costs[i];
    out_.indexes.push_back(std::move(advised));
    if (out_.short_list == 0 && selection.before - last >= kShortList * (selection.before - selection.costs.back()))
      out_.short_list = i + 1;
  }
  return describe_queries(costs, chosen);
}

Status Advisor::describe_queries(Costs& costs, const std::set<int>& chosen) {
  for (size_t q = 0; q < planned_.size(); ++q) costs.set_relevant(q, chosen);
  std::map<int, std::vector<std::string>> on_twin;
  for (const auto& [name, number] : what_if_.names()) {
    if (names_.contains(number)) on_twin[number].push_back(name);
  }
  for (size_t q = 0; q < planned_.size(); ++q) {
    auto& query = out_.queries[planned_[q].query];
    const double share = planned_[q].weight / query.query.weight;
    PGA_TRY(const auto after, costs.ask(q, chosen));
    const double before = planned_[q].plan.number("Total Cost");
    query.before += share * before;
    query.after += share * after.cost;
    for (const int number : after.used) {
      const auto name = names_.find(number);
      if (name == names_.end()) continue;
      if (std::ranges::find(query.uses, name->second) == query.uses.end()) query.uses.push_back(name->second);
      auto& serves = out_.indexes[static_cast<size_t>(std::ranges::find(out_.indexes, name->second, &AdvisedIndex::name) -
                                                      out_.indexes.begin())]
                         .serves;
      if (serves.empty() || serves.back().query != planned_[q].query) serves.push_back({planned_[q].query, 0, 0});
    }
    if (!query.plan_before.empty()) continue;
    PGA_TRY(const auto plan, costs.plan(q, chosen));
    query.plan_before = plan_text(planned_[q].plan);
    query.plan_after = plan_text(plan);
    for (auto& line : query.plan_after) {
      for (const int number : after.used) {
        for (const auto& name : on_twin[number]) line = replace_all(std::move(line), name, names_[number]);
      }
    }
  }
  for (auto& index : out_.indexes) {
    for (auto& served : index.serves) {
      served.before = out_.queries[served.query].before;
      served.after = out_.queries[served.query].after;
    }
  }
  for (size_t q = 0; q < planned_.size(); ++q) {
    auto& query = out_.queries[planned_[q].query];
    if (query.uses.empty() && query.why.empty())
      query.why = why_not(planned_[q].plan, planned_[q].accesses, *catalog_, planned_[q].own.size());
  }
  return {};
}

Status Advisor::find_drops(Costs& costs, const std::set<int>& chosen) {
  const auto harmless = [&](const std::set<long long>& hidden) -> Result<bool> {
    PGA_CHECK(what_if_.hide_existing(hidden));
    bool free = true;
    for (size_t q = 0; q < planned_.size() && free; ++q) {
      PGA_TRY(const double before, costs.cost(q, chosen));
      PGA_TRY(const auto plan, costs.plan(q, chosen));
      free = plan.number("Total Cost") <= before * 1.01 + 0.01;
    }
    PGA_CHECK(what_if_.hide_existing({}));
    return free;
  };
  // The advised ones as if they were there.
  PGA_TRY(const auto all, Catalog::indexes_on(what_if_.twin(), true));
  std::vector<ExistingIndex> advised;
  for (auto index : all) {
    const int number = what_if_.number_of(index.name);
    if (!chosen.contains(number)) continue;
    index.name = names_[number];
    advised.push_back(std::move(index));
  }
  PGA_TRY(out_.drops, drops_of(*catalog_, options_.usage, advised, harmless));
  for (const auto& key : catalog_->foreign_keys()) {
    const auto leads = [&](const ExistingIndex& index) {
      return index.table_schema == key.schema && index.table == key.table && !index.columns.empty() &&
             index.columns[0] == key.columns[0] && index.predicate.empty();
    };
    if (std::ranges::any_of(catalog_->indexes(), leads) || std::ranges::any_of(advised, leads)) continue;
    out_.notes.push_back("the foreign key " + key.name + " of " + ident({key.schema, key.table}) + " (" +
                         join(key.columns, ", ") + ") has no index: each DELETE or change of a key in " + key.target +
                         " reads the whole table");
  }
  return {};
}

Result<Advice> Advisor::run(const workload::Workload& workload) {
  out_.skipped = workload.skipped;
  PGA_TRY(auto catalog, Catalog::read(what_if_.twin(), statistics_));
  catalog_.emplace(std::move(catalog));
  PGA_CHECK(plan(workload));
  note_unanalysed();
  PGA_CHECK(make_candidates());
  std::vector<CostedQuery> queries;
  for (const auto& one : planned_) queries.push_back({one.text, one.weight, one.own});
  Costs costs(what_if_, std::move(queries));
  PGA_TRY(auto sets, pool(costs));
  if (!options_.plain_only) {
    PGA_TRY(const auto more, merged(sets));
    sets.insert(sets.end(), more.begin(), more.end());
  }
  std::set<int> members;
  for (const auto& set : sets) members.insert(set.begin(), set.end());
  PGA_CHECK(what_if_.keep(members));
  auto related = relevant(members);
  for (size_t q = 0; q < planned_.size(); ++q) costs.set_relevant(q, std::move(related[q]));
  SelectOptions wanted;
  wanted.budget = options_.budget;
  wanted.most = options_.most;
  PGA_TRY(const auto selection, select(
                                    costs, what_if_, sets, [&](int number) { return write_cost(number); }, wanted));
  out_.before = selection.before;
  out_.writes = selection.writes;
  // With every candidate of its own, and with all of the others: no set does better.
  for (size_t q = 0; q < planned_.size(); ++q) out_.bound += planned_[q].weight * std::min(selection.best[q], planned_[q].best);
  PGA_CHECK(describe(costs, selection));
  for (const auto& query : out_.queries) out_.after += query.query.weight * query.after;
  const std::set<int> chosen(selection.indexes.begin(), selection.indexes.end());
  if (options_.drops) PGA_CHECK(find_drops(costs, chosen));
  out_.explains = costs.made();
  out_.saved = costs.saved();
  return std::move(out_);
}

}  // namespace

Result<Advice> advise(WhatIf& what_if, const postgres::twin::Statistics& statistics, const workload::Workload& workload,
                      const AdviceOptions& options) {
  return Advisor(what_if, statistics, options).run(workload);
}

std::vector<std::string> statements_of(const AdvisedIndex& index, const Advice& advice) {
  std::vector<std::string> names;
  for (const auto& served : index.serves) names.push_back(comment_safe(advice.queries[served.query].query.name));
  return {index.definition.sql(index.name), "COMMENT ON INDEX " + ident({index.definition.schema, index.name}) + " IS " +
                                                literal("Serves " + join(names, ", ") + ". " + comment_safe(index.reason))};
}

}  // namespace pga::advise
