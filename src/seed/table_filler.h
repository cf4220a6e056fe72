// Fills one table: draws rows, mends those that fail a check, keeps unique keys apart, inserts, and learns from what the server
// refuses. Works inside the caller's transaction; what fails is rolled back to a savepoint.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "seed/judge.h"
#include "seed/row_maker.h"

namespace pga::seed {

struct TableFilled {
  int rows = 0;
  std::string reason;  // when there is none
  bool without_triggers = false;
  std::vector<Row> promised;         // rows whose foreign keys of a cycle wait for their targets
  std::set<int> explicit_sequences;  // columns whose sequence must be moved behind the values that were written
};

// Unique keys that are taken, by the name of the key and the text of its columns. Shared by the partitions of one table.
using TakenKeys = std::set<std::pair<std::string, std::string>>;

// Triggers, rules and the checks of foreign keys fire, or do not; false: this role may not say so (it takes a superuser).
bool set_triggers(postgres::Connection& connection, bool on);

class TableFiller {
 public:
  // `through`: the table that rows are inserted into (a partition is filled through the table at the top).
  TableFiller(postgres::Connection& connection, const Catalog& catalog, const Table& table, const Table& through, RowMaker& maker,
              TakenKeys& taken);
  TableFilled run();

 private:
  struct Candidate {
    Row row;
    uint64_t number = 0;
    std::vector<size_t> failed;  // checks
    bool placed = false;
  };
  std::vector<Row> search();
  void improve(std::vector<Candidate>& open, const std::vector<Row>& good, int round);
  void vary(Row& row, const Candidate& candidate, const std::vector<Row>& good, int variant, int round);
  bool hopeless(int patience) const;
  std::set<int> blamed(const Candidate& candidate) const;
  bool take_keys(const Row& row, std::set<int>& conflict);
  void release_keys(const Row& row);
  std::vector<std::pair<std::string, std::string>> keys_of(const Row& row, std::vector<const Key*>* which = nullptr) const;

  std::string insert_sql(const std::vector<Row>& rows) const;
  Status insert(const std::vector<Row>& rows);
  void insert_one_by_one(std::vector<Row> rows, int patience);
  std::set<int> learn(const Error& error, Mood& mood);
  std::string missing_parent() const;
  long long count();

  postgres::Connection& connection_;
  const Table& table_;
  const Table& through_;
  RowMaker& maker_;
  TakenKeys& taken_;
  Judge judge_;
  Random random_;
  TableFilled out_;
  Error last_error_;
  int failures_ = 0;
};

}  // namespace pga::seed
