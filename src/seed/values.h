// Values of every type, as text that PostgreSQL's input functions take.
//
//   Values values(catalog);
//   PGA_CHECK(values.prepare(connection, 20));    // domains and types that are not built in: what the server accepts
//   values.fresh(type, modifier, 7);              // the 7th of a row of different values, where the type has that many
//   values.edges(type, modifier);                 // empty, zero, negative, long, far away, not ASCII
//
// Pure after prepare(); nothing here is random.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "seed/catalog.h"
#include "seed/hints.h"

namespace pga::seed {

class Values {
 public:
  explicit Values(const Catalog& catalog) : catalog_(catalog) {}
  // Needs a transaction. `rows`: how many different values are wanted of a domain.
  Status prepare(postgres::Connection& connection, int rows);

  // nullopt: no value of this type is known (then only NULL can be given).
  std::optional<std::string> fresh(Oid type, int modifier, uint64_t number) const;
  std::vector<std::string> edges(Oid type, int modifier) const;
  // Further values that constants, patterns and functions of a check suggest for this type.
  std::vector<std::string> suggested(Oid type, int modifier, const Hints& hints, int rows) const;

 private:
  void prepare_type(postgres::Connection& connection, Oid oid, int rows);
  void prepare_domain(postgres::Connection& connection, Oid oid, const Type& type, int rows);
  void prepare_unknown(postgres::Connection& connection, Oid oid, const Type& type);
  std::optional<std::string> composite(const Type& type, uint64_t number) const;
  std::optional<std::string> array(const Type& type, int modifier, uint64_t number, size_t length) const;
  std::optional<std::string> range(const Type& type, uint64_t number, bool multi) const;

  const Catalog& catalog_;
  std::map<Oid, std::vector<std::string>> pools_;  // of domains and types that are not built in
  std::vector<Oid> preparing_;
};

// Built-in scalar types, by pg_type.typname (built_in_values.cpp).
std::optional<std::string> built_in_value(const std::string& type, int modifier, uint64_t number);
std::vector<std::string> built_in_edges(const std::string& type, int modifier);
// Types of well-known extensions, and what is tried for a type that nobody knows.
std::vector<std::string> candidates_of_unknown(const std::string& type);

// The number-th day after 2024-01-01 (number may be negative), as YYYY-MM-DD.
std::string day(long long number);

// The letters that a text of a type with this modifier may hold: 0 without a limit.
int text_limit(const std::string& type, int modifier);

}  // namespace pga::seed
