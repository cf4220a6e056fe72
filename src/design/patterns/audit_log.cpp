// Who changed which row.
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
  audit_tables(build.draft, tables);
}

}  // namespace

extern const Pattern pattern_audit_log;
const Pattern pattern_audit_log = {"audit-log", "Who changed which row, with the values before and after", &build};

}  // namespace pga::design
