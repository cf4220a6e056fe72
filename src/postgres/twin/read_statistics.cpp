#include "postgres/twin/read_statistics.h"

#include <cmath>
#include <cstring>
#include <map>
#include <set>

#include "base/quote.h"
#include "base/text.h"
#include "postgres/catalog.h"
#include "postgres/twin/pages.h"
#include "postgres_embedded.h"
#include "sql/json.h"

namespace pga::postgres::twin {
namespace {

constexpr int kSlots = 5;
// Kinds of slots (catalog/pg_statistic.h).
enum : uint8_t { kMcv = 1, kHistogram, kCorrelation, kMcelem, kDechist, kRangeLength, kBounds };

std::optional<std::string> maybe(const Rows& rows, int row, int column) {
  if (rows.is_null(row, column)) return std::nullopt;
  return std::string(rows.text(row, column));
}

// Columns `at` and following of a row: five times kind, operator, collation, numbers, values.
std::vector<Slot> slots_of(const Rows& rows, int row, int at) {
  std::vector<Slot> out;
  for (int i = 0; i < kSlots; ++i, at += 5) {
    Slot slot;
    slot.kind = static_cast<int>(rows.integer(row, at));
    if (slot.kind == 0) continue;
    slot.op = rows.text(row, at + 1);
    slot.collation = rows.text(row, at + 2);
    slot.numbers = maybe(rows, row, at + 3);
    slot.values = maybe(rows, row, at + 4);
    out.push_back(std::move(slot));
  }
  return out;
}

// What the reading of each index needs beside its statistics.
struct Index {
  size_t at = 0;  // in Statistics::relations
  std::string predicate, keys;
  bool readable = false;
  bool valid = true;
  long long pages_per_range = 128;
};

class Reader {
 public:
  Reader(Connection& connection, const ReadStatisticsOptions& options) : connection_(connection), options_(options) {}
  Result<Statistics> read() {
    PGA_CHECK(settings());
    PGA_CHECK(
        connection_.execute("SET LOCAL search_path = ''; SET LOCAL DateStyle = 'ISO, MDY'; SET LOCAL IntervalStyle = "
                            "'postgres'; SET LOCAL extra_float_digits = 3; SET LOCAL bytea_output = 'hex'; SET LOCAL "
                            "row_security = off"));
    PGA_TRY(const auto who, connection_.query("SELECT current_setting('is_superuser') = 'on', "
                                              "has_table_privilege('pg_catalog.pg_statistic', 'SELECT'), "
                                              "current_setting('block_size')"));
    out_.server_version = connection_.server_version();
    out_.block_size = static_cast<int>(who.integer(0, 2));
    PGA_CHECK(relations());
    PGA_CHECK(who.flag(0, 1) ? columns() : columns_by_view());
    if (who.flag(0, 1)) PGA_CHECK(extended());
    if (options_.ends) PGA_CHECK(ends());
    if (who.flag(0, 0)) PGA_CHECK(metapages());
    PGA_CHECK(heights_by_explain(who.flag(0, 0)));
    revmaps();
    return std::move(out_);
  }

 private:
  Result<Rows> ask(std::string_view query) { return connection_.query(expand_query(query, connection_.major(), {})); }
  Status settings();
  Status relations();
  Status columns();
  Status columns_by_view();
  Status extended();
  Status ends();
  Status metapages();
  Status heights_by_explain(bool superuser);
  Result<std::optional<int>> height_by_explain(const Index& index);
  void revmaps();

