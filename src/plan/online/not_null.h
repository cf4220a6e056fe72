// NOT NULL on a column that has rows, without a scan under a strong lock: 13 to 17 through a validated CHECK, 18 through a NOT
// VALID constraint. https://www.postgresql.org/docs/current/sql-altertable.html
#pragma once
#include "plan/online/data.h"

namespace pga::plan::data {

struct NotNull {
  Drafts early;  // the rule for new rows, then the proof for old ones: after the rows were filled
  Drafts late;   // NOT NULL itself: instant
};
// `to`: the column as it shall be; `name`: the name that it has at the moment; `final`: false where the constraint gets its own
// name (18) only later.
NotNull not_null(const schema::Object& to, const std::string& name, int major, bool final = true);
// The name that the constraint has until then (final = false).
std::string early_not_null_name(const schema::Object& to);

}  // namespace pga::plan::data
