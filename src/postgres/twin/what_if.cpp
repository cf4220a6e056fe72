#include "postgres/twin/what_if.h"

#include <algorithm>
#include <cmath>

#include "base/quote.h"
#include "base/text.h"
#include "postgres/twin/index_size.h"
#include "postgres/twin/pages.h"
#include "postgres_embedded.h"
#include "sql/json.h"

namespace pga::postgres::twin {
namespace {

std::string oid_list(const std::vector<long long>& oids) {
  std::vector<std::string> out;
  for (const auto oid : oids) out.push_back(std::to_string(oid));
  return join(out, ", ");
}

// Rows and width of the result of a query, as the planner sees them.
struct Planned {
  double rows = 0;
  double width = 0;
};
Result<Planned> planned(Connection& connection, const std::string& query) {
  PGA_TRY(const auto rows, connection.query("EXPLAIN (FORMAT JSON) " + query));
  PGA_TRY(const auto tree, sql::parse_json(rows.text(0, 0)));
  const auto* plan = tree.items.empty() ? nullptr : tree.items[0].child("Plan");
  return plan == nullptr ? Planned{} : Planned{plan->number("Plan Rows"), plan->number("Plan Width")};
}

}  // namespace

std::string IndexDefinition::sql(const std::string& name) const {
  std::vector<std::string> parts;
  for (const auto& key : keys) {
    std::string part = key.sql;
    if (!key.opclass.empty()) part += " " + key.opclass;
    if (key.descending) part += " DESC";
    if (key.nulls_first != key.descending) part += key.nulls_first ? " NULLS FIRST" : " NULLS LAST";
    parts.push_back(std::move(part));
  }
  std::string out = "CREATE INDEX " + (name.empty() ? "" : ident(name) + " ") + "ON " + ident({schema, table});
  if (method != "btree") out += " USING " + ident(method);
  out += " (" + join(parts, ", ") + ")";
  if (!include.empty()) out += " INCLUDE (" + join(include, ", ") + ")";
  if (!options.empty()) out += " WITH (" + options + ")";
  if (!predicate.empty()) out += " WHERE " + predicate;
  return out;
}

Result<std::vector<std::optional<int>>> WhatIf::create(const std::vector<IndexDefinition>& definitions) {
  auto& connection = twin_.connection();
  std::vector<std::optional<int>> out;
  std::string small, big;
  for (const auto& [oid, table] : twin_.tables()) {
    if (table.kind == 'p') continue;
    const std::string id = std::to_string(oid);
    small += (small.empty() ? "(" : ", (") + id + ", " + table.small_file + "::oid)";
    big += (big.empty() ? "(" : ", (") + id + ", " + table.big_file + "::oid, " + literal(table.tuples) + "::float4, " +
           std::to_string(table.pages) + ", " + std::to_string(table.all_visible) + ")";
  }
  if (small.empty()) return std::vector<std::optional<int>>(definitions.size());
  // The tables as small as they really are, only while the indexes are built.
  PGA_CHECK(connection.execute("BEGIN; UPDATE pg_catalog.pg_class c SET relfilenode = v.file FROM (VALUES " + small +
                               ") v(oid, file) WHERE c.oid = v.oid"));
  std::vector<int> fresh;
  for (const auto& definition : definitions) {
    HypotheticalIndex index;
    index.number = static_cast<int>(indexes_.size());
    index.definition = definition;
    index.name = "pga_what_if_" + std::to_string(index.number);
    auto made = connection.execute("SAVEPOINT one; " + definition.sql(index.name) + "; RELEASE one");
    if (!made) {
      PGA_CHECK(connection.execute("ROLLBACK TO one; RELEASE one"));
      out.emplace_back();
      continue;
    }
    PGA_TRY(const auto oids, connection.query("WITH RECURSIVE t AS (SELECT " + literal(ident({definition.schema, index.name})) +
                                              "::regclass::oid AS oid UNION ALL SELECT inhrelid FROM pg_catalog.pg_inherits JOIN "
                                              "t ON inhparent = t.oid) SELECT t.oid, c.relname FROM t JOIN pg_catalog.pg_class c "
                                              "ON c.oid = t.oid"));
    for (int r = 0; r < oids.size(); ++r) {
      index.oids.push_back(oids.integer(r, 0));
      by_name_[std::string(oids.text(r, 1))] = index.number;
    }
    out.emplace_back(index.number);
    fresh.push_back(index.number);
    indexes_.push_back(std::move(index));
  }
  std::vector<long long> all;
  for (const int number : fresh) all.insert(all.end(), index(number).oids.begin(), index(number).oids.end());
  PGA_CHECK(connection.execute(
      "UPDATE pg_catalog.pg_class c SET relfilenode = v.file, reltuples = v.tuples, relpages = v.pages, relallvisible = "
      "v.visible "
      "FROM (VALUES " +
      big + ") v(oid, file, tuples, pages, visible) WHERE c.oid = v.oid; " +
      (all.empty() ? "" : "UPDATE pg_catalog.pg_index SET indisvalid = false WHERE indexrelid IN (" + oid_list(all) + "); ") +
      "COMMIT; CHECKPOINT"));
  if (all.empty()) return out;
  PGA_CHECK(connection.execute("SET max_parallel_workers_per_gather = 0"));
  PGA_TRY(const auto before, connection.query("SELECT oid, pg_relation_filepath(oid), relkind FROM pg_catalog.pg_class WHERE oid "
                                              "IN (" +
                                              oid_list(all) + ")"));
  std::map<long long, std::string> files;
  for (int r = 0; r < before.size(); ++r) {
    if (before.text(r, 2) == "i")
      files[before.integer(r, 0)] = std::string(before.text(r, 1).substr(before.text(r, 1).rfind('/') + 1));
  }
  PGA_TRY(const auto on,
          connection.query("SELECT indexrelid, indrelid FROM pg_catalog.pg_index WHERE indexrelid IN (" + oid_list(all) + ")"));
  std::map<long long, long long> table_of;
  for (int r = 0; r < on.size(); ++r) table_of[on.integer(r, 0)] = on.integer(r, 1);
  for (const int number : fresh) {
    auto& index = indexes_[static_cast<size_t>(number)];
    for (const auto oid : index.oids) {
      const auto file = files.find(oid);
      const auto table = twin_.tables().find(table_of[oid]);
      if (file == files.end() || table == twin_.tables().end()) continue;
      GinPages gin;
      PGA_TRY(const auto size, estimate(oid, table->second, index.definition, file->second, gin));
      PGA_CHECK(put_file(oid, file->second, index.definition, table->second, size, gin));
      index.size.blocks += size.blocks;
      index.size.rows += size.rows;
      index.size.height = std::max(index.size.height, size.height);
      index.size.tuple_bytes = std::max(index.size.tuple_bytes, size.tuple_bytes);
      index.size.deduplicated = index.size.deduplicated || size.deduplicated;
      index.size.guessed = index.size.guessed || size.guessed;
    }
  }
  PGA_CHECK(connection.execute("RESET max_parallel_workers_per_gather"));
  return out;
}

Result<SizeEstimate> WhatIf::estimate(long long oid, const TwinTable& table, const IndexDefinition& definition,
                                      const std::string& file, GinPages& gin) {
  auto& connection = twin_.connection();
  const std::string from = " FROM ONLY " + ident({table.schema, table.name});
  const std::string where = definition.predicate.empty() ? "" : " WHERE " + definition.predicate;
  SizeInput input;
  input.method = definition.method;
  input.opclass = definition.keys.empty() ? "" : definition.keys[0].opclass;
  input.table_blocks = table.blocks;
  PGA_TRY(const auto rows, planned(connection, "SELECT" + from + where));
  input.rows = rows.rows;
  if (where.empty()) input.rows = std::max(0.0, std::strtod(table.tuples.c_str(), nullptr));
  PGA_TRY(const auto columns, connection.query(embedded::postgres::twin_queries_index_columns, {std::to_string(oid)}));
  std::vector<std::string> keys;
  for (int r = 0; r < columns.size(); ++r) {
    SizeColumn column;
    column.length = static_cast<int>(columns.integer(r, 0));
    column.alignment = static_cast<int>(columns.integer(r, 1));
    column.null_fraction = std::strtod(std::string(columns.text(r, 3)).c_str(), nullptr);
    column.included = columns.flag(r, 5);
    const std::string key(columns.text(r, 4));
    column.distinct = columns.is_null(r, 7) ? 0 : std::strtod(std::string(columns.text(r, 7)).c_str(), nullptr);
    if (!columns.is_null(r, 2)) column.width = static_cast<double>(columns.integer(r, 2));
    if (!columns.is_null(r, 8)) {
      column.widths = widths_of(table.oid, columns.integer(r, 8), column.width);
    } else if (columns.is_null(r, 2) && (column.length < 0 || definition.method == "gin")) {
      PGA_TRY(const auto width, planned(connection, "SELECT " + key + from));
      column.width = width.width;
    }
    column.elements = columns.is_null(r, 6) ? 0 : std::strtod(std::string(columns.text(r, 6)).c_str(), nullptr);
    if (!column.included) keys.push_back(key);
    input.columns.push_back(column);
  }
  SizeEstimate out;
  if (definition.method == "btree") {
    PGA_TRY(const auto page, read_start(twin_.folder() + file, 128));
    input.deduplicates = btree_deduplicates(page) && definition.include.empty();
  }
  if (definition.method == "btree" || definition.method == "hash") {
    input.distinct = input.rows;
    if (input.deduplicates || definition.method == "hash") {
      PGA_TRY(const auto groups, planned(connection, "SELECT" + from + where + " GROUP BY " + join(keys, ", ")));
      input.distinct = groups.rows;
      // The planner takes a tenth of the rows for several columns together (estimate_num_groups), which is far too few for an
      // index; columns are taken as independent unless it knows of more.
      double product = 1;
      bool known = keys.size() > 1;
      for (const auto& column : input.columns) {
        if (column.included) continue;
        known = known && column.distinct > 0;
        product *= std::max(1.0, column.distinct);
      }
      if (known) input.distinct = std::max(input.distinct, std::min(product, input.rows));
    }
  }
  const auto size = index_size(input);
  gin = size.gin;
  out.blocks = size.blocks;
  out.height = size.height;
  out.rows = input.rows;
  out.tuple_bytes = size.tuple_bytes;
  out.deduplicated = input.deduplicates;
  out.guessed = size.guessed;
  return out;
}

const std::map<int, double>& WhatIf::widths_of(long long table, long long column, double average) {
  const auto [it, fresh] = widths_.try_emplace({table, column});
  if (!fresh) return it->second;
  auto& connection = twin_.connection();
  const auto type = connection.query(
      "SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(t.typname) FROM "
      "pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid JOIN "
      "pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE t.typcategory <> 'A' AND a.attrelid = "
      "$1::oid AND a.attnum = $2::int",
      {std::to_string(table), std::to_string(column)});
  if (!type || type->size() == 0) return it->second;
  const auto query = replace_all(std::string(embedded::postgres::twin_queries_value_widths), "@type@", type->text(0, 0));
  const auto found = connection.query(query, {std::to_string(table), std::to_string(column)});
  if (!found) return it->second;
  double sum = 0, shares = 0;
  for (int r = 0; r < found->size(); ++r) {
    const double share = std::strtod(std::string(found->text(r, 1)).c_str(), nullptr);
    it->second[static_cast<int>(found->integer(r, 0))] += share;
    sum += share * static_cast<double>(found->integer(r, 0));
    shares += share;
  }
  // Long values are compressed or stored elsewhere: only the statistics' own average knows that.
  if (shares <= 0 || sum / shares > average * 1.5 + 8) it->second.clear();
  for (auto& [width, share] : it->second) share /= shares;
  return it->second;
}

Status WhatIf::put_file(long long oid, const std::string& from, const IndexDefinition& definition, const TwinTable& table,
                        const SizeEstimate& size, const GinPages& gin) {
  const std::string file = twin_.next_file();
  PGA_TRY(auto copy, RelationFile::copy(twin_.folder() + from, twin_.folder() + file));
  if (definition.method == "btree") PGA_CHECK(copy.lift_btree(size.height));
  if (definition.method == "gin") PGA_CHECK(copy.set_gin(gin));
  if (definition.method == "brin") PGA_CHECK(copy.set_brin(revmap_pages(table.blocks, 128)));
  PGA_CHECK(copy.extend(size.blocks));
  return twin_.connection().execute(
      "UPDATE pg_catalog.pg_class SET relfilenode = " + file + "::oid, reltuples = " + std::to_string(size.rows) +
      "::float4, relpages = " + std::to_string(size.blocks) + " WHERE oid = " + std::to_string(oid));
}

Status WhatIf::set_size(int number, const SizeEstimate& size, const std::optional<GinPages>& gin) {
  auto& index = indexes_[static_cast<size_t>(number)];
  PGA_TRY(const auto rows, twin_.connection().query("SELECT relfilenode, indrelid FROM pg_catalog.pg_class c JOIN "
                                                    "pg_catalog.pg_index i ON i.indexrelid = c.oid WHERE c.oid = " +
                                                    std::to_string(index.oids[0])));
  const auto table = twin_.tables().find(rows.integer(0, 1));
  PGA_ASSERT(table != twin_.tables().end() && index.oids.size() == 1);
  // The file that is there has been lifted already: only its heights and length are set anew.
  const std::string file = twin_.next_file();
  const bool pages = index.definition.method == "btree" || index.definition.method == "gin";
  PGA_TRY(auto copy, RelationFile::copy(twin_.folder() + std::string(rows.text(0, 0)), twin_.folder() + file, pages ? 2 : 64));
  if (index.definition.method == "btree") PGA_CHECK(copy.reset_btree());
  if (index.definition.method == "btree") PGA_CHECK(copy.lift_btree(size.height));
  if (index.definition.method == "gin" && gin) PGA_CHECK(copy.set_gin(*gin));
  PGA_CHECK(copy.extend(size.blocks));
  index.size = size;
  return twin_.connection().execute(
      "UPDATE pg_catalog.pg_class SET relfilenode = " + file + "::oid, reltuples = " + std::to_string(size.rows) +
      "::float4, relpages = " + std::to_string(size.blocks) + " WHERE oid = " + std::to_string(index.oids[0]));
}

// What makes exactly these seen; "" when they are.
std::string WhatIf::toggle(const std::set<int>& numbers) const {
  std::vector<long long> changed;
  for (const int number : shown_) {
    if (!numbers.contains(number)) changed.insert(changed.end(), index(number).oids.begin(), index(number).oids.end());
  }
  for (const int number : numbers) {
    if (!shown_.contains(number)) changed.insert(changed.end(), index(number).oids.begin(), index(number).oids.end());
  }
  if (changed.empty()) return {};
  return "UPDATE pg_catalog.pg_index SET indisvalid = NOT indisvalid WHERE indexrelid IN (" + oid_list(changed) + "); ";
}

Status WhatIf::show(const std::set<int>& numbers) {
  const auto sql = toggle(numbers);
  if (!sql.empty()) PGA_CHECK(twin_.connection().execute(sql));
  shown_ = numbers;
  return {};
}

Result<Twin::Cost> WhatIf::cost(const std::set<int>& numbers, const std::string& query) {
  PGA_TRY(auto out, twin_.cost(query, toggle(numbers)));  // one transaction: when it fails nothing has changed
  shown_ = numbers;
  return out;
}

Status WhatIf::keep(const std::set<int>& numbers) {
  PGA_CHECK(show({}));
  std::vector<std::string> names;
  for (auto& index : indexes_) {
    if (numbers.contains(index.number) || index.oids.empty()) continue;
    names.push_back(ident({index.definition.schema, index.name}));
    index.oids.clear();
  }
  return names.empty() ? Status() : twin_.connection().execute("DROP INDEX " + join(names, ", "));
}

Status WhatIf::hide_existing(const std::set<long long>& oids) {
  std::vector<long long> changed;
  std::ranges::set_symmetric_difference(hidden_, oids, std::back_inserter(changed));
  if (changed.empty()) return {};
  PGA_CHECK(twin_.connection().execute("UPDATE pg_catalog.pg_index SET indisvalid = NOT indisvalid WHERE indexrelid IN (" +
                                       oid_list(changed) + ")"));
  hidden_ = oids;
  return {};
}

int WhatIf::number_of(const std::string& name) const {
  const auto it = by_name_.find(name);
  return it == by_name_.end() ? -1 : it->second;
}

}  // namespace pga::postgres::twin
