// Rows that are marked as deleted and can come back.
#include "design/life.h"
#include "design/pattern.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  if (statement.subject.empty()) {
    build.draft.warn("soft-delete-of-what", "Which rows are to come back is not said: nothing is made.",
                     "name the table: `soft delete orders`");
    return;
  }
  soft_delete(build.draft, statement.subject, statement.count.value_or(0));
  for (const auto& other : statement.others) soft_delete(build.draft, other, statement.count.value_or(0));
}

}  // namespace

extern const Pattern pattern_soft_delete;
const Pattern pattern_soft_delete = {"soft-delete", "Rows that are marked as deleted and can come back", &build};

}  // namespace pga::design
