// --verify: the advised indexes really built and the queries really run, on a database that the user names for it (a scratch
// copy: building takes locks and disk). Everything happens in one transaction that is rolled back.
#pragma once
#include <string>
#include <vector>

#include "advise/advice.h"

namespace pga::app {

struct VerifiedQuery {
  std::string name;
  double before_ms = 0, after_ms = 0;  // the faster of two runs
  long long before_pages = 0, after_pages = 0;
  std::string problem;  // not measured: why
  bool slower() const { return problem.empty() && after_ms > before_ms * 1.1 + 1 && after_pages > before_pages; }
};

struct VerifiedIndex {
  std::string name;
  double estimated = 0, real = 0;  // bytes
  double build_ms = 0;
};

struct Verification {
  std::vector<VerifiedQuery> queries;
  std::vector<VerifiedIndex> indexes;
};

// Errors: those of the server, where an index cannot be built.
Result<Verification> verify(const std::string& url, const advise::Advice& advice);

}  // namespace pga::app
