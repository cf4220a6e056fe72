#include "migrate/formats/sqitch_plan.h"

#include <algorithm>

#include "base/text.h"
#include "migrate/divide.h"
#include "migrate/formats/support.h"
#include "migrate/stamp.h"

namespace pga::migrate {
namespace {

// "2024-01-31T23:59:59Z" anywhere in the line -> "20240131235959"; "" when there is none.
std::string time_in(const std::string& line) {
  for (const auto& word : split(line, ' ')) {
    if (word.size() != 20 || word[10] != 'T' || word[19] != 'Z') continue;
    std::string digits;
    std::copy_if(word.begin(), word.end(), std::back_inserter(digits), [](char c) { return c >= '0' && c <= '9'; });
    if (parse_stamp(digits)) return digits;
  }
  return {};
}

}  // namespace

std::vector<SqitchChange> sqitch_changes(std::string_view plan) {
  std::vector<SqitchChange> out;
  std::vector<std::string> tags;  // the first tag after each change, "" while there is none
  for (const auto& raw : split(plan, '\n')) {
    std::string line(trim(raw));
    if (line.empty() || line[0] == '%' || line[0] == '#') continue;
    if (line[0] == '@') {
      const auto tag = line.substr(0, line.find_first_of(" \t"));
      for (auto& known : tags)
        if (known.empty()) known = tag;
      continue;
    }
    if (line[0] == '+' || line[0] == '-') line = std::string(trim(std::string_view(line).substr(1)));
    const auto name = line.substr(0, line.find_first_of(" \t"));
    std::string version = time_in(line);
    if (!out.empty() && !version_before(out.back().version, version)) version = version_after(out.back().version);
    out.push_back({name, name, version.empty() ? "1" : version});
    tags.emplace_back();
  }
  for (size_t i = 0; i < out.size(); ++i) {
    const bool reworked = std::any_of(out.begin() + static_cast<std::ptrdiff_t>(i) + 1, out.end(),
                                      [&](const auto& later) { return later.name == out[i].name; });
    if (reworked) out[i].script += tags[i];
  }
  return out;
}

}  // namespace pga::migrate
