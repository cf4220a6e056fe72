// The statistics twin against its source: every field of every node of every plan.
//
//   twin_fidelity "host=… dbname=…" queries.sql [role]
//
// With a role the source is read as that role (SET ROLE). Prints what differs, the sums, and how long the twin took.
#include <fmt/core.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "base/quote.h"
#include "postgres/catalog.h"
#include "postgres/server.h"
#include "postgres/twin/read_statistics.h"
#include "postgres/twin/twin.h"
#include "proof/pipeline.h"
#include "sql/json.h"
#include "workload/workload.h"

namespace {
using namespace pga;
using postgres::Connection;

struct Counts {
  int plans = 0, same_shape = 0, same = 0, numbers = 0, same_numbers = 0;
};

void shape_of(const sql::Node& node, std::string& out) {
  out += node.text("Node Type") + ":" + node.text("Relation Name") + ":" + node.text("Index Name") + "(";
  if (const auto* inner = node.child("Plans"); inner != nullptr) {
    for (const auto& child : inner->items) shape_of(child, out);
  }
  out += ")";
}

void numbers_of(const sql::Node& node, std::vector<std::string>& out) {
  for (const char* name : {"Startup Cost", "Total Cost", "Plan Rows", "Plan Width"}) out.push_back(node.text(name));
  if (const auto* inner = node.child("Plans"); inner != nullptr) {
    for (const auto& child : inner->items) numbers_of(child, out);
  }
}

Status run(const std::string& url, const std::string& file, const std::string& role) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  PGA_TRY(const auto workload, workload::read_any(text.str(), file));
  const auto begin = std::chrono::steady_clock::now();
  const auto seconds = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(); };
  PGA_TRY(auto source, Connection::open(url));
  if (!role.empty()) PGA_CHECK(source.execute("SET ROLE " + ident(role)));
  PGA_TRY(const auto model, postgres::read_catalog(source));
  const double structure = seconds();
  PGA_TRY(const auto statistics, postgres::twin::read_statistics(source));
  const double reading = seconds();
  PGA_TRY(auto server, postgres::Server::start({.major = source.major()}));
  PGA_TRY(const auto database, server.create_database());
  const double started = seconds();
  {
    PGA_TRY(auto connection, Connection::open(server.url(database)));
    PGA_CHECK(proof::build_schema(model, connection));
  }
  const double built = seconds();
  PGA_TRY(auto twin, postgres::twin::Twin::make(server, database, statistics));
  fmt::print(
      "{} relations, {} columns with statistics; {:.2f} s: structure read {:.2f}, statistics read {:.2f}, server {:.2f}, "
      "structure built {:.2f}, "
      "statistics and files {:.2f}\n",
      statistics.relations.size(), statistics.columns.size(), seconds(), structure, reading - structure, started - reading,
      built - started, seconds() - built);
  for (const auto& unseen : statistics.unseen) fmt::print("not seen: {}\n", unseen);
  for (const auto& note : twin.notes()) fmt::print("note: {}\n", note);
  PGA_CHECK(source.execute("RESET ROLE"));
  Counts counts;
  for (const auto& query : workload.queries) {
    const auto rows = source.query("EXPLAIN (VERBOSE, FORMAT JSON) " + query.text);
    const auto here = twin.explain(query.text);
    if (!rows || !here) {
      fmt::print("{}: {}\n", query.name, rows ? here.error().message : rows.error().message);
      continue;
    }
    const auto tree = sql::parse_json(rows->text(0, 0));
    const auto& want = *tree->items[0].child("Plan");
    std::string a, b;
    shape_of(want, a);
    shape_of(*here, b);
    std::vector<std::string> x, y;
    numbers_of(want, x);
    numbers_of(*here, y);
    ++counts.plans;
    counts.same_shape += a == b ? 1 : 0;
    counts.numbers += static_cast<int>(x.size());
    int equal = 0;
    for (size_t i = 0; a == b && i < x.size(); ++i) equal += x[i] == y[i] ? 1 : 0;
    counts.same_numbers += equal;
    counts.same += equal == static_cast<int>(x.size()) ? 1 : 0;
    if (equal != static_cast<int>(x.size()))
      fmt::print("{}: {} of {} numbers, total {} here {}\n", query.name, equal, x.size(), x[1], y[1]);
  }
  fmt::print("PostgreSQL {}: {} of {} plans the same, {} of {} with equal numbers throughout, {} of {} numbers equal\n",
             source.server_version() / 10000, counts.same_shape, counts.plans, counts.same, counts.plans, counts.same_numbers,
             counts.numbers);
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const auto done = run(argv[1], argv[2], argc > 3 ? argv[3] : "");
  if (!done) std::fputs(pga::to_text(done.error()).c_str(), stderr);
  return done ? 0 : 1;
}
