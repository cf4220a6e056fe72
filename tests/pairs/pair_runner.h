// Runs one pair of schemas through the whole line: load, plan, up, compare with the target by pg_dump, a second plan is empty,
// down, compare with the origin; where there are rows, they are compared by checksums of our own queries. Used by the corpus of
// transitions, the random pairs and the named cases.
#pragma once
#include <string>
#include <vector>

#include "postgres/server.h"
#include "proof/pipeline.h"

namespace pga::testing {

struct PairOptions {
  bool online = true;
  bool discard = false;
  bool down = true;
  std::string rows;              // SQL that is run in the copy of the origin before the plan (rows for it)
  bool fill = false;             // rows that fit both sides, made by seed/
  bool part = false;             // also planned from the part that the change concerns: the same plan
  bool quick = false;            // judged by the catalog queries of proof/judge instead of pg_dump
  std::string origin, target;    // schema_text of both sides, when the caller has it already
  std::string question, answer;  // a query of one value that is asked after up, and what it must give
};

struct PairResult {
  enum class Verdict { same, same_but_for_column_order, skipped, failed };
  Verdict verdict = Verdict::failed;
  std::string why;            // of skipped and failed
  std::string difference;     // of the dumps
  std::string script;         // up and down, for people
  int tables_with_rows = 0;   // of the origin, when up began
  bool rows_refused = false;  // the server refused the new schema for what is in the rows
  bool good() const { return verdict == Verdict::same || verdict == Verdict::same_but_for_column_order; }
};

// Both sides loaded once, so that both directions can be tried.
struct LoadedPair {
  source::Loaded from, to;
};
Result<source::Loaded> load_text(postgres::Server& server, const std::string& sql, const std::string& name);
PairResult run_pair(postgres::Server& server, const source::Loaded& from, const source::Loaded& to,
                    const PairOptions& options = {});

// Runs a script as the runner would, without its history.
Status run_steps(postgres::Connection& connection, const plan::Script& script);
std::string script_text(const plan::Script& script);
// pg_dump -s without version lines and without the schemas of pgarchitect; of majors that pg_dump is too old for, a text of our
// own independent catalog queries.
std::string schema_text(postgres::Server& server, const std::string& database);
// The texts are the same when the columns of each table are taken as a set.
bool same_but_for_order(const std::string& a, const std::string& b);
std::string first_differences(const std::string& a, const std::string& b, size_t most = 12);

}  // namespace pga::testing
