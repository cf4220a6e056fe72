// The rows at the ends: the planner looks up the lowest and highest entry of a b-tree when a constant falls into the first or
// last bin of a histogram, and for merge joins (selfuncs.c, get_actual_variable_range). One row holds all lowest values and one
// all highest: of indexed columns those of the source, of others the ends of their statistics.
#include <algorithm>

#include "base/quote.h"
#include "base/text.h"
#include "postgres/twin/write_statistics.h"

namespace pga::postgres::twin {
namespace {

enum : uint8_t { kMcv = 1, kHistogram = 2, kCorrelation = 3 };

const Slot* slot_of(const ColumnStatistics& column, int kind) {
  const auto it = std::ranges::find(column.slots, kind, &Slot::kind);
  return it == column.slots.end() || !it->values ? nullptr : &*it;
}

// The lowest (or highest) of the values that the statistics of a column name, as an expression; "" when there is none.
std::string end_of(const ColumnStatistics& column, const Attribute& attribute, bool high) {
  const auto* common = slot_of(column, kMcv);
  const auto* bounds = slot_of(column, kHistogram);
  if (attribute.type.ends_with("[]")) {  // an array of arrays is no type of SQL: any one of the values
    const auto values = common == nullptr && bounds == nullptr ? std::vector<std::string>()
                                                               : parse_pg_array(*(common == nullptr ? bounds : common)->values);
    return values.empty() ? std::string() : literal(high ? values.back() : values.front()) + "::" + attribute.type;
  }
  const std::string array = attribute.type + "[]";
  const std::string order = std::string("ORDER BY v ") + (high ? "DESC" : "") + " LIMIT 1)";
  std::string from;
  if (bounds != nullptr) {
    const std::string at = high ? "array_upper(b, 1)" : "1";
    from = "SELECT b[" + at + "] AS v FROM (SELECT " + literal(*bounds->values) + "::" + array + " AS b) s";
  }
  if (common != nullptr) {
    const std::string all = "SELECT unnest(" + literal(*common->values) + "::" + array + ") AS v";
    const bool ordered =
        bounds != nullptr || std::ranges::find(column.slots, int{kCorrelation}, &Slot::kind) != column.slots.end();
    if (!ordered) return "(" + all + " LIMIT 1)";
    from += (from.empty() ? "" : " UNION ALL ") + all;
  }
  return from.empty() ? from : "(SELECT v FROM (" + from + ") u " + order;
}

}  // namespace

Status insert_ends(Connection& connection, const Target& target, const Statistics& statistics, std::vector<std::string>& notes) {
  std::map<Name, std::map<std::string, const Ends*>> ends;
  for (const auto& one : statistics.ends) ends[{one.schema, one.table}][one.column] = &one;
  std::map<Name, std::map<std::string, const ColumnStatistics*>> columns;
  for (const auto& column : statistics.columns) {
    if (column.position == 0 && !column.inherited) columns[{column.schema, column.relation}][column.column] = &column;
  }
  for (const auto& relation : statistics.relations) {
    if ((relation.kind != 'r' && relation.kind != 'm') || relation.blocks.value_or(0) == 0) continue;
    const Name name{relation.schema, relation.name};
    const auto oid = target.relations.find(name);
    if (oid == target.relations.end()) continue;
    std::vector<std::string> names, low, high;
    for (const auto& attribute : target.attributes.at(oid->second)) {
      const auto end = ends[name].find(attribute.name);
      const auto known = columns[name].find(attribute.name);
      if (end != ends[name].end()) {
        low.push_back(literal(end->second->low) + "::" + attribute.type);
        high.push_back(literal(end->second->high) + "::" + attribute.type);
      } else if (known != columns[name].end()) {
        low.push_back(end_of(*known->second, attribute, false));
        high.push_back(end_of(*known->second, attribute, true));
        if (low.back().empty()) {
          low.pop_back();
          high.pop_back();
          continue;
        }
      } else {
        continue;
      }
      names.push_back(attribute.name);
    }
    if (names.empty()) continue;
    const bool one = low == high;
    const std::string sql = "SAVEPOINT ends; INSERT INTO " + ident({relation.schema, relation.name}) + " (" + ident_list(names) +
                            ") SELECT " + join(low, ", ") + (one ? "" : " UNION ALL SELECT " + join(high, ", ")) +
                            "; RELEASE ends";
    if (auto done = connection.execute(sql); !done) {
      PGA_CHECK(connection.execute("ROLLBACK TO ends; RELEASE ends"));
      notes.push_back("the lowest and highest values of " + ident({relation.schema, relation.name}) +
                      " could not be put into the twin: " + done.error().message);
    }
  }
  return {};
}

}  // namespace pga::postgres::twin
