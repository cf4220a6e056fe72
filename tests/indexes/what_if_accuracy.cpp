// How exact what-if answers are: candidate indexes on the twin against the same indexes really built on the source, and beside
// them hypopg where the server has it. Reads and writes the database that is named (it builds and drops indexes there): a scratch
// copy.
//
//   what_if_accuracy "host=… dbname=…" queries.sql [most]
//
// For each candidate that the planner takes for its query: size and cost by formula, with the true size, and by hypopg, against
// the truth. One line each, and the sums.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "advise/candidates.h"
#include "advise/plan_text.h"
#include "base/quote.h"
#include "base/text.h"
#include "postgres/catalog.h"
#include "postgres/server.h"
#include "postgres/twin/pages.h"
#include "postgres/twin/read_statistics.h"
#include "postgres/twin/what_if.h"
#include "proof/pipeline.h"
#include "sql/json.h"
#include "workload/workload.h"

namespace {
using namespace pga;
using postgres::Connection;
using postgres::twin::Twin;
using postgres::twin::WhatIf;

struct Answer {
  double cost = 0;
  std::string shape;
};

// Node types and names of relations, not those of indexes.
void shape_of(const sql::Node& node, std::string& out) {
  out += node.text("Node Type") + ":" + node.text("Relation Name") + "(";
  if (const auto* inner = node.child("Plans"); inner != nullptr) {
    for (const auto& child : inner->items) shape_of(child, out);
  }
  out += ")";
}

Result<Answer> ask(Connection& connection, const std::string& query) {
  PGA_TRY(const auto rows, connection.query("EXPLAIN (FORMAT JSON) " + query));
  PGA_TRY(const auto tree, sql::parse_json(rows.text(0, 0)));
  Answer out;
  out.cost = tree.items[0].child("Plan")->number("Total Cost");
  shape_of(*tree.items[0].child("Plan"), out.shape);
  return out;
}

struct Score {
  int pairs = 0, same = 0, exact = 0;
  double sum = 0, most = 0;
  void add(const Answer& have, const Answer& want) {
    ++pairs;
    same += have.shape == want.shape ? 1 : 0;
    const double error = std::abs(have.cost - want.cost) / want.cost;
    exact += error < 1e-9 ? 1 : 0;
    sum += error;
    most = std::max(most, error);
  }
  void print(const char* name) const {
    fmt::print("{:<22} {:>5} pairs {:>5} same plan {:>5} exact cost, mean error {:.3f} %, most {:.2f} %\n", name, pairs, same,
               exact, pairs == 0 ? 0 : 100 * sum / pairs, 100 * most);
  }
};

Status run(const std::string& url, const std::string& file, size_t most) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  PGA_TRY(const auto workload, workload::read_any(text.str(), file));
  PGA_TRY(auto source, Connection::open(url));
  PGA_CHECK(source.execute("CHECKPOINT"));
  PGA_TRY(const auto statistics, postgres::twin::read_statistics(source));
  PGA_TRY(const auto model, postgres::read_catalog(source));
  PGA_TRY(auto server, postgres::Server::start({.major = source.major()}));
  PGA_TRY(const auto database, server.create_database());
  {
    PGA_TRY(auto connection, Connection::open(server.url(database)));
    PGA_CHECK(proof::build_schema(model, connection));
  }
  PGA_TRY(auto twin, Twin::make(server, database, statistics));
  WhatIf what_if(twin);
  PGA_TRY(auto catalog, advise::Catalog::read(twin, statistics));
  for (const auto& setting : statistics.settings) {
    if (setting.name != "search_path") (void)source.execute("SET " + ident(setting.name) + " = " + literal(setting.value));
  }
  const bool hypopg = source.execute("CREATE EXTENSION IF NOT EXISTS hypopg").has_value();
  struct Pair {
    int number;
    std::string query;
    Answer by_formula;
  };
  std::vector<Pair> pairs;
  std::map<std::string, int> by_method;
  for (const auto& query : workload.queries) {
    auto plan = twin.explain(query.text);
    if (!plan) {
      fmt::print("not planned: {}: {}\n", query.name, plan.error().message);
      continue;
    }
    const auto accesses = advise::accesses_of(*plan, catalog.parents());
    const auto stable = advise::stable_predicates({accesses}, catalog);
    for (const auto& access : accesses) {
      std::vector<postgres::twin::IndexDefinition> definitions;
      for (const auto& one : advise::candidates_of(access, catalog, stable, {})) definitions.push_back(one.definition);
      PGA_TRY(const auto numbers, what_if.create(definitions));
      PGA_TRY(const auto plain, ask(twin.connection(), query.text));
      for (const auto& number : numbers) {
        if (!number || what_if.index(*number).oids.size() != 1) continue;
        PGA_CHECK(what_if.show({*number}));
        PGA_TRY(const auto with, ask(twin.connection(), query.text));
        const auto& method = what_if.index(*number).definition.method;
        if (with.cost >= plain.cost * 0.9999 || (method == "btree" && by_method[method] >= static_cast<int>(most))) continue;
        ++by_method[method];
        pairs.push_back({*number, query.text, with});
      }
      PGA_CHECK(what_if.show({}));
    }
  }
  Score formula, true_size, hypothetical;
  double btree_size = 0, btree_most = 0;
  int btrees = 0, refused = 0;
  for (auto& pair : pairs) {
    const auto& index = what_if.index(pair.number);
    const std::string before_tuples = "SELECT relpages, reltuples, relallvisible FROM pg_class WHERE oid = " +
                                      literal(ident({index.definition.schema, index.definition.table})) + "::regclass";
    PGA_TRY(const auto kept, source.query(before_tuples));
    PGA_CHECK(source.execute(index.definition.sql("pga_truth")));
    // CREATE INDEX counts the rows anew; the comparison is about the index.
    PGA_CHECK(source.execute("UPDATE pg_class SET relpages = " + std::string(kept.text(0, 0)) + ", reltuples = " +
                             std::string(kept.text(0, 1)) + "::float4, relallvisible = " + std::string(kept.text(0, 2)) +
                             " WHERE oid = " + literal(ident({index.definition.schema, index.definition.table})) + "::regclass"));
    PGA_CHECK(source.execute("CHECKPOINT"));
    PGA_TRY(const auto truth, ask(source, pair.query));
    PGA_TRY(const auto size,
            source.query("SELECT relpages, reltuples, encode(pg_read_binary_file(pg_relation_filepath(oid), 0, 128), 'hex') FROM "
                         "pg_class WHERE relname = 'pga_truth'"));
    const auto page = postgres::twin::from_hex(size.text(0, 2));
    postgres::twin::SizeEstimate real;
    real.blocks = size.integer(0, 0);
    real.rows = std::strtod(std::string(size.text(0, 1)).c_str(), nullptr);
    real.height = postgres::twin::btree_height(page).value_or(0);
    const double ratio = static_cast<double>(index.size.blocks) / static_cast<double>(real.blocks);
    const auto gin = index.definition.method == "gin" ? postgres::twin::gin_pages(page) : std::nullopt;
    PGA_CHECK(source.execute("DROP INDEX " + ident({index.definition.schema, "pga_truth"})));
    fmt::print("{:<7} pages {:>7} true {:>7} ({:.2f})  cost {:>12.2f} true {:>12.2f}  {}\n", index.definition.method,
               index.size.blocks, real.blocks, ratio, pair.by_formula.cost, truth.cost, index.definition.sql().substr(0, 150));
    formula.add(pair.by_formula, truth);
    if (index.definition.method == "btree") {
      ++btrees;
      btree_size += std::abs(ratio - 1);
      btree_most = std::max(btree_most, std::abs(ratio - 1));
    }
    PGA_CHECK(what_if.set_size(pair.number, real, gin));
    PGA_CHECK(what_if.show({pair.number}));
    PGA_TRY(const auto exact, ask(twin.connection(), pair.query));
    PGA_CHECK(what_if.show({}));
    true_size.add(exact, truth);
    if (exact.cost != truth.cost) fmt::print("        with the true size {:.2f}\n", exact.cost);
    if (!hypopg) continue;
    (void)source.execute("SELECT hypopg_reset()");
    if (source.query("SELECT * FROM hypopg_create_index($1)", {index.definition.sql()})) {
      PGA_TRY(const auto guess, ask(source, pair.query));
      hypothetical.add(guess, truth);
    } else {
      ++refused;
    }
    (void)source.execute("SELECT hypopg_reset()");
  }
  fmt::print("\n");
  for (const auto& [method, count] : by_method) fmt::print("{} {}  ", method, count);
  fmt::print("\nb-tree sizes: mean error {:.2f} %, most {:.1f} %\n", btrees == 0 ? 0 : 100 * btree_size / btrees,
             100 * btree_most);
  formula.print("twin, size by formula");
  true_size.print("twin, true size");
  if (hypopg) {
    hypothetical.print("hypopg");
    fmt::print("hypopg refused {}\n", refused);
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const auto done = run(argv[1], argv[2], argc > 3 ? std::stoul(argv[3]) : 1000);
  if (!done) std::fputs(pga::to_text(done.error()).c_str(), stderr);
  return done ? 0 : 1;
}
