#include "migrate/stamp.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace pga::migrate {
namespace chrono = std::chrono;

std::string stamp_text(int64_t seconds) {
  const chrono::sys_seconds time{chrono::seconds(seconds)};
  const auto day = chrono::floor<chrono::days>(time);
  const chrono::year_month_day date(day);
  const chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::optional<int64_t> parse_stamp(std::string_view digits) {
  if (digits.size() != 14 || !std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; }))
    return std::nullopt;
  const auto number = [&](size_t at, size_t length) { return std::stoi(std::string(digits.substr(at, length))); };
  const chrono::year_month_day date{chrono::year(number(0, 4)), chrono::month(static_cast<unsigned>(number(4, 2))),
                                    chrono::day(static_cast<unsigned>(number(6, 2)))};
  if (!date.ok() || number(8, 2) > 23 || number(10, 2) > 59 || number(12, 2) > 59) return std::nullopt;
  const chrono::sys_seconds time =
      chrono::sys_days(date) + chrono::hours(number(8, 2)) + chrono::minutes(number(10, 2)) + chrono::seconds(number(12, 2));
  return time.time_since_epoch().count();
}

}  // namespace pga::migrate
