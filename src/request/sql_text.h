// SQL that was pasted among sentences: where it begins and ends. It is not parsed here (the room sql does that).
#pragma once
#include "request/token.h"

namespace pga::request {

std::vector<Range> find_sql(const Tokens& tokens, std::string_view text);
bool is_definition(const Tokens& tokens, Range range);  // CREATE TABLE …, ALTER TABLE …

}  // namespace pga::request
