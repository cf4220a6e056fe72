// What the text of a check says about values that it could accept: the constants, patterns and functions in it. Nothing is
// concluded from them here; they become candidates, and PostgreSQL judges.
//
//   hints_of({"(num > 0) AND (code ~ '^[A-Z]{3}$'::text)"})   numbers 0, patterns ^[A-Z]{3}$, columns num and code
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace pga::seed {

struct Hints {
  bool parsed = false;
  bool whole_row = false;
  std::vector<std::string> columns;
  std::vector<std::string> strings;  // literals, also those that look like numbers
  std::vector<std::string> numbers;
  std::vector<std::string> patterns;   // regular expressions
  std::vector<std::string> likes;      // patterns of LIKE
  std::vector<std::string> functions;  // names, without schema
};

// Expressions as pg_get_expr prints them; all are parsed at once.
std::vector<Hints> hints_of(const std::vector<std::string>& expressions);
// All of `from` that is new is added.
void merge(Hints& into, const Hints& from);

}  // namespace pga::seed
