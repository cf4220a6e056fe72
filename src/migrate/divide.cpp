#include "migrate/divide.h"

#include <algorithm>
#include <set>

#include "migrate/stamp.h"

namespace pga::migrate {
namespace {

std::vector<plan::Section> sections_of(const plan::Script& script, const Division& rule) {
  std::vector<plan::Section> out;
  for (const auto& section : script) {
    if (section.transactional || !rule.lone_steps || section.steps.size() < 2) {
      out.push_back(section);
      continue;
    }
    for (const auto& step : section.steps) {
      auto alone = section;
      alone.steps = {step};
      out.push_back(std::move(alone));
    }
  }
  return out;
}

bool share_an_object(const plan::Section& a, const plan::Section& b) {
  return std::any_of(a.steps.begin(), a.steps.end(), [&](const auto& step) {
    return std::any_of(b.steps.begin(), b.steps.end(), [&](const auto& other) { return step.object == other.object; });
  });
}

struct Pair {
  const plan::Section* up = nullptr;
  const plan::Section* down = nullptr;
};

// Both lists keep their order; as many pairs as can be, those about the same objects first (longest common subsequence).
std::vector<Pair> pairs_of(const std::vector<plan::Section>& ups, const std::vector<plan::Section>& downs, bool same_mode) {
  const auto gain = [&](size_t i, size_t j) {
    if (same_mode && ups[i].transactional != downs[j].transactional) return 0;
    return share_an_object(ups[i], downs[j]) ? 5 : 4;
  };
  std::vector<std::vector<int>> best(ups.size() + 1, std::vector<int>(downs.size() + 1, 0));
  for (size_t i = ups.size(); i-- > 0;) {
    for (size_t j = downs.size(); j-- > 0;) {
      const int together = gain(i, j) > 0 ? gain(i, j) + best[i + 1][j + 1] : 0;
      best[i][j] = std::max({together, best[i + 1][j], best[i][j + 1]});
    }
  }
  std::vector<Pair> out;
  size_t i = 0;
  size_t j = 0;
  while (i < ups.size() || j < downs.size()) {
    if (i < ups.size() && j < downs.size() && gain(i, j) > 0 && best[i][j] == gain(i, j) + best[i + 1][j + 1]) {
      out.push_back({&ups[i++], &downs[j++]});
    } else if (j == downs.size() || (i < ups.size() && best[i][j] == best[i + 1][j])) {
      out.push_back({&ups[i++], nullptr});
    } else {
      out.push_back({nullptr, &downs[j++]});
    }
  }
  return out;
}

}  // namespace

std::vector<Migration> divide(const Migration& migration, const Division& rule) {
  const auto ups = sections_of(migration.up, rule);
  auto downs = sections_of(migration.down, rule);
  std::reverse(downs.begin(), downs.end());
  std::vector<Migration> out;
  std::string version = migration.version;
  for (const auto& pair : pairs_of(ups, downs, rule.same_mode)) {
    Migration part{.version = version, .name = migration.name, .has_down = migration.has_down};
    if (pair.up != nullptr) part.up = {*pair.up};
    if (pair.down != nullptr) part.down = {*pair.down};
    out.push_back(std::move(part));
    version = version_after(version);
  }
  if (out.empty()) out.push_back(migration);
  out.front().proof_header = migration.proof_header;
  for (size_t i = 0; i < out.size() && out.size() > 1; ++i) out[i].name += "_" + std::to_string(i + 1);
  return out;
}

std::string version_after(const std::string& version) {
  if (const auto seconds = parse_stamp(version)) return stamp_text(*seconds + 1);
  std::string out = version;
  for (size_t i = out.size(); i-- > 0;) {
    if (out[i] != '9') {
      ++out[i];
      return out;
    }
    out[i] = '0';
  }
  return "1" + out;
}

}  // namespace pga::migrate
