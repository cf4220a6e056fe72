// The rule that a partition's bound means for its rows, as a CHECK expression that PostgreSQL recognises: when the table has such
// a valid check, ATTACH PARTITION reads no row of it, and with its negation on the default partition none of that either. Built
// from the texts of pg_get_partkeydef and pg_get_expr(relpartbound) in the shape of get_qual_for_range/list (partbounds.c),
// because predicate proofs are made on the shape. https://www.postgresql.org/docs/current/ddl-partitioning.html
#pragma once
#include <optional>
#include <string>
#include <vector>

namespace pga::plan {

// `parent`: the parent's quoted name (hash only). nullopt: none can be said (an operator class of its own in the key; DEFAULT).
std::optional<std::string> partition_check(const std::string& key, const std::string& bound, const std::string& parent);
// What is left for the default partition when the others have these bounds.
std::optional<std::string> default_partition_check(const std::string& key, const std::vector<std::string>& bounds);

}  // namespace pga::plan
