// Who changed which row.
#include <string>

#include "design/audit.h"
#include "design/pattern.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  std::vector<std::string> tables;
  if (!statement.subject.empty()) tables.push_back(statement.subject);
  tables.insert(tables.end(), statement.others.begin(), statement.others.end());
  if (tables.empty()) {
    for (const auto& table : build.draft.current().tables()) tables.push_back(table.schema + "." + table.name);
  }
  long long days = 730;
  if (const auto said = statement.options.find("days"); said != statement.options.end()) days = std::stoll(said->second);
  audit_tables(build.draft, tables, days);
}

}  // namespace

extern const Pattern pattern_audit_log;
const Pattern pattern_audit_log = {"audit-log", "Who changed which row, with the values before and after", &build};

}  // namespace pga::design
