// Texts that match a regular expression, for checks like code ~ '^[A-Z]{3}$'. Understands what such checks use: literals,
// classes, groups, alternatives, quantifiers, anchors, \d \w \s, (?i). Look-ahead and back references are passed over: PostgreSQL
// judges.
//
//   regex_sample("^[A-Z]{3}-\\d+$", 7)   a text; another number, usually another text
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace pga::seed {

std::string regex_sample(std::string_view pattern, uint64_t number);
// A text that matches a LIKE pattern.
std::string like_sample(std::string_view pattern, uint64_t number);

}  // namespace pga::seed
