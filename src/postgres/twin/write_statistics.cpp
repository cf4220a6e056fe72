#include "postgres/twin/write_statistics.h"

#include <algorithm>

#include "base/quote.h"
#include "base/text.h"
#include "postgres/catalog.h"
#include "postgres/twin/renumber.h"
#include "postgres_embedded.h"

namespace pga::postgres::twin {
namespace {

constexpr size_t kSlots = 5;
enum : uint8_t { kMcv = 1, kHistogram, kCorrelation, kMcelem, kDechist, kRangeLength, kBounds };

std::string operator_of(const Slot& slot, const Attribute& attribute) {
  if (slot.op == "0") return "0";
  if (!slot.op.empty()) return literal(slot.op) + "::regoperator";
  switch (slot.kind) {
    case kMcv:
      return attribute.eq;
    case kHistogram:
    case kCorrelation:
      return attribute.lt;
    case kMcelem:
    case kDechist:
      return attribute.element_eq;
    case kRangeLength:
      return "'<(float8,float8)'::regoperator";
    default:
      return "0";
  }
}

std::string collation_of(const Slot& slot, const Attribute& attribute) {
  if (slot.collation == "-" || slot.collation == "0") return "0";
  if (!slot.collation.empty()) return literal(slot.collation) + "::regcollation";
  if (slot.kind == kMcelem || slot.kind == kDechist) return attribute.element_collation;
  return slot.kind <= kCorrelation ? attribute.collation : "0";
}

// anyarray has no input function, but array_in() called as a function gives it.
std::string values_of(const Slot& slot, const Attribute& attribute) {
  if (!slot.values) return "NULL";
  const std::string type = slot.kind == kRangeLength ? "701" : slot.kind == kMcelem ? attribute.element : attribute.base;
  return "array_in(" + literal(*slot.values) + "::cstring, " + type + ", -1)";
}

// The columns of a pg_statistic row behind the key.
std::string row_of(const ColumnStatistics& column, const Attribute& attribute) {
  std::vector<std::string> kinds, operators, collations, numbers, values;
  for (size_t i = 0; i < kSlots; ++i) {
    const bool there = i < column.slots.size();
    kinds.push_back(there ? std::to_string(column.slots[i].kind) : "0");
    operators.push_back(there ? operator_of(column.slots[i], attribute) : "0");
    collations.push_back(there ? collation_of(column.slots[i], attribute) : "0");
    numbers.push_back(there && column.slots[i].numbers ? literal(*column.slots[i].numbers) + "::float4[]" : "NULL");
    values.push_back(there ? values_of(column.slots[i], attribute) : "NULL");
  }
  return literal(column.null_fraction) + "::float4, " + literal(column.width) + "::int, " + literal(column.distinct) +
         "::float4, " + join(kinds, ", ") + ", " + join(operators, ", ") + ", " + join(collations, ", ") + ", " +
         join(numbers, ", ") + ", " + join(values, ", ");
}

const Attribute* find(const Target& target, long long relation, const ColumnStatistics& column) {
  const auto it = target.attributes.find(relation);
  if (it == target.attributes.end()) return nullptr;
  for (const auto& attribute : it->second) {
    if (column.position > 0 ? attribute.number == column.position : attribute.name == column.column) return &attribute;
  }
  return nullptr;
}

std::string what_of(const ColumnStatistics& column) {
  return column.column + " of " + ident({column.schema, column.relation});
}

std::string bytea_as(const std::optional<std::string>& hex, const char* type) {
  return hex ? "decode('" + *hex + "', 'hex')::" + type : "NULL";
}

// stxdexpr is an array of pg_statistic rows: they are inserted for a relation that does not exist, gathered, and removed.
Status write_extended(Connection& connection, const Statistics& statistics, std::vector<std::string>& notes) {
  if (statistics.extended.empty()) return {};
  for (const char* type : {"pg_ndistinct", "pg_dependencies", "pg_mcv_list"}) {
    PGA_CHECK(connection.execute(std::string("CREATE CAST (bytea AS ") + type + ") WITHOUT FUNCTION"));
  }
  PGA_TRY(const auto rows, connection.query("SELECT n.nspname, s.stxname, s.oid, s.stxkeys::text FROM pg_statistic_ext s JOIN "
                                            "pg_namespace n ON n.oid = s.stxnamespace"));
  std::map<Name, std::pair<std::string, std::string>> known;
  for (int r = 0; r < rows.size(); ++r)
    known[{std::string(rows.text(r, 0)), std::string(rows.text(r, 1))}] = {std::string(rows.text(r, 2)),
                                                                           std::string(rows.text(r, 3))};
  PGA_TRY(const auto here_oids, connection.query("SELECT oid, oid::regtype::text, '' FROM pg_type WHERE oid >= 16384 UNION ALL "
                                                 "SELECT oid, enumtypid::regtype::text, enumlabel FROM pg_enum"));
  std::map<std::pair<std::string, std::string>, uint32_t> by_name;
  for (int r = 0; r < here_oids.size(); ++r)
    by_name[{std::string(here_oids.text(r, 1)), std::string(here_oids.text(r, 2))}] =
        static_cast<uint32_t>(here_oids.integer(r, 0));
  Oids types, labels;
  for (const auto& one : statistics.oids) {
    const auto it = by_name.find({one.type, one.label});
    if (it == by_name.end()) continue;
    (one.label.empty() ? types : labels)[static_cast<uint32_t>(std::strtoul(one.oid.c_str(), nullptr, 10))] = it->second;
  }
  for (const auto& one : statistics.extended) {
    const auto it = known.find({one.schema, one.name});
    if (it == known.end()) {
      notes.push_back("the twin lacks the extended statistics " + ident({one.schema, one.name}));
      continue;
    }
    const auto here = split(it->second.second, ' ');
    std::map<int, int> numbers;
    for (size_t i = 0; i < here.size() && i < one.keys.size(); ++i)
      numbers[std::atoi(one.keys[i].c_str())] = std::atoi(here[i].c_str());
    const auto ndistinct = one.ndistinct ? std::optional(renumber_columns(*one.ndistinct, numbers, true)) : std::nullopt;
    const auto dependencies =
        one.dependencies ? std::optional(renumber_columns(*one.dependencies, numbers, false)) : std::nullopt;
    const auto mcv = one.mcv ? std::optional(renumber_mcv(*one.mcv, types, labels)) : std::nullopt;
    std::string expressions = "NULL";
    if (!one.expressions.empty()) {
      int number = 0;
      for (const auto& expression : one.expressions) {
        Attribute attribute{.base = "25", .element = "25"};
        PGA_TRY(const auto source, connection.query("SELECT (pg_get_statisticsobjdef_expressions(" + it->second.first + "))[" +
                                                    std::to_string(number + 1) +
                                                    "], (SELECT stxrelid::regclass::text FROM pg_statistic_ext WHERE "
                                                    "oid = " +
                                                    it->second.first + ")"));
        PGA_TRY(const auto oid, connection.query("SELECT pg_typeof((SELECT " + std::string(source.text(0, 0)) + " FROM ONLY " +
                                                 std::string(source.text(0, 1)) + " LIMIT 1))::oid"));
        attribute.base = oid.text(0, 0);
        PGA_CHECK(connection.execute("INSERT INTO pg_statistic VALUES (0, " + std::to_string(++number) + ", false, " +
                                     row_of(expression, attribute) + ")"));
      }
      expressions = "(SELECT array_agg(s ORDER BY staattnum) FROM pg_statistic s WHERE starelid = 0)";
    }
    const std::string key = "stxoid = " + it->second.first + (connection.major() >= 15 ? " AND stxdinherit = " : "");
    const std::string inherited = connection.major() >= 15 ? (one.inherited ? "true" : "false") : "";
    PGA_CHECK(connection.execute(
        "DELETE FROM pg_statistic_ext_data WHERE " + key + inherited + "; INSERT INTO pg_statistic_ext_data SELECT " +
        it->second.first + (inherited.empty() ? "" : ", " + inherited) + ", " + bytea_as(ndistinct, "pg_ndistinct") + ", " +
        bytea_as(dependencies, "pg_dependencies") + ", " + bytea_as(mcv, "pg_mcv_list") +
        (connection.major() >= 14 ? ", " + expressions : "") + "; DELETE FROM pg_statistic WHERE starelid = 0"));
  }
  return {};
}

}  // namespace

Result<Target> read_target(Connection& connection) {
  Target out;
  PGA_TRY(const auto relations, connection.query(embedded::postgres::twin_queries_twin_relations));
  for (int r = 0; r < relations.size(); ++r)
    out.relations[{std::string(relations.text(r, 1)), std::string(relations.text(r, 2))}] = relations.integer(r, 0);
  PGA_TRY(const auto rows, connection.query(embedded::postgres::twin_queries_twin_attributes));
  for (int r = 0; r < rows.size(); ++r) {
    Attribute one;
    one.number = static_cast<int>(rows.integer(r, 1));
    one.name = rows.text(r, 2);
    one.base = rows.text(r, 3);
    one.eq = rows.text(r, 4);
    one.lt = rows.text(r, 5);
    one.collation = rows.text(r, 6);
    one.element = rows.text(r, 7);
    one.element_eq = rows.text(r, 8);
    one.element_collation = rows.text(r, 9);
    one.type = rows.text(r, 10);
    if (!rows.is_null(r, 11)) {
      // The column of a GIN index has the type of its keys; its statistics are those of the expression.
      const auto type = connection.query("SELECT pg_typeof((SELECT " + std::string(rows.text(r, 11)) + " FROM ONLY " +
                                         std::string(rows.text(r, 12)) + " LIMIT 1))::oid");
      if (type) one.base = type->text(0, 0);
    }
    out.attributes[rows.integer(r, 0)].push_back(std::move(one));
  }
  return out;
}

Status write_statistics(Connection& connection, const Target& target, const Statistics& statistics,
                        std::vector<std::string>& notes) {
  std::string batch;
  const auto flush = [&]() -> Status {
    if (batch.empty()) return {};
    const std::string sql = "INSERT INTO pg_catalog.pg_statistic VALUES " + batch;
    batch.clear();
    return connection.execute(sql);
  };
  PGA_CHECK(connection.execute("DELETE FROM pg_catalog.pg_statistic WHERE starelid >= 16384"));
  for (const auto& column : statistics.columns) {
    const auto relation = target.relations.find({column.schema, column.relation});
    const auto* attribute = relation == target.relations.end() ? nullptr : find(target, relation->second, column);
    if (attribute == nullptr) {
      notes.push_back("the twin lacks the column " + what_of(column));
      continue;
    }
    if (!batch.empty()) batch += ",\n";
    batch += "(" + std::to_string(relation->second) + ", " + std::to_string(attribute->number) + ", " +
             (column.inherited ? "true" : "false") + ", " + row_of(column, *attribute) + ")";
    if (batch.size() > 1000000) PGA_CHECK(flush());
  }
  PGA_CHECK(flush());
  return write_extended(connection, statistics, notes);
}

}  // namespace pga::postgres::twin
