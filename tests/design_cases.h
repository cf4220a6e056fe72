// A design, judged by the rows that its schema takes and refuses.
#pragma once
#include <map>
#include <string>
#include <vector>

namespace pga::testing {

struct Refused {
  std::string sql, constraint;  // what the server's message must name
};
struct Planned {
  std::string query, index;  // the index that the plan must use
};

struct DesignCase {
  std::string name;
  std::string request;
  std::string before;  // the schema at hand; "" an empty one
  std::string rows;    // what the probes stand on
  std::vector<std::string> accepted;
  std::vector<Refused> refused;
  std::vector<Planned> plans;
  std::map<std::string, std::string> answers = {};  // where another answer than the recommended one is tried
};

// One list a family of patterns: tests/design_cases_<family>.cpp.
std::vector<DesignCase> design_cases_mission();
std::vector<DesignCase> design_cases_commerce();
std::vector<DesignCase> design_cases_time();
std::vector<DesignCase> design_cases_structure();
std::vector<DesignCase> design_cases_content();
std::vector<DesignCase> design_cases_identity();
std::vector<DesignCase> design_cases_integration();
std::vector<DesignCase> design_cases_rules();

}  // namespace pga::testing
