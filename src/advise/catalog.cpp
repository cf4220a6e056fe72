#include "advise/catalog.h"

#include <algorithm>
#include <cmath>

#include "advise_embedded.h"
#include "base/quote.h"
#include "base/text.h"

namespace pga::advise {
namespace {

double number(const std::string& text) {
  return std::strtod(text.c_str(), nullptr);
}

std::set<std::string> names(std::string_view array) {
  const auto list = parse_pg_array(array);
  return {list.begin(), list.end()};
}

}  // namespace

Result<Catalog> Catalog::read(postgres::twin::Twin& twin, const postgres::twin::Statistics& statistics) {
  Catalog out(twin);
  auto& connection = twin.connection();
  PGA_TRY(const auto parents, connection.query(embedded::advise::queries_parents));
  for (int r = 0; r < parents.size(); ++r)
    out.parents_[{std::string(parents.text(r, 0)), std::string(parents.text(r, 1))}] = {std::string(parents.text(r, 2)),
                                                                                        std::string(parents.text(r, 3))};
  for (const auto& relation : statistics.relations) {
    if (relation.kind == 'i' || relation.kind == 'I') continue;
    auto& table = out.tables_[{relation.schema, relation.name}];
    table.schema = relation.schema;
    table.name = relation.name;
    table.rows += std::max(0.0, number(relation.tuples));
    table.blocks += static_cast<double>(relation.blocks.value_or(0));
  }
  // A partitioned table is as large as its partitions together.
  for (const auto& [child, parent] : out.parents_) out.tables_[parent].rows = out.tables_[parent].blocks = 0;
  for (const auto& [child, parent] : out.parents_) {
    if (std::ranges::any_of(out.parents_, [&](const auto& other) { return other.second == child; })) continue;
    out.tables_[parent].rows += out.tables_[child].rows;
    out.tables_[parent].blocks += out.tables_[child].blocks;
  }
  for (const auto& column : statistics.columns) {
    if (column.position != 0) continue;
    const auto it = out.tables_.find({column.schema, column.relation});
    if (it == out.tables_.end()) continue;
    auto& facts = it->second.columns[ident(column.column)];
    if (facts.known && !column.inherited) continue;
    facts.known = true;
    facts.null_fraction = number(column.null_fraction);
    facts.width = number(column.width);
    facts.distinct = number(column.distinct);
    if (facts.distinct < 0) facts.distinct = -facts.distinct * it->second.rows;
    for (const auto& slot : column.slots) {
      if (slot.kind == 3 && slot.numbers) facts.correlation = number(slot.numbers->substr(1));
    }
  }
  PGA_TRY(out.indexes_, indexes_on(twin, false));
  PGA_TRY(const auto keys, connection.query(embedded::advise::queries_foreign_keys));
  for (int r = 0; r < keys.size(); ++r) {
    out.foreign_keys_.push_back({std::string(keys.text(r, 0)), std::string(keys.text(r, 1)), std::string(keys.text(r, 2)),
                                 std::string(keys.text(r, 4)), parse_pg_array(keys.text(r, 3))});
  }
  return out;
}

Result<std::vector<ExistingIndex>> Catalog::indexes_on(postgres::twin::Twin& twin, bool hypothetical) {
  std::vector<ExistingIndex> out;
  PGA_TRY(const auto rows, twin.connection().query(embedded::advise::queries_indexes));
  for (int r = 0; r < rows.size(); ++r) {
    if (!hypothetical && rows.text(r, 2).starts_with("pga_what_if_")) continue;
    ExistingIndex index;
    index.oid = rows.integer(r, 0);
    index.schema = rows.text(r, 1);
    index.name = rows.text(r, 2);
    index.table_schema = rows.text(r, 3);
    index.table = rows.text(r, 4);
    index.method = rows.text(r, 5);
    index.unique = rows.flag(r, 6);
    index.backs_constraint = rows.flag(r, 7);
    index.backs_foreign_key = rows.flag(r, 8);
    index.replica_identity = rows.flag(r, 9);
    index.clustered = rows.flag(r, 10);
    index.definition = rows.text(r, 11);
    index.keys = parse_pg_array(rows.text(r, 12));
    index.included = parse_pg_array(rows.text(r, 13));
    index.predicate = rows.text(r, 14);
    index.columns = parse_pg_array(rows.text(r, 15));
    index.bytes = number(std::string(rows.text(r, 16))) * 8192;
    out.push_back(std::move(index));
  }
  return out;
}

const TableFacts* Catalog::table(const std::string& schema, const std::string& name) const {
  const auto it = tables_.find({schema, name});
  return it == tables_.end() ? nullptr : &it->second;
}

const std::vector<OperatorClass>& Catalog::classes(const std::string& schema, const std::string& table,
                                                   const std::string& expression) {
  static const std::vector<OperatorClass> kNone;
  const std::string from = ident({schema, table});
  auto [type, fresh] = types_.try_emplace(from + " " + expression);
  if (fresh) {
    const auto found = twin_->connection().query("SELECT t::oid, t::text FROM (SELECT pg_catalog.pg_typeof((SELECT " +
                                                 expression + " FROM " + from + " WHERE false)) AS t) x");
    if (found) {
      type->second = found->text(0, 0);
      type_names_[type->second] = found->text(0, 1);
    }
  }
  if (type->second.empty()) return kNone;
  auto [it, unknown] = classes_.try_emplace(type->second);
  if (!unknown) return it->second;
  const auto rows = twin_->connection().query(embedded::advise::queries_classes, {type->second});
  for (int r = 0; rows && r < rows->size(); ++r) {
    it->second.push_back({std::string(rows->text(r, 0)), std::string(rows->text(r, 1)), std::string(rows->text(r, 2)),
                          rows->flag(r, 3), names(rows->text(r, 4)), names(rows->text(r, 5))});
  }
  return it->second;
}

std::string Catalog::type_of(const std::string& schema, const std::string& table, const std::string& expression) {
  (void)classes(schema, table, expression);
  const auto it = types_.find(ident({schema, table}) + " " + expression);
  const auto name = it == types_.end() ? type_names_.end() : type_names_.find(it->second);
  return name == type_names_.end() ? "" : name->second;
}

}  // namespace pga::advise
