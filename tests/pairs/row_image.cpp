#include "pairs/row_image.h"

namespace pga::testing {

Result<TableColumns> table_columns(postgres::Connection& connection) {
  PGA_TRY(const auto rows,
          connection.query("SELECT format('%I.%I', n.nspname, c.relname), quote_ident(a.attname), "
                           "pg_catalog.format_type(a.atttypid, a.atttypmod) || "
                           // a row type with its columns: another one is another type
                           "coalesce((SELECT string_agg(format('%I %s', f.attname, f.atttypid::regtype), ',' ORDER BY f.attnum) "
                           "FROM pg_catalog.pg_type t JOIN pg_catalog.pg_type e "
                           "ON e.oid = CASE WHEN t.typcategory = 'A' THEN t.typelem ELSE t.oid END "
                           "JOIN pg_catalog.pg_attribute f ON f.attrelid = e.typrelid AND f.attnum > 0 AND NOT f.attisdropped "
                           "WHERE t.oid = a.atttypid), '') || "
                           // a domain with what it stands on
                           "coalesce((SELECT ' ' || pg_catalog.format_type(e.typbasetype, e.typtypmod) FROM pg_catalog.pg_type t "
                           "JOIN pg_catalog.pg_type e ON e.oid = CASE WHEN t.typcategory = 'A' THEN t.typelem ELSE t.oid END "
                           "WHERE t.oid = a.atttypid AND e.typtype = 'd'), '') FROM pg_catalog.pg_class c "
                           "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
                           "JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid "
                           "WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' "
                           "AND n.nspname !~ '^(pg_|pgarchitect|information_schema)' ORDER BY 1, 2"));
  TableColumns out;
  for (int r = 0; r < rows.size(); ++r) {
    out[std::string(rows.text(r, 0))][std::string(rows.text(r, 1))] = std::string(rows.text(r, 2));
  }
  return out;
}

Result<std::map<std::string, std::vector<std::string>>> partitions(postgres::Connection& connection) {
  PGA_TRY(const auto rows,
          connection.query("SELECT format('%I.%I', n.nspname, c.relname), format('%I.%I', m.nspname, p.relname) "
                           "FROM pg_catalog.pg_class p JOIN pg_catalog.pg_namespace m ON m.oid = p.relnamespace, "
                           "pg_catalog.pg_partition_ancestors(p.oid) AS a JOIN pg_catalog.pg_class c ON c.oid = a.relid "
                           "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
                           "WHERE p.relispartition AND p.relkind = 'r' AND c.oid <> p.oid ORDER BY 1, 2"));
  std::map<std::string, std::vector<std::string>> out;
  for (int r = 0; r < rows.size(); ++r) out[std::string(rows.text(r, 0))].emplace_back(rows.text(r, 1));
  return out;
}

TableColumns common_columns(const TableColumns& a, const TableColumns& b) {
  TableColumns out;
  for (const auto& [table, columns] : a) {
    const auto other = b.find(table);
    if (other == b.end()) continue;
    auto& common = out[table];
    for (const auto& [name, type] : columns) {
      const auto it = other->second.find(name);
      if (it != other->second.end() && it->second == type) common.emplace(name, type);
    }
  }
  return out;
}

Result<RowImage> row_image(postgres::Connection& connection, const TableColumns& columns) {
  RowImage out;
  for (const auto& [table, chosen] : columns) {
    PGA_TRY(const auto found, connection.query("SELECT relkind FROM pg_catalog.pg_class WHERE oid = to_regclass($1)", {table}));
    if (found.size() == 0) continue;
    std::string list = "''::text";
    for (const auto& [name, type] : chosen) list += ", t." + name + "::text";
    // Rows of tables below are theirs, but a partitioned table shows those of its partitions.
    const std::string from = (found.text(0, 0) == "p" ? "" : "ONLY ") + table;
    PGA_TRY(const auto sum, connection.query("SELECT count(*) || ' rows ' || md5(coalesce(string_agg(x, E'\\n' ORDER BY x "
                                             "COLLATE \"C\"), '')) FROM (SELECT ROW(" +
                                             list + ")::text AS x FROM " + from + " AS t) AS s"));
    out.emplace(table, std::string(sum.text(0, 0)));
  }
  return out;
}

std::string lost_rows(const RowImage& before, const RowImage& after) {
  std::string out;
  for (const auto& [table, image] : before) {
    const auto it = after.find(table);
    if (it != after.end() && it->second == image) continue;
    out += table + ": " + image + ", then " + (it == after.end() ? std::string("no such table") : it->second) + "\n";
  }
  return out;
}

}  // namespace pga::testing
