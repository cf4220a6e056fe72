#include "seed/finish.h"

#include "base/quote.h"
#include "base/text.h"

namespace pga::seed {
namespace {

// Runs a statement in a savepoint: true when it was accepted.
bool attempt(postgres::Connection& connection, const std::string& sql) {
  if (connection.execute("SAVEPOINT pga_finish; " + sql + "; RELEASE pga_finish")) return true;
  (void)connection.execute("ROLLBACK TO pga_finish; RELEASE pga_finish");
  return false;
}

}  // namespace

// Half of the rows get one: of those keys that agree with the columns which had a value before.
void Finish::set_foreign_key(postgres::Connection& connection, const Catalog& catalog, const Table& table, const ForeignKey& key,
                             const ParentKeys& parents, Random& random) {
  std::vector<std::string> fixed;
  std::vector<size_t> fixed_places;
  std::vector<size_t> open_places;
  for (size_t i = 0; i < key.columns.size(); ++i) {
    const Column& column = table.columns[static_cast<size_t>(key.columns[i])];
    (catalog.nullable(column) ? open_places : fixed_places).push_back(i);
    if (!catalog.nullable(column)) fixed.push_back(column.name);
  }
  const std::string columns = fixed.empty() ? "" : ", " + ident_list(fixed);
  const auto rows = connection.execute_rows("SELECT ctid" + columns + " FROM ONLY " + table.name + " ORDER BY ctid LIMIT 200");
  for (int r = 0; rows && r < rows->size(); r += 2) {
    std::vector<const std::vector<std::string>*> fitting;
    for (const auto& tuple : parents.find(key)) {
      bool fits = true;
      for (size_t i = 0; i < fixed_places.size(); ++i) fits &= tuple[fixed_places[i]] == rows->text(r, static_cast<int>(i) + 1);
      if (fits) fitting.push_back(&tuple);
    }
    for (int tries = 0; tries < 4 && !fitting.empty(); ++tries) {
      const auto& tuple = *fitting[random.below(fitting.size())];
      std::string set;
      for (const size_t place : open_places) {
        set += (set.empty() ? "" : ", ") + ident(table.columns[static_cast<size_t>(key.columns[place])].name) + " = " +
               literal(tuple[place]);
      }
      if (attempt(connection,
                  "UPDATE ONLY " + table.name + " SET " + set + " WHERE ctid = " + literal(std::string(rows->text(r, 0)))))
        break;
    }
  }
}

void Finish::delete_orphans(postgres::Connection& connection, const Catalog& catalog, const Table& table) {
  for (const auto& key : table.foreign_keys) {
    const auto target = catalog.tables.find(key.target);
    if (target == catalog.tables.end()) continue;
    std::string given;
    std::string equal;
    for (size_t i = 0; i < key.columns.size(); ++i) {
      const std::string column = "c." + ident(table.columns[static_cast<size_t>(key.columns[i])].name);
      given += (i == 0 ? "" : " AND ") + column + " IS NOT NULL";
      equal += (i == 0 ? "" : " AND ") + column + " = p." + ident(key.target_columns[i]);
    }
    attempt(connection, "SET LOCAL session_replication_role = replica; DELETE FROM ONLY " + table.name + " c WHERE " + given +
                            " AND NOT EXISTS (SELECT FROM " + (target->second.kind == 'p' ? "" : "ONLY ") + target->second.name +
                            " p WHERE " + equal + "); SET LOCAL session_replication_role = origin");
  }
}

// Two fillings give the same rows: what a trigger took from the clock becomes a fixed moment, where constraints allow.
void Finish::stop_the_clock(postgres::Connection& connection, const Catalog& catalog) {
  bool triggers = false;
  for (const auto& [id, table] : catalog.tables) triggers |= table.triggers;
  if (!triggers) return;
  std::string found;
  for (const auto& [id, table] : catalog.tables) {
    if (table.kind != 'r') continue;
    for (const auto& column : table.columns) {
      int modifier = column.modifier;
      const auto& type = catalog.type(catalog.base_of(column.type, modifier)).plain_name;
      if (column.generated || (type != "timestamptz" && type != "timestamp")) continue;
      const std::string name = ident(column.name);
      found += (found.empty() ? "" : " UNION ALL ") + std::string("SELECT ") + literal(table.name) + ", " + literal(name) + ", " +
               std::to_string(table.root) + " WHERE EXISTS (SELECT FROM ONLY " + table.name + " WHERE " + name +
               " BETWEEN now() - interval '1 second' AND clock_timestamp() + interval '1 second')";
    }
  }
  if (found.empty()) return;
  const auto rows = connection.execute_rows(found);
  for (int r = 0; rows && r < rows->size(); ++r) {
    const auto root = catalog.tables.find(static_cast<Oid>(rows->integer(r, 2)));
    const std::string table = root == catalog.tables.end() ? "ONLY " + std::string(rows->text(r, 0)) : root->second.name;
    const std::string column(rows->text(r, 1));
    attempt(connection, "SET LOCAL session_replication_role = replica; UPDATE " + table + " SET " + column +
                            " = '2024-06-01 12:00:00+00' WHERE " + column +
                            " BETWEEN now() - interval '1 second' AND "
                            "clock_timestamp() + interval '1 second'; SET LOCAL session_replication_role = origin");
  }
}

void Finish::run(postgres::Connection& connection, const Catalog& catalog, const ParentKeys& parents, uint64_t seed) const {
  for (const auto& [id, place] : later_) {
    const Table& table = catalog.tables.at(id);
    Random random(seed, table.name);
    set_foreign_key(connection, catalog, table, table.foreign_keys[place], parents, random);
  }
  // Rows that lose their parents can be parents themselves.
  for (size_t pass = 0; pass < unchecked_.size(); ++pass) {
    for (const Oid id : unchecked_) delete_orphans(connection, catalog, catalog.tables.at(id));
  }
  for (const auto& [id, column] : sequences_) {
    const Table& table = catalog.tables.at(id);
    attempt(connection, "SELECT setval(s, (SELECT greatest(max(" + ident(column) + ")::bigint, 1) FROM " + table.name +
                            ")) FROM pg_get_serial_sequence(" + literal(table.name) + ", " + literal(column) +
                            ") s WHERE s IS NOT NULL AND EXISTS (SELECT FROM " + table.name + ")");
  }
  stop_the_clock(connection, catalog);
}

Result<std::map<Oid, long long>> count_rows(postgres::Connection& connection, const Catalog& catalog) {
  std::map<Oid, long long> out;
  std::string sql;
  for (const auto& [id, table] : catalog.tables) {
    if (table.kind == 'f') continue;
    sql += (sql.empty() ? "" : " UNION ALL ") + std::string("SELECT ") + std::to_string(id) + ", count(*) FROM " +
           (table.kind == 'p' ? "" : "ONLY ") + table.name;
  }
  if (sql.empty()) return out;
  PGA_TRY(const auto rows, connection.execute_rows(sql));
  for (int r = 0; r < rows.size(); ++r) out[static_cast<Oid>(rows.integer(r, 0))] = rows.integer(r, 1);
  return out;
}

}  // namespace pga::seed
