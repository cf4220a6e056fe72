// Real indexes on the statistics twin that are there or not, as one likes: what would the planner do with them, what would they
// cost on disk? Any access method, partial, expression, INCLUDE, operator class. Building one takes a millisecond whatever the
// size of its table; its size comes from formulas over the statistics.
//
//   WhatIf what_if(twin);
//   PGA_TRY(const auto made, what_if.create({definition, …}));    // hidden; what the server refuses is left out
//   PGA_CHECK(what_if.show({made[0].number}));                    // exactly these are seen by the next EXPLAIN
//
// Existing indexes are seen unless they are hidden with hide_existing().
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "postgres/twin/twin.h"

namespace pga::postgres::twin {

struct IndexKey {
  std::string sql;      // a quoted column, or an expression in parentheses
  std::string opclass;  // "" the default of its type
  bool descending = false;
  bool nulls_first = false;  // as PostgreSQL's default follows the direction, false and true are the default of ASC and DESC
  friend bool operator==(const IndexKey&, const IndexKey&) = default;
};

struct IndexDefinition {
  std::string schema, table;
  std::string method = "btree";
  std::vector<IndexKey> keys;
  std::vector<std::string> include;  // quoted columns
  std::string predicate;
  std::string options;  // of WITH (…)
  // "CREATE INDEX name ON …"; without a name it identifies the definition.
  std::string sql(const std::string& name = {}) const;
  friend bool operator==(const IndexDefinition&, const IndexDefinition&) = default;
};

struct SizeEstimate {
  long long blocks = 0;
  int height = 0;          // of a b-tree
  double rows = 0;         // entries
  double tuple_bytes = 0;  // of one entry
  bool deduplicated = false;
  bool guessed = false;  // no formula fits (GIN): a stated guess
};

struct HypotheticalIndex {
  int number = 0;
  IndexDefinition definition;
  std::vector<long long> oids;  // with those of partitions
  std::string name;             // on the twin
  SizeEstimate size;            // all partitions together
  double bytes() const { return static_cast<double>(size.blocks) * 8192; }
};

class WhatIf {
 public:
  explicit WhatIf(Twin& twin) : twin_(twin) {}
  // In the order given; nullopt where the server refuses (no operator class for the type, …).
  Result<std::vector<std::optional<int>>> create(const std::vector<IndexDefinition>& definitions);
  const HypotheticalIndex& index(int number) const { return indexes_[static_cast<size_t>(number)]; }
  size_t size() const { return indexes_.size(); }
  Status show(const std::set<int>& numbers);
  // show() and the cost of a query in one round trip.
  Result<Twin::Cost> cost(const std::set<int>& numbers, const std::string& query);
  // Drops all others for good: the planner opens every index of a table, hidden or not. Only those of `numbers` may be shown
  // then.
  Status keep(const std::set<int>& numbers);
  // Hides indexes that the source has, by OID on the twin; the empty set shows all again.
  Status hide_existing(const std::set<long long>& oids);
  // The number of the index of this name on the twin; -1: it is the source's own.
  int number_of(const std::string& name) const;
  // Every name on the twin, those of partitions too, with the number of its index.
  const std::map<std::string, int>& names() const { return by_name_; }
  Twin& twin() { return twin_; }
  // Takes a true size instead of the formula's: for measuring the one against the other.
  Status set_size(int number, const SizeEstimate& size, const std::optional<GinPages>& gin = {});

 private:
  std::string toggle(const std::set<int>& numbers) const;
  Result<SizeEstimate> estimate(long long oid, const TwinTable& table, const IndexDefinition& definition, const std::string& file,
                                GinPages& gin);
  // Widths of the values of a table's column with their shares, from its statistics; empty where that is not possible.
  const std::map<int, double>& widths_of(long long table, long long column, double average);
  Status put_file(long long oid, const std::string& from, const IndexDefinition& definition, const TwinTable& table,
                  const SizeEstimate& size, const GinPages& gin);
  Twin& twin_;
  std::vector<HypotheticalIndex> indexes_;
  std::map<std::string, int> by_name_;  // with the indexes of partitions
  std::map<std::pair<long long, long long>, std::map<int, double>> widths_;
  std::set<int> shown_;
  std::set<long long> hidden_;
};

}  // namespace pga::postgres::twin
