// Reads sqitch.plan. Internal to formats/.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace pga::migrate {

struct SqitchChange {
  std::string name;
  std::string script;   // of its files: the name, or name@tag when the change was reworked later on
  std::string version;  // the planned time, 14 digits; one more than the version before where it would not be greater
};
std::vector<SqitchChange> sqitch_changes(std::string_view plan);

}  // namespace pga::migrate
