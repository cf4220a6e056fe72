// Renames a column in an expression, a constraint or an index as PostgreSQL prints it (ruleutils): unqualified, quoted where
// needed, types behind ::, functions before (, collations behind COLLATE.
#pragma once
#include <string>
#include <string_view>

namespace pga::plan::data {

std::string rename_column(std::string_view text, const std::string& from, const std::string& to);

}  // namespace pga::plan::data
