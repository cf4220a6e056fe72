// The advice: which indexes a workload wants, what they cost, which can go, which queries no index helps.
//
//   PGA_TRY(const auto advice, advise(what_if, statistics, workload, {.budget = 500e6}));
//
// Deterministic. Errors: no-statements (nothing in the workload can be planned).
#pragma once
#include "advise/candidates.h"
#include "advise/drops.h"
#include "advise/select.h"
#include "workload/workload.h"

namespace pga::advise {

struct AdviceOptions {
  double budget = 0;  // bytes; 0: none
  size_t most = 0;    // indexes; 0: no limit
  bool plain_only = false;
  size_t width = 4;
  bool drops = true;
  const Usage* usage = nullptr;  // of the live database
};

struct Served {
  size_t query = 0;  // in Advice::queries
  double before = 0, after = 0;
};

struct AdvisedIndex {
  std::string name;
  postgres::twin::IndexDefinition definition;
  std::string reason;
  postgres::twin::SizeEstimate size;
  double build_seconds = 0;  // an estimate
  double wal_bytes = 0;      // for each row that is inserted
  double gain = 0;           // of the cost of the workload at its place in the list
  std::vector<Served> serves;
  double bytes() const { return static_cast<double>(size.blocks) * 8192; }
};

struct QueryAdvice {
  workload::Query query;
  std::string planned;           // with values for its parameters
  double before = 0, after = 0;  // planner's cost, weighted over its instances
  std::vector<std::string> plan_before, plan_after;
  std::vector<std::string> uses;  // names of advised indexes
  std::string why;                // where none helps
};

struct Advice {
  std::vector<AdvisedIndex> indexes;  // most gain first
  std::vector<QueryAdvice> queries;   // in the order of the workload
  std::vector<Drop> drops;
  std::vector<workload::Skipped> skipped;
  std::vector<std::string> notes;
  double before = 0, after = 0, writes = 0, bound = 0;
  size_t short_list = 0;  // so many of the first give four fifths of the gain
  size_t candidates = 0;
  long long explains = 0, saved = 0;
  double bytes() const {
    double out = 0;
    for (const auto& index : indexes) out += index.bytes();
    return out;
  }
};

Result<Advice> advise(postgres::twin::WhatIf& what_if, const postgres::twin::Statistics& statistics,
                      const workload::Workload& workload, const AdviceOptions& options = {});

// "CREATE INDEX idx_orders_status ON …" and its COMMENT.
std::vector<std::string> statements_of(const AdvisedIndex& index, const Advice& advice);

}  // namespace pga::advise
