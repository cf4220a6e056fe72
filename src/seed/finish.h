// What is done when all tables have rows: foreign keys of cycles, rows that were inserted without their triggers, sequences
// behind the values that were written out, and moments that triggers took from the clock.
#pragma once
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "seed/row_maker.h"

namespace pga::seed {

class Finish {
 public:
  // This foreign key was left NULL.
  void set_later(const Table& table, size_t foreign_key) { later_.emplace_back(table.oid, foreign_key); }
  // Foreign keys were not checked when its rows came.
  void verify(const Table& table) { unchecked_.insert(table.oid); }
  void move_sequence(const Table& table, const std::string& column) { sequences_.emplace(table.oid, column); }
  // Every part fails for itself, into a savepoint: rows that are there stay.
  void run(postgres::Connection& connection, const Catalog& catalog, const ParentKeys& parents, uint64_t seed) const;

 private:
  static void set_foreign_key(postgres::Connection& connection, const Catalog& catalog, const Table& table, const ForeignKey& key,
                              const ParentKeys& parents, Random& random);
  static void delete_orphans(postgres::Connection& connection, const Catalog& catalog, const Table& table);
  static void stop_the_clock(postgres::Connection& connection, const Catalog& catalog);

  std::vector<std::pair<Oid, size_t>> later_;
  std::set<Oid> unchecked_;
  std::set<std::pair<Oid, std::string>> sequences_;
};

Result<std::map<Oid, long long>> count_rows(postgres::Connection& connection, const Catalog& catalog);

}  // namespace pga::seed
