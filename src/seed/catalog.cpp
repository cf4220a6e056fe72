#include "seed/catalog.h"

#include <algorithm>

#include "base/text.h"
#include "postgres/catalog.h"
#include "seed_embedded.h"

namespace pga::seed {
namespace {

using postgres::Rows;

Oid oid(const Rows& rows, int row, std::string_view column) {
  return static_cast<Oid>(rows.integer(row, rows.column(column)));
}
std::string text(const Rows& rows, int row, std::string_view column) {
  return std::string(rows.text(row, rows.column(column)));
}
bool flag(const Rows& rows, int row, std::string_view column) {
  return rows.flag(row, rows.column(column));
}
char letter(const Rows& rows, int row, std::string_view column) {
  const auto value = rows.text(row, rows.column(column));
  return value.empty() ? ' ' : value[0];
}
std::vector<int> numbers(const Rows& rows, int row, std::string_view column) {
  std::vector<int> out;
  for (const auto& item : parse_pg_array(text(rows, row, column))) out.push_back(std::atoi(item.c_str()));
  return out;
}

void add_column(Table& table, const Rows& rows, int r) {
  Column column;
  column.number = static_cast<int>(rows.integer(r, rows.column("attnum")));
  column.name = text(rows, r, "attname");
  column.type = oid(rows, r, "atttypid");
  column.modifier = static_cast<int>(rows.integer(r, rows.column("atttypmod")));
  column.not_null = flag(rows, r, "attnotnull");
  column.generated = letter(rows, r, "attgenerated") != ' ';
  column.identity_always = letter(rows, r, "attidentity") == 'a';
  column.expression = text(rows, r, "expression");
  column.sequence = letter(rows, r, "attidentity") != ' ' || (!column.generated && column.expression.starts_with("nextval("));
  column.indexed = flag(rows, r, "indexed");
  table.columns.push_back(std::move(column));
}

void add_tables(Catalog& catalog, const Rows& rows) {
  for (int r = 0; r < rows.size(); ++r) {
    const Oid id = oid(rows, r, "relation");
    auto [it, fresh] = catalog.tables.try_emplace(id);
    Table& table = it->second;
    if (fresh) {
      table.oid = id;
      table.schema = text(rows, r, "nspname");
      table.plain_name = text(rows, r, "relname");
      table.name = text(rows, r, "name");
      table.kind = letter(rows, r, "relkind");
      table.root = oid(rows, r, "root");
      table.partition_of = oid(rows, r, "partition_of");
      table.triggers = flag(rows, r, "triggers");
      const auto bounds = text(rows, r, "partition_constraint");
      if (!bounds.empty()) table.checks.push_back({"", bounds, true, {}, {}, {}});
    }
    if (!rows.is_null(r, rows.column("attnum"))) add_column(table, rows, r);
  }
}

void add_types(Catalog& catalog, const Rows& rows) {
  for (int r = 0; r < rows.size(); ++r) {
    Type type;
    type.name = text(rows, r, "name");
    type.plain_name = text(rows, r, "typname");
    type.type = letter(rows, r, "typtype");
    type.category = letter(rows, r, "typcategory");
    type.built_in = flag(rows, r, "built_in");
    type.not_null = flag(rows, r, "typnotnull");
    type.base = oid(rows, r, "typbasetype");
    type.modifier = static_cast<int>(rows.integer(r, rows.column("typtypmod")));
    type.element = oid(rows, r, "element");
    type.subtype = oid(rows, r, "subtype");
    type.labels = parse_pg_array(text(rows, r, "labels"));
    for (const auto& item : parse_pg_array(text(rows, r, "attribute_types"))) {
      type.attributes.push_back(static_cast<Oid>(std::strtoul(item.c_str(), nullptr, 10)));
    }
    type.attribute_modifiers = numbers(rows, r, "attribute_modifiers");
    catalog.types.emplace(oid(rows, r, "oid"), std::move(type));
  }
}

void add_checks(Catalog& catalog, const Rows& rows) {
  for (int r = 0; r < rows.size(); ++r) {
    Check check{text(rows, r, "conname"), text(rows, r, "expression"), false, {}, {}, {}};
    if (const auto table = catalog.tables.find(oid(rows, r, "relation")); table != catalog.tables.end()) {
      table->second.checks.push_back(std::move(check));
    } else if (const auto type = catalog.types.find(oid(rows, r, "type")); type != catalog.types.end()) {
      type->second.checks.push_back(std::move(check));
    }
  }
}

std::vector<int> positions(const Table& table, const std::vector<int>& attributes) {
  std::vector<int> out;
  for (const int number : attributes) {
    if (const int at = table.position(number); at >= 0) out.push_back(at);
  }
  return out;
}

void add_keys(Catalog& catalog, const Rows& rows) {
  for (int r = 0; r < rows.size(); ++r) {
    const auto table = catalog.tables.find(oid(rows, r, "relation"));
    if (table == catalog.tables.end()) continue;
    Key key{text(rows, r, "relname"), positions(table->second, numbers(rows, r, "columns")), flag(rows, r, "plain"),
            flag(rows, r, "nulls_not_distinct")};
    for (const int at : key.columns) table->second.columns[static_cast<size_t>(at)].unique = true;
    table->second.keys.push_back(std::move(key));
  }
}

void add_foreign_keys(Catalog& catalog, const Rows& rows) {
  for (int r = 0; r < rows.size(); ++r) {
    const auto table = catalog.tables.find(oid(rows, r, "relation"));
    if (table == catalog.tables.end()) continue;
    ForeignKey key;
    key.name = text(rows, r, "conname");
    key.qualified = text(rows, r, "name");
    key.columns = positions(table->second, numbers(rows, r, "columns"));
    key.target = oid(rows, r, "target");
    key.target_columns = parse_pg_array(text(rows, r, "target_columns"));
    key.deferrable = flag(rows, r, "condeferrable");
    key.match_full = flag(rows, r, "match_full");
    table->second.foreign_keys.push_back(std::move(key));
  }
}

std::vector<int> named_columns(const Table& table, const Hints& hints) {
  std::vector<int> out;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const bool named = std::ranges::find(hints.columns, table.columns[i].name) != hints.columns.end();
    if (named || !hints.parsed || hints.whole_row) out.push_back(static_cast<int>(i));
  }
  return out;
}

// Which columns a check reads: from its text. One that cannot be parsed here may read any.
void find_columns(Table& table, const std::map<int, Hints>& generated) {
  for (auto& check : table.checks) {
    check.columns = named_columns(table, check.hints);
    for (const int column : check.columns) {
      const auto made_of = generated.find(column);
      if (made_of == generated.end()) {
        check.deciding.insert(column);
      } else {
        const auto sources = named_columns(table, made_of->second);
        check.deciding.insert(sources.begin(), sources.end());
      }
    }
    std::erase_if(check.deciding, [&](int column) { return table.columns[static_cast<size_t>(column)].generated; });
  }
}

// All expressions in one parse: it costs a thread.
void read_expressions(Catalog& catalog) {
  std::vector<std::string> texts;
  std::vector<Check*> checks;
  for (auto& [id, table] : catalog.tables) {
    for (auto& check : table.checks) checks.push_back(&check);
  }
  for (auto& [id, type] : catalog.types) {
    for (auto& check : type.checks) checks.push_back(&check);
  }
  for (const auto* check : checks) texts.push_back(check->expression);
  std::vector<std::pair<Oid, int>> generated;
  for (const auto& [id, table] : catalog.tables) {
    for (size_t i = 0; i < table.columns.size() && !table.checks.empty(); ++i) {
      if (!table.columns[i].generated) continue;
      generated.emplace_back(id, static_cast<int>(i));
      texts.push_back(table.columns[i].expression);
    }
  }
  auto hints = hints_of(texts);
  for (size_t i = 0; i < checks.size(); ++i) checks[i]->hints = std::move(hints[i]);
  std::map<Oid, std::map<int, Hints>> by_table;
  for (size_t i = 0; i < generated.size(); ++i)
    by_table[generated[i].first][generated[i].second] = std::move(hints[checks.size() + i]);
  for (auto& [id, table] : catalog.tables) find_columns(table, by_table[id]);
}

}  // namespace

