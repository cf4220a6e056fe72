#include "postgres/twin/twin.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

#include "base/quote.h"
#include "base/text.h"
#include "postgres/catalog.h"
#include "postgres/twin/pages.h"
#include "postgres/twin/write_statistics.h"
#include "postgres_embedded.h"
#include "sql/json.h"

namespace pga::postgres::twin {
namespace {

// Where costs are equal, the index with the lower OID wins: the indexes of each table get theirs in the order of the source.
Status order_indexes(Connection& connection, const Statistics& statistics) {
  std::map<Name, size_t> wanted;
  for (size_t i = 0; i < statistics.relations.size(); ++i)
    wanted[{statistics.relations[i].schema, statistics.relations[i].name}] = i;
  PGA_TRY(const auto rows, connection.query(embedded::postgres::twin_queries_twin_relations));
  std::map<long long, std::vector<std::pair<size_t, std::string>>> tables;  // by table: place in the source, OID, ascending
  for (int r = 0; r < rows.size(); ++r) {
    const std::string kind(rows.text(r, 3));
    if (kind != "i" && kind != "I") continue;
    const auto it = wanted.find({std::string(rows.text(r, 1)), std::string(rows.text(r, 2))});
    tables[rows.integer(r, 5)].emplace_back(it == wanted.end() ? SIZE_MAX : it->second, std::string(rows.text(r, 0)));
  }
  std::string moves;
  for (const auto& [table, indexes] : tables) {
    auto sorted = indexes;
    std::ranges::stable_sort(sorted, {}, [](const auto& index) { return index.first; });
    for (size_t i = 0; i < sorted.size(); ++i) {
      if (sorted[i].second != indexes[i].second)
        moves += (moves.empty() ? "(" : ", (") + sorted[i].second + "::oid, " + indexes[i].second + "::oid)";
    }
  }
  if (moves.empty()) return {};
  PGA_CHECK(connection.execute("BEGIN; CREATE TEMP TABLE pga_order (old oid, new oid); INSERT INTO pga_order VALUES " + moves));
  PGA_CHECK(connection.execute(embedded::postgres::twin_queries_twin_renumber));
  return connection.execute("COMMIT");
}

std::string session_settings(const Statistics& statistics) {
  std::string out = "SET client_min_messages = error;";
  for (const auto& setting : statistics.settings)
    out += "SELECT pg_catalog.set_config(" + literal(setting.name) + ", " + literal(setting.value) + ", false);";
  return out;
}

std::string folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

}  // namespace

const TwinTable* Twin::table(const std::string& schema, const std::string& name) const {
  for (const auto& [oid, table] : tables_) {
    if (table.schema == schema && table.name == name) return &table;
  }
  return nullptr;
}

Result<Twin> Twin::make(Server& server, const std::string& database, const Statistics& statistics) {
  if (server.data_folder().empty())
    return fail("twin-needs-private-server", "the statistics twin needs a private server, because it writes its files",
                "leave --server out; --pg-bin names the programs to take");
  if (statistics.major() != server.major())
    return fail("twin-major",
                "the statistics are of PostgreSQL " + std::to_string(statistics.major()) + ", and the server at hand is " +
                    server.version() + ": another planner would answer",
                "name the programs of " + std::to_string(statistics.major()) + " with --pg-bin");
  if (statistics.block_size != kBlock)
    return fail("twin-major", "the source was built with blocks of " + std::to_string(statistics.block_size) + " bytes",
                "only the usual 8192 can be reproduced");
  Twin twin;
  twin.major_ = server.major();
  {
    PGA_TRY(auto first, Connection::open(server.url(database)));
    PGA_CHECK(first.execute("SET search_path = ''; SET client_min_messages = error"));
    PGA_CHECK(order_indexes(first, statistics));
  }
  PGA_TRY(auto connection, Connection::open(server.url(database)));
  PGA_CHECK(
      connection.execute("SET search_path = ''; SET client_min_messages = error; SET session_replication_role = replica; "
                         "SET row_security = off"));
  PGA_TRY(const auto target, read_target(connection));
  PGA_CHECK(connection.execute("BEGIN"));
  PGA_CHECK(connection.execute(embedded::postgres::twin_queries_twin_relax));
  PGA_CHECK(insert_ends(connection, target, statistics, twin.notes_));
  PGA_CHECK(connection.execute(embedded::postgres::twin_queries_twin_restore));
  PGA_CHECK(write_statistics(connection, target, statistics, twin.notes_));
  PGA_CHECK(connection.execute("COMMIT"));
  PGA_CHECK(connection.execute("CHECKPOINT"));

  PGA_TRY(const auto here, connection.query(embedded::postgres::twin_queries_twin_relations));
  std::map<Name, int> rows;
  for (int r = 0; r < here.size(); ++r) rows[{std::string(here.text(r, 1)), std::string(here.text(r, 2))}] = r;
  std::string values;
  for (const auto& relation : statistics.relations) {
    const auto it = rows.find({relation.schema, relation.name});
    if (it == rows.end()) {
      twin.notes_.push_back("the twin lacks " + ident({relation.schema, relation.name}));
      continue;
    }
    const int r = it->second;
    const std::string path(here.text(r, 4));
    std::string file = "0";
    if (!path.empty()) {
      file = twin.next_file();
      const std::string from = server.data_folder() + "/" + path;
      twin.folder_ = folder_of(from);
      PGA_TRY(auto copy, RelationFile::copy(from, twin.folder_ + file));
      if (relation.method == "btree") PGA_CHECK(copy.lift_btree(relation.height.value_or(0)));
      if (relation.method == "gin" && relation.gin) PGA_CHECK(copy.set_gin(*relation.gin));
      if (relation.method == "gin" && !relation.gin) PGA_CHECK(copy.set_gin({}));  // the planner guesses
      if (relation.method == "brin" && relation.last_revmap_page) PGA_CHECK(copy.set_brin(*relation.last_revmap_page));
      PGA_CHECK(copy.extend(relation.blocks.value_or(0)));
    }
    if (relation.kind != 'i' && relation.kind != 'I') {
      TwinTable table{here.integer(r, 0),
                      relation.schema,
                      relation.name,
                      relation.kind,
                      relation.tuples,
                      relation.pages,
                      relation.all_visible,
                      relation.blocks.value_or(0),
                      path.substr(folder_of(path).size()),
                      file};
      twin.tables_.emplace(table.oid, std::move(table));
    }
    values += (values.empty() ? "(" : ", (") + std::string(here.text(r, 0)) + ", " + literal(relation.tuples) + "::float4, " +
              std::to_string(relation.pages) + ", " + std::to_string(relation.all_visible) + ", " + file + "::oid)";
  }
  if (!values.empty()) {
    PGA_CHECK(
        connection.execute("UPDATE pg_catalog.pg_class c SET reltuples = v.tuples, relpages = v.pages, relallvisible = "
                           "v.visible, relfilenode = CASE WHEN v.file = 0 THEN c.relfilenode ELSE v.file END FROM (VALUES " +
                           values + ") v(oid, tuples, pages, visible, file) WHERE c.oid = v.oid"));
  }
  // A new session: nothing of the building is in its caches.
  PGA_TRY(auto fresh, Connection::open(server.url(database)));
  PGA_CHECK(fresh.execute(session_settings(statistics)));
  twin.connection_ = std::make_unique<Connection>(std::move(fresh));
  return twin;
}

Result<sql::Node> Twin::explain(const std::string& query) {
  ++explains_;
  PGA_TRY(const auto rows, connection_->query("EXPLAIN (VERBOSE, FORMAT JSON) " + query));
  PGA_TRY(auto tree, sql::parse_json(rows.text(0, 0)));
  if (tree.items.empty() || tree.items[0].child("Plan") == nullptr)
    return fail("not-a-query", "the statement has no plan", "only SELECT, INSERT, UPDATE, DELETE and MERGE have");
  return *tree.items[0].child("Plan");
}

Result<Twin::Cost> Twin::cost(const std::string& query, const std::string& before) {
  ++explains_;
  PGA_TRY(const auto rows, connection_->execute_rows(before + "EXPLAIN (FORMAT JSON) " + query));
  const std::string_view text = rows.text(0, 0);
  constexpr std::string_view kTotal = "\"Total Cost\": ", kIndex = "\"Index Name\": \"";
  Cost out;
  const size_t total = text.find(kTotal);  // of the topmost node: it is printed before those below it
  if (total == std::string_view::npos) return fail("not-a-query", "the statement has no plan");
  out.total = std::strtod(std::string(text.substr(total + kTotal.size(), 40)).c_str(), nullptr);
  // A condition may hold the same words, but with its quotes escaped.
  for (size_t at = text.find(kIndex); at != std::string_view::npos; at = text.find(kIndex, at + 1)) {
    const size_t from = at + kIndex.size();
    out.indexes.emplace_back(text.substr(from, text.find('"', from) - from));
  }
  return out;
}

}  // namespace pga::postgres::twin
