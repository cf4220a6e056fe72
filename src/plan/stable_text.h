// Text of expressions as PostgreSQL prints them, made so that it reads its own print back as the same expression. Internal.
#pragma once
#include <string>

namespace pga::plan {

// `status IN ('a', 'b')` on a varchar column is printed as `(status)::text = ANY ((ARRAY['a'::character varying, …])::text[])`;
// read back, the cast goes into each element, and what is printed then is another text (for ever another index, check or view).
// With a cast to the elements' own array type in between it stays a cast of the array: `((ARRAY[…])::character
// varying[])::text[]`.
// `extract('YEAR' FROM d)` is printed as `EXTRACT(YEAR FROM d)`, and that is read back as 'year': the field stays a string (14
// and newer). Strings, quoted names and dollar quotes are left alone.
std::string with_stable_text(std::string sql);

}  // namespace pga::plan
