// Proves a plan on a private server (design.md, idea 3): up, compare, down, compare, up again, compare; rows; locks; a workload.
//
//   PGA_TRY(auto report, prove(server, origin, target, plan, {.fill = [](auto& connection) { return fill_rows(connection); }}));
//   if (!report.proven()) …   // report.up.comparison names the object that differs and how
//
// origin and target are databases of the server without sessions; neither is changed. Everything happens on clones that are
// dropped before this returns. A Result that is an error means that the proof could not be made (no server, no disk); a plan that
// is wrong is a Report. Report is a plain value; report.h renders it.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plan/step.h"
#include "postgres/server.h"
#include "proof/execute.h"
#include "proof/judge.h"
#include "proof/rows.h"

namespace pga::proof {

enum class Verdict : uint8_t { proven, failed, not_proven };
std::string_view to_text(Verdict verdict);  // "proven", "failed", "not proven"

struct Judgement {
  std::string question;  // "up reaches the target"
  Verdict verdict = Verdict::not_proven;
  std::string reason;          // one sentence; "" when proven
  Comparison comparison;       // of schemas
  RowComparison rows;          // of rows
  std::optional<Error> error;  // a step that failed
};

struct StepReport {
  bool down = false;
  StepPlace place;
  plan::Phase phase{};
  bool transactional = true;
  std::string object;
  std::string sql;
  StatementFacts facts;
};

struct BrokenQuery {
  std::string query;
  std::string error;  // the server's words
  StepPlace place;    // the step of up after which it does not plan any more
  std::string step;   // the same for people: "section 2, step 3 (column public.users.name)"
  bool back = false;  // it plans again when up is through
};

struct Options {
  // Puts rows into the tables of the clone; without it nothing is proven on rows.
  std::function<Status(postgres::Connection&)> fill;
  std::vector<std::string> workload;  // queries, each one statement
  bool observe = true;                // locks, rewrites, scans of each step
  Renames renames;                    // so that renamed columns are compared too
  JudgeOptions judge;
  // SET statements that give the sessions of the scripts the user's own settings: whether timestamp to timestamptz rewrites
  // depends on TimeZone, what unqualified names mean on search_path.
  std::string session;
};

struct Report {
  std::string server;  // "15.20"
  std::string scope;   // "the 40 of 9,000 objects that the change concerns"; "": the whole schema
  Judgement up, down, up_again, rows_up, rows_down, workload;
  std::vector<StepReport> steps;          // of up, then of down
  std::vector<std::string> empty_tables;  // not proven on rows
  std::vector<BrokenQuery> broken;
  std::vector<std::pair<std::string, std::string>> unplannable;  // queries that do not plan against the origin: and why
  std::vector<std::pair<std::string, double>> durations;         // in milliseconds, in the order in which things were done
  std::vector<const Judgement*> judgements() const;              // in the order of the report
  bool failed() const;                                           // something is wrong
  bool proven() const;  // nothing failed, and up and down are proven; rows and workload may be "not proven"
};

Result<Report> prove(postgres::Server& server, const std::string& origin, const std::string& target, const plan::Plan& plan,
                     const Options& options = {});

}  // namespace pga::proof
