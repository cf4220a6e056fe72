#include "pairs/schema_trip.h"

#include <set>

#include "base/quote.h"
#include "base/text.h"
#include "cli/app/session.h"
#include "pairs/pair_runner.h"
#include "plan/planner.h"
#include "postgres/catalog.h"
#include "proof/judge.h"
#include "proof/prove.h"
#include "support.h"

namespace pga::testing {
namespace {

using postgres::Connection;

Result<source::Loaded> read(postgres::Server& server, const std::string& database) {
  PGA_TRY(auto connection, Connection::open(server.url(database)));
  postgres::ReadOptions options;
  options.default_owner = server.superuser();
  source::Loaded out;
  PGA_TRY(out.model, postgres::read_catalog(connection, options));
  out.database = database;
  return out;
}

Result<std::string> inspected(const schema::Database& model) {
  PGA_TRY(const auto blocks, plan::describe_schema(app::empty_database(model.version), model));
  std::string out;
  for (const auto& block : blocks) {
    for (const auto& statement : block.statements) out += statement + ";\n";
    out += "\n";
  }
  return out;
}

std::string differing_lines(const std::string& before, const std::string& after) {
  const auto had = split(before, '\n'), has = split(after, '\n');
  const std::set<std::string> left(had.begin(), had.end()), right(has.begin(), has.end());
  std::string out;
  for (const auto& line : left) out += right.contains(line) ? "" : "-" + line + "\n";
  for (const auto& line : right) out += left.contains(line) ? "" : "+" + line + "\n";
  return out.empty() ? "the order of the statements differs\n" : out;
}

std::string in_words(const std::vector<proof::Difference>& differences) {
  std::string out;
  for (const auto& difference : differences) out += difference.object + "\n" + proof::to_text(difference) + "\n";
  return out;
}

// Of the lines `ERROR:  role "x" does not exist`.
std::set<std::string> missing_roles(const std::string& errors) {
  std::set<std::string> out;
  constexpr std::string_view kHead = "ERROR:  role \"", kTail = "\" does not exist";
  for (const auto& line : split(errors, '\n')) {
    const size_t at = line.find(kHead), end = line.rfind(kTail);
    if (at != std::string::npos && end != std::string::npos && end > at)
      out.insert(line.substr(at + kHead.size(), end - at - kHead.size()));
  }
  return out;
}

class Trip {
 public:
  Trip(postgres::Server& server, const TripOptions& options) : server_(server), options_(options) {}
  ~Trip() {
    for (const auto& name : names_) (void)server_.drop_database(name);
  }

  TripResult run(const std::string& sql, const std::string& file) {
    auto loaded = load(sql, file, result_.refused);
    if (!loaded) {
      failed(to_text(loaded.error()));
      result_.verdict = TripResult::Verdict::not_loaded;
      return result_;
    }
    names_.push_back(loaded->database);
    result_.objects = loaded->model.objects.size();
    if (!loaded->model.unmodelled.empty()) {
      failed("objects of kinds that are not described", join(loaded->model.unmodelled, "\n"));
    } else if (inspect_twice(*loaded) && (!options_.prove || there_and_back(*loaded))) {
      result_.verdict = TripResult::Verdict::good;
    }
    return result_;
  }

 private:
  bool failed(std::string why, std::string detail = {}) {
    result_.verdict = TripResult::Verdict::failed;
    result_.why = std::move(why);
    result_.detail = std::move(detail);
    return false;
  }
  bool failed(const std::string& where, const Error& error) { return failed(where + ": " + to_text(error), error.detail); }
  Result<source::Loaded> load(const std::string& sql, const std::string& file, std::string& refused);
  bool inspect_twice(const source::Loaded& loaded);
  bool there_and_back(const source::Loaded& loaded);

  postgres::Server& server_;
  TripOptions options_;
  std::vector<std::string> names_;
  TripResult result_;
};

Result<source::Loaded> Trip::load(const std::string& sql, const std::string& file, std::string& refused) {
  if (!options_.by_psql) return load_text(server_, sql, file);
  PGA_TRY(const auto name, server_.create_database());
  names_.push_back(name);
  refused = psql(server_, name, sql);
  const auto roles = missing_roles(refused);
  if (roles.empty()) return read(server_, name);
  {
    PGA_TRY(auto connection, Connection::open(server_.url(name)));
    for (const auto& role : roles) PGA_CHECK(connection.execute("CREATE ROLE " + ident(role)));
  }
  return load(sql, file, refused);
}

bool Trip::inspect_twice(const source::Loaded& loaded) {
  const auto text = inspected(loaded.model);
  if (!text) return failed("inspect", text.error());
  std::string refused;
  const auto again = load(*text, "inspected.sql", refused);
  if (!again) return failed("what inspect printed does not load", again.error());
  if (!refused.empty()) return failed("what inspect printed does not load", refused);
  names_.push_back(again->database);
  const auto second = inspected(again->model);
  if (!second) return failed("second inspect", second.error());
  if (*text != *second) return failed("the second inspect differs", differing_lines(*text, *second));
  const auto found = proof::snapshot(server_, again->database), wanted = proof::snapshot(server_, loaded.database);
  if (!found || !wanted) return failed("judge", found ? wanted.error() : found.error());
  const auto comparison = proof::compare(*found, *wanted);
  result_.observer = comparison.observer;
  if (!comparison.identical() || !comparison.column_order.empty())
    return failed(comparison.observer + " tells them apart", in_words(comparison.differences));
  // The whole text of pg_dump as well, not only object by object; objects that do not need each other may stand in another order.
  if (const auto a = pg_dump(server_, again->database), b = pg_dump(server_, loaded.database);
      a && b && !same_but_for_order(*a, *b))
    return failed("the dumps differ", first_differences(*a, *b));
  return true;
}

bool Trip::there_and_back(const source::Loaded& loaded) {
  const auto name = server_.create_database();
  if (!name) return failed("no database", name.error());
  names_.push_back(*name);
  const auto nothing = read(server_, *name);
  if (!nothing) return failed("an empty database", nothing.error());
  const auto made = proof::make_plan(server_, *nothing, loaded, {});
  if (!made) return failed("no plan", made.error());
  proof::Options options;
  options.observe = false;
  const auto report = proof::prove(server_, *name, loaded.database, made->plan, options);
  if (!report) return failed("proof", report.error());
  for (const auto* judgement : {&report->up, &report->down, &report->up_again}) {
    if (judgement->verdict == proof::Verdict::proven) continue;
    const std::string error = judgement->error ? to_text(*judgement->error) + "\n" + judgement->error->detail + "\n" : "";
    return failed(judgement->question + ": " + judgement->reason, error + in_words(judgement->comparison.differences));
  }
  return true;
}

}  // namespace

TripResult round_trip(postgres::Server& server, const std::string& sql, const std::string& file, const TripOptions& options) {
  return Trip(server, options).run(sql, file);
}

}  // namespace pga::testing
