// Which indexes may help a query, by what it does with a table. Generated widely: the planner's costs decide.
//
//   PGA_TRY(const auto candidates, candidates_of(access, catalog, constants));
//
// Equality first, then order, then range; covering; partial; expressions; every operator class that answers an operator of the
// query (GIN, GiST, SP-GiST, trigrams, patterns); BRIN where rows lie in the order of the column.
#pragma once
#include "advise/access.h"
#include "advise/catalog.h"
#include "postgres/twin/what_if.h"

namespace pga::advise {

struct Candidate {
  postgres::twin::IndexDefinition definition;
  std::string reason;  // of its kind and the order of its columns, with the numbers that were used
};

struct CandidateOptions {
  size_t width = 4;         // key columns at most
  bool plain_only = false;  // b-trees of plain columns, nothing else
  double small_table = 16;  // blocks: smaller tables get none
};

// Conditions that hold in every query of the workload that compares these columns: only those may become predicates.
using StablePredicates = std::set<std::pair<TableName, std::string>>;

std::vector<Candidate> candidates_of(const Access& access, Catalog& catalog, const StablePredicates& stable,
                                     const CandidateOptions& options);
// One index in the place of two: the longer key, which begins with the other, and everything that either includes. nullopt: they
// do not begin alike, or nothing is gained over one of them.
std::optional<Candidate> merge(const Candidate& a, const Candidate& b);
// Of all accesses of a workload: predicates with constants that are always the same where the column is compared at all.
StablePredicates stable_predicates(const std::vector<std::vector<Access>>& queries, const Catalog& catalog);

}  // namespace pga::advise