int Table::position(std::string_view column) const {
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == column) return static_cast<int>(i);
  }
  return -1;
}

int Table::position(int number) const {
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].number == number) return static_cast<int>(i);
  }
  return -1;
}

const Type& Catalog::type(Oid oid) const {
  static const Type unknown;
  const auto it = types.find(oid);
  return it == types.end() ? unknown : it->second;
}

Oid Catalog::base_of(Oid oid, int& modifier) const {
  for (const Type* at = &type(oid); at->type == 'd'; at = &type(oid)) {
    oid = at->base;
    if (at->modifier != -1) modifier = at->modifier;
  }
  return oid;
}

bool Catalog::nullable(const Column& column) const {
  if (column.not_null) return false;
  for (const Type* at = &type(column.type); at->type == 'd'; at = &type(at->base)) {
    if (at->not_null) return false;
  }
  return true;
}

Result<Catalog> read_tables(postgres::Connection& connection) {
  std::vector<std::string> queries;
  for (const auto query : {embedded::seed::queries_columns, embedded::seed::queries_types, embedded::seed::queries_checks,
                           embedded::seed::queries_keys, embedded::seed::queries_foreign_keys}) {
    queries.push_back(postgres::expand_query(query, connection.major(), ""));
  }
  PGA_TRY(const auto results, connection.pipeline(queries));
  Catalog catalog;
  add_tables(catalog, results[0]);
  add_types(catalog, results[1]);
  add_checks(catalog, results[2]);
  add_keys(catalog, results[3]);
  add_foreign_keys(catalog, results[4]);
  read_expressions(catalog);
  return catalog;
}

}  // namespace pga::seed
