// Asks the server which checks of a table a set of rows would fail, all rows in one query, before anything is inserted.
//
//   Judge judge(connection, catalog, table);
//   PGA_TRY(auto failed, judge.failed(rows));   // for each row the places in Table::checks
#pragma once
#include <string>
#include <vector>

#include "postgres/connection.h"
#include "seed/row_maker.h"

namespace pga::seed {

class Judge {
 public:
  Judge(postgres::Connection& connection, const Catalog& catalog, const Table& table);
  bool needed() const { return !table_.checks.empty(); }
  // Needs a transaction. An expression that cannot be evaluated outside of its table counts as passed.
  std::vector<std::vector<size_t>> failed(const std::vector<Row>& rows);

 private:
  std::string from(const std::vector<const Row*>& rows) const;
  bool ask(const std::vector<size_t>& checks, const std::vector<const Row*>& rows, const std::vector<size_t>& places,
           std::vector<std::vector<size_t>>& out);
  std::string cell(const Row& row, int column, uint64_t number, bool typed) const;

  postgres::Connection& connection_;
  const Catalog& catalog_;
  const Table& table_;
  std::vector<int> columns_;    // that are sent
  std::vector<int> generated_;  // that are computed
  enum class How : uint8_t { together, alone, each_row, never };
  std::vector<How> how_;  // by check
};

// A literal, NULL or DEFAULT, as VALUES takes it.
std::string sql_of(const Cell& cell);

}  // namespace pga::seed
