// Versions that are a time: 14 digits, UTC, as most tools write them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pga::migrate {

std::string stamp_text(int64_t seconds);                      // 0 -> "19700101000000"
std::optional<int64_t> parse_stamp(std::string_view digits);  // nullopt: not 14 digits, or no such time (month 13, 24:00)

}  // namespace pga::migrate
