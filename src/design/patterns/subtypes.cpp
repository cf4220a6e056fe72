// Things of several kinds that share some columns.
#include "design/subtypes.h"

#include "design/pattern.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  std::vector<std::string> kinds = statement.others;
  make_subtypes(build.draft, statement.subject.empty() ? "payment_method" : statement.subject,
                kinds.empty() ? std::vector<std::string>{"card", "bank_account"} : kinds);
}

}  // namespace

extern const Pattern pattern_subtypes;
const Pattern pattern_subtypes = {"subtypes", "A table for what is common, one for each kind", &build};

}  // namespace pga::design
