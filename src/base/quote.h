// The one place where identifiers and literals are quoted, and where names are made safe for comments.
//
// ident() quotes when PostgreSQL's quote_identifier would (not lower-case, or a keyword of any version 13 to 18 that is not
// unreserved), so that people read users.email, not "users"."email". literal() always uses the E'' form only when a
// backslash is present, so that the text means the same under every standard_conforming_strings.
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace pga {

std::string ident(std::string_view name);                          // users -> users, User -> "User"
std::string ident(std::initializer_list<std::string_view> parts);  // {public, users} -> public.users
std::string ident_list(const std::vector<std::string>& names);     // a, "B", c
std::string literal(std::string_view text);                        // it's -> 'it''s'
std::string dollar_quote(std::string_view body);                   // $$ … $$ with a tag that the body lacks
// One line, no control characters, no line or paragraph separators: safe behind "-- " (reliability.md 13, CVE-2025-8715).
std::string comment_safe(std::string_view text);

}  // namespace pga
