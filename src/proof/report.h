// A Report for people, for programs, and for the head of a migration file.
#pragma once
#include <string>

#include "base/json.h"
#include "base/terminal.h"
#include "proof/prove.h"

namespace pga::proof {

// A table of judgements, each difference, a table of what each step does, broken queries, tables without rows, times.
void report_text(const Report& report, Terminal& out);
// One object; the caller may be inside another one (after Json::key).
void report_json(const Report& report, Json& json);
// Short lines without "-- " and without a final newline. The same plan always gives the same text: no times, no minor version.
std::string report_header(const Report& report);

// "ACCESS EXCLUSIVE on public.users": the strongest lock that was taken; "none".
std::string lock_summary(const StatementFacts& facts);

}  // namespace pga::proof