  Connection& connection_;
  const ReadStatisticsOptions& options_;
  Statistics out_;
  std::vector<Index> indexes_;
};

Status Reader::settings() {
  PGA_TRY(const auto rows, ask(embedded::postgres::twin_queries_settings));
  for (int r = 0; r < rows.size(); ++r) out_.settings.push_back({std::string(rows.text(r, 0)), std::string(rows.text(r, 1))});
  return {};
}

Status Reader::relations() {
  PGA_TRY(const auto rows, ask(embedded::postgres::twin_queries_relations));
  for (int r = 0; r < rows.size(); ++r) {
    RelationStatistics relation;
    relation.schema = rows.text(r, 0);
    relation.name = rows.text(r, 1);
    relation.kind = rows.text(r, 2)[0];
    relation.tuples = rows.text(r, 3);
    relation.pages = rows.integer(r, 4);
    relation.all_visible = rows.integer(r, 5);
    if (!rows.is_null(r, 6)) relation.blocks = rows.integer(r, 6);
    relation.method = rows.text(r, 7);
    relation.table_schema = rows.text(r, 8);
    relation.table = rows.text(r, 9);
    if (relation.kind == 'i') {
      indexes_.push_back({.at = out_.relations.size(),
                          .predicate = std::string(rows.text(r, 10)),
                          .keys = std::string(rows.text(r, 11)),
                          .readable = rows.flag(r, 12),
                          .valid = rows.flag(r, 14),
                          .pages_per_range = rows.integer(r, 13)});
    }
    out_.relations.push_back(std::move(relation));
  }
  return {};
}

Status Reader::columns() {
  PGA_TRY(const auto rows, ask(embedded::postgres::twin_queries_columns));
  for (int r = 0; r < rows.size(); ++r) {
    ColumnStatistics column;
    column.schema = rows.text(r, 0);
    column.relation = rows.text(r, 1);
    column.column = rows.text(r, 2);
    column.position = static_cast<int>(rows.integer(r, 3));
    column.inherited = rows.flag(r, 4);
    column.null_fraction = rows.text(r, 5);
    column.width = rows.text(r, 6);
    column.distinct = rows.text(r, 7);
    column.slots = slots_of(rows, r, 8);
    out_.columns.push_back(std::move(column));
  }
  return {};
}

// In the order in which ANALYZE fills the slots; the twin finds operators and collations by the column's type.
Status Reader::columns_by_view() {
  PGA_TRY(const auto rows, ask(embedded::postgres::twin_queries_columns_view));
  for (int r = 0; r < rows.size(); ++r) {
    ColumnStatistics column;
    column.schema = rows.text(r, 0);
    column.relation = rows.text(r, 1);
    column.column = rows.text(r, 2);
    column.position = static_cast<int>(rows.integer(r, 3));
    column.inherited = rows.flag(r, 4);
    column.null_fraction = rows.text(r, 5);
    column.width = rows.text(r, 6);
    column.distinct = rows.text(r, 7);
    const auto slot = [&](int kind, std::optional<std::string> numbers, std::optional<std::string> values) {
      column.slots.push_back({kind, {}, {}, std::move(numbers), std::move(values)});
    };
    if (!rows.is_null(r, 8)) slot(kMcv, maybe(rows, r, 9), maybe(rows, r, 8));
    if (!rows.is_null(r, 10)) slot(kHistogram, std::nullopt, maybe(rows, r, 10));
    if (!rows.is_null(r, 11)) slot(kCorrelation, "{" + std::string(rows.text(r, 11)) + "}", std::nullopt);
    if (!rows.is_null(r, 12)) slot(kMcelem, maybe(rows, r, 13), maybe(rows, r, 12));
    if (!rows.is_null(r, 14)) slot(kDechist, maybe(rows, r, 14), std::nullopt);
    if (!rows.is_null(r, 17)) slot(kBounds, std::nullopt, maybe(rows, r, 17));
    if (!rows.is_null(r, 15)) {
      const std::optional<std::string> empty =
          rows.is_null(r, 16) ? std::nullopt : std::optional("{" + std::string(rows.text(r, 16)) + "}");
      slot(kRangeLength, empty, maybe(rows, r, 15));
    }
    out_.columns.push_back(std::move(column));
  }
  PGA_TRY(const auto unseen, ask(embedded::postgres::twin_queries_unseen));
  for (int r = 0; r < unseen.size(); ++r) {
    const std::string table = ident({unseen.text(r, 0), unseen.text(r, 1)});
    out_.unseen.push_back(unseen.text(r, 2).empty() ? "the columns of " + table
                                                    : "the columns " + std::string(unseen.text(r, 2)) + " of " + table);
  }
  PGA_TRY(const auto extended, connection_.query("SELECT FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace "
                                                 "WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' LIMIT 1"));
  if (extended.size() > 0) out_.unseen.emplace_back("what extended statistics (CREATE STATISTICS) hold");
  return {};
}

Status Reader::extended() {
  PGA_TRY(const auto rows, ask(embedded::postgres::twin_queries_extended));
  for (int r = 0; r < rows.size(); ++r) {
    ExtendedStatistics one;
    one.schema = rows.text(r, 0);
    one.name = rows.text(r, 1);
    one.inherited = rows.flag(r, 2);
    one.ndistinct = maybe(rows, r, 3);
    one.dependencies = maybe(rows, r, 4);
    one.mcv = maybe(rows, r, 5);
    for (const auto& key : split(rows.text(r, 6), ' ')) {
      if (!key.empty()) one.keys.push_back(key);
    }
    out_.extended.push_back(std::move(one));
  }
  if (rows.size() == 0) return {};
  PGA_TRY(const auto oids, connection_.query("SELECT oid, oid::regtype::text, '' FROM pg_type WHERE oid >= 16384 AND typtype IN "
                                             "('e', 'd', 'b', 'r') AND typcategory <> 'A' UNION ALL SELECT oid, "
                                             "enumtypid::regtype::text, enumlabel FROM pg_enum ORDER BY 1"));
  for (int r = 0; r < oids.size(); ++r)
    out_.oids.push_back({std::string(oids.text(r, 0)), std::string(oids.text(r, 1)), std::string(oids.text(r, 2))});
  if (connection_.major() < 14) return {};
  PGA_TRY(const auto expressions, ask(embedded::postgres::twin_queries_extended_expressions));
  for (int r = 0; r < expressions.size(); ++r) {
    for (auto& one : out_.extended) {
      if (one.schema != expressions.text(r, 0) || one.name != expressions.text(r, 1) || one.inherited != expressions.flag(r, 4))
        continue;
      ColumnStatistics column;
      column.null_fraction = expressions.text(r, 5);
      column.width = expressions.text(r, 6);
      column.distinct = expressions.text(r, 7);
      column.slots = slots_of(expressions, r, 8);
      one.expressions.push_back(std::move(column));
    }
  }
  return {};
}

// One query a table, two probes a column. A type without an order, or a table that somebody has locked: left out.
Status Reader::ends() {
  PGA_TRY(const auto rows, ask(embedded::postgres::twin_queries_ends));
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> tables;
  for (int r = 0; r < rows.size(); ++r)
    tables[{std::string(rows.text(r, 0)), std::string(rows.text(r, 1))}].emplace_back(rows.text(r, 2));
  for (const auto& [table, columns] : tables) {
    std::vector<std::string> probes;
    const std::string from = ident({table.first, table.second});
    for (const auto& name : columns) {
      const std::string column = ident(name);
      for (const char* order : {"", " DESC"}) {
        probes.push_back("(SELECT " + column + "::text FROM ONLY " + from + " WHERE " + column + " IS NOT NULL ORDER BY " + from +
                         "." + column + order + " LIMIT 1)");
      }
    }
    PGA_CHECK(connection_.execute("SAVEPOINT ends"));
    auto found = connection_.query("SELECT " + join(probes, ", "));
    if (!found) {
      PGA_CHECK(connection_.execute("ROLLBACK TO ends"));
      out_.unseen.push_back("the lowest and highest values of " + from);
      continue;
    }
    PGA_CHECK(connection_.execute("RELEASE ends"));
    for (size_t i = 0; i < columns.size(); ++i) {
      const int at = static_cast<int>(2 * i);
      if (found->is_null(0, at)) continue;
      out_.ends.push_back(
          {table.first, table.second, columns[i], std::string(found->text(0, at)), std::string(found->text(0, at + 1))});
    }
  }
  return {};
}

// The first bytes of each index's file. A page that was changed since the last checkpoint is older there than in memory.
Status Reader::metapages() {
  PGA_TRY(const auto rows,
          connection_.query("SELECT n.nspname, c.relname, encode(pg_read_binary_file(pg_relation_filepath(c.oid), 0, 128, true), "
                            "'hex') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_am am ON am.oid = "
                            "c.relam WHERE c.relkind = 'i' AND am.amname IN ('btree', 'gin', 'brin') AND n.nspname !~ '^pg_' "
                            "AND n.nspname <> 'information_schema' AND c.relpersistence <> 't'"));
  std::map<std::pair<std::string_view, std::string_view>, std::string_view> pages;
  for (int r = 0; r < rows.size(); ++r) pages[{rows.text(r, 0), rows.text(r, 1)}] = rows.text(r, 2);
  for (const auto& index : indexes_) {
    auto& relation = out_.relations[index.at];
    const auto it = pages.find({relation.schema, relation.name});
    if (it == pages.end()) continue;
    const std::string page = from_hex(it->second);
    if (relation.method == "btree") relation.height = btree_height(page);
    if (relation.method == "gin") relation.gin = gin_pages(page);
    if (relation.method == "brin") relation.last_revmap_page = brin_last_revmap_page(page);
  }
  return {};
}

// The start-up cost of an index scan is ceil(log2(tuples)) + 50 * (height + 1) when cpu_operator_cost is 1 and the index is
// read from its beginning (btcostestimate): from it the height follows.
Result<std::optional<int>> Reader::height_by_explain(const Index& index) {
  const auto& relation = out_.relations[index.at];
  PGA_CHECK(connection_.execute("SAVEPOINT height"));
  const auto plan = connection_.query("EXPLAIN (FORMAT JSON) SELECT FROM ONLY " + ident({relation.table_schema, relation.table}) +
                                      (index.predicate.empty() ? "" : " WHERE " + index.predicate) + " ORDER BY " + index.keys);
  PGA_CHECK(connection_.execute(plan ? "RELEASE height" : "ROLLBACK TO height"));
  if (!plan) return std::optional<int>();
  PGA_TRY(const auto tree, sql::parse_json(plan->text(0, 0)));
  const sql::Node* node = tree.items.empty() ? nullptr : tree.items[0].child("Plan");
  while (node != nullptr && node->text("Index Name") != relation.name) {
    const auto* inner = node->child("Plans");
    node = inner == nullptr || inner->items.empty() ? nullptr : &inner->items[0];
  }
  if (node == nullptr) return std::optional<int>();
  const double cost = node->number("Startup Cost");
  const double tuples = std::strtod(relation.tuples.c_str(), nullptr);
  const double descent = tuples > 1 ? std::ceil(std::log2(tuples)) : 0;
  const double height = std::round((cost - descent) / 50) - 1;
  if (height < 0 || height > 20) return std::optional<int>();
  return std::optional(static_cast<int>(height));
}

// A file may be older than memory: where its height is not the only likely one, EXPLAIN decides.
bool only_likely(const RelationStatistics& relation) {
  const long long blocks = relation.blocks.value_or(0);
  return relation.height == height_by_size(blocks, 120) && relation.height == height_by_size(blocks, 400);
}

Status Reader::heights_by_explain(bool superuser) {
  PGA_CHECK(connection_.execute(
      "SAVEPOINT settings; SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off; SET "
      "LOCAL enable_incremental_sort = off; SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL cpu_operator_cost = 1; "
      "SET LOCAL row_security = on"));
  std::vector<std::string> guessed, unread;
  for (const auto& index : indexes_) {
    auto& relation = out_.relations[index.at];
    if (relation.method == "gin" && !superuser) unread.push_back(ident({relation.schema, relation.name}));
    if (relation.method != "btree" || only_likely(relation)) continue;
    std::optional<int> height;
    if (index.readable && index.valid) {
      PGA_TRY(height, height_by_explain(index));
    }
    if (!height && superuser) height = relation.height;
    if (!height) {
      height = height_by_size(relation.blocks.value_or(0));
      guessed.push_back(ident({relation.schema, relation.name}));
    }
    relation.height = height;
  }
  if (!guessed.empty()) out_.unseen.push_back("the heights of these b-trees, taken from their sizes: " + join(guessed, ", "));
  if (!unread.empty())
    out_.unseen.push_back("the counters of these GIN indexes, guessed as the planner does: " + join(unread, ", "));
  return connection_.execute("ROLLBACK TO settings");
}

// A BRIN index has a map of 1360 ranges a page behind its metapage.
void Reader::revmaps() {
  std::map<std::pair<std::string, std::string>, long long> blocks;
  for (const auto& relation : out_.relations) blocks[{relation.schema, relation.name}] = relation.blocks.value_or(0);
  for (const auto& index : indexes_) {
    auto& relation = out_.relations[index.at];
    if (relation.method != "brin" || relation.last_revmap_page) continue;
    relation.last_revmap_page = revmap_pages(blocks[{relation.table_schema, relation.table}], index.pages_per_range);
  }
}

}  // namespace

Result<Statistics> read_statistics(Connection& connection, const ReadStatisticsOptions& options) {
  PGA_CHECK(connection.execute("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = " +
                               std::to_string(options.statement_timeout_ms) +
                               "; SET LOCAL lock_timeout = " + std::to_string(options.lock_timeout_ms)));
  auto out = Reader(connection, options).read();
  const auto ended = connection.execute("ROLLBACK");
  if (!out) return out;
  PGA_CHECK(ended);
  return out;
}

}  // namespace pga::postgres::twin
