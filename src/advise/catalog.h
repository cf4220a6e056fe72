// What the advice must know of tables, columns, indexes and operator classes: read from the twin and the statistics.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "advise/access.h"
#include "postgres/twin/twin.h"

namespace pga::advise {

struct ColumnFacts {
  double distinct = 0;  // values; 0: unknown
  double null_fraction = 0;
  double width = 8;
  double correlation = 0;  // of values with the order of rows, -1 … 1
  bool known = false;      // it has statistics
};

struct TableFacts {
  std::string schema, name;
  double rows = 0;
  double blocks = 0;
  std::map<std::string, ColumnFacts> columns;  // by quoted name
};

struct ExistingIndex {
  long long oid = 0;
  std::string schema, name, table_schema, table, method, definition, predicate;
  bool unique = false, backs_constraint = false, backs_foreign_key = false, replica_identity = false, clustered = false;
  std::vector<std::string> keys;  // with options, class and collation: equal texts are equal keys
  std::vector<std::string> included;
  std::vector<std::string> columns;  // names of the key columns; fewer than keys where there are expressions
  double bytes = 0;
};

struct ForeignKey {
  std::string schema, table, name, target;
  std::vector<std::string> columns;
};

struct OperatorClass {
  std::string method, name, plain_name;  // name: qualified where it must be
  bool is_default = false;
  std::set<std::string> searches, orders;
};

class Catalog {
 public:
  static Result<Catalog> read(postgres::twin::Twin& twin, const postgres::twin::Statistics& statistics);
  // As they are now; with those of WhatIf, or without.
  static Result<std::vector<ExistingIndex>> indexes_on(postgres::twin::Twin& twin, bool hypothetical);
  const TableFacts* table(const std::string& schema, const std::string& name) const;
  const std::map<TableName, TableName>& parents() const { return parents_; }
  const std::vector<ExistingIndex>& indexes() const { return indexes_; }
  const std::vector<ForeignKey>& foreign_keys() const { return foreign_keys_; }
  // Of the type of an expression over a table's columns; empty: there is no such type or class.
  const std::vector<OperatorClass>& classes(const std::string& schema, const std::string& table, const std::string& expression);
  // Its type as SQL; "" when the server refuses the expression.
  std::string type_of(const std::string& schema, const std::string& table, const std::string& expression);

 private:
  explicit Catalog(postgres::twin::Twin& twin) : twin_(&twin) {}
  postgres::twin::Twin* twin_;
  std::map<TableName, TableFacts> tables_;
  std::map<TableName, TableName> parents_;
  std::vector<ExistingIndex> indexes_;
  std::vector<ForeignKey> foreign_keys_;
  std::map<std::string, std::string> types_;  // OID by table and expression
  std::map<std::string, std::string> type_names_;
  std::map<std::string, std::vector<OperatorClass>> classes_;  // by type OID
};

}  // namespace pga::advise
