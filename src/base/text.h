// Small text helpers that the standard library lacks.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace pga {

std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::vector<std::string> split(std::string_view text, char separator);
std::string_view trim(std::string_view text);
bool starts_with_nocase(std::string_view text, std::string_view prefix);
std::string to_lower(std::string_view text);  // ASCII only
std::string replace_all(std::string text, std::string_view from, std::string_view to);
// PostgreSQL's array output form, "{a,\"b c\",NULL}", one dimension. NULL elements become empty strings.
std::vector<std::string> parse_pg_array(std::string_view text);
std::string fnv1a_hex(std::string_view text);   // 64-bit FNV-1a, 16 hex digits: for cache keys, not for security
std::string sha256_hex(std::string_view text);  // FIPS 180-4; for checksums of files

}  // namespace pga
