// JSON text into the Node of parse.h: plans of EXPLAIN (FORMAT JSON), exported statistics.
//
//   PGA_TRY(const auto plan, sql::parse_json(rows.text(0, 0)));
//   plan.items[0].child("Plan")->number("Total Cost")
//
// Errors: bad-json (what is wrong, and where in bytes is not known), out-of-memory.
#pragma once
#include "sql/parse.h"

namespace pga::sql {

Result<Node> parse_json(std::string_view text);

}  // namespace pga::sql
