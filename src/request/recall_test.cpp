// Whole requirement texts against hand-made references (tests/requests/texts): how many of the entities and attributes are found.
// 01 to 10 were looked at while the rules were made, 11 to 20 were not.
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "request/reading.h"
#include "request/table_test.h"

namespace pga::request {
namespace {

struct Found {
  std::set<std::string> entities;
  std::map<std::string, std::set<std::string>> attributes;
};

Found found_in(const std::string& text) {
  Found found;
  for (const auto& one : understand(text, {}).statements) {
    for (const auto& name : {one.subject, one.object}) {
      if (!name.empty()) found.entities.insert(name);
    }
    for (const auto& name : one.others) found.entities.insert(entity_name(name));
    for (const auto& attribute : one.attributes) found.attributes[one.subject].insert(attribute.name);
    for (const auto& name : one.names) found.attributes[one.subject].insert(name);
    if (one.meaning == Meaning::relation && !one.role.empty()) found.attributes[one.subject].insert(one.role);
    if (one.meaning == Meaning::relation) found.attributes[one.subject].insert(entity_name(one.object));
  }
  return found;
}

struct Recall {
  int entities = 0, entities_found = 0, attributes = 0, attributes_found = 0;
  std::string missing;
};

std::string read(const std::string& name) {
  std::ifstream in(std::string(PGA_SOURCE_DIR) + "/tests/requests/texts/" + name);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool any_of_names(const std::set<std::string>& names, const std::string& alternatives) {
  return std::ranges::any_of(split(alternatives, '|'),
                             [&](const std::string& name) { return names.contains(std::string(trim(name))); });
}

void measure(const std::string& base, Recall& recall) {
  const auto found = found_in(read(base + ".txt"));
  std::istringstream references(read(base + ".ref"));
  std::string line;
  while (std::getline(references, line)) {
    const auto colon = line.find(':');
    const auto names = line.substr(0, colon);
    ++recall.entities;
    const bool entity = any_of_names(found.entities, names);
    recall.entities_found += entity ? 1 : 0;
    if (!entity) recall.missing += " " + base.substr(0, 2) + ":" + names;
    std::set<std::string> attributes;
    for (const auto& name : split(names, '|')) {
      if (const auto at = found.attributes.find(std::string(trim(name))); at != found.attributes.end())
        attributes.insert(at->second.begin(), at->second.end());
    }
    for (const auto& attribute : split(line.substr(colon + 1), ',')) {
      if (trim(attribute).empty()) continue;
      ++recall.attributes;
      const bool there = any_of_names(attributes, std::string(trim(attribute)));
      recall.attributes_found += there ? 1 : 0;
      if (!there) recall.missing += " " + base.substr(0, 2) + ":" + names + "." + std::string(trim(attribute));
    }
  }
}

constexpr const char* kSeen[] = {"01_library", "02_clinic", "03_shop",       "04_gym",        "05_logistics",
                                 "06_school",  "07_hotel",  "08_restaurant", "09_car_rental", "10_hr"};
constexpr const char* kUnseen[] = {"11_real_estate", "12_museum",    "13_airline", "14_charity",  "15_construction",
                                   "16_veterinary",  "17_insurance", "18_farm",    "19_festival", "20_helpdesk"};

template <class Names>
Recall of(const Names& names) {
  Recall recall;
  for (const auto* name : names) measure(name, recall);
  return recall;
}

double share(int part, int whole) {
  return whole == 0 ? 0 : 100.0 * part / whole;
}

TEST(Recall, RequirementTexts) {
  const auto seen = of(kSeen), unseen = of(kUnseen);
  for (const auto& [name, recall] : {std::pair{"01-10 (seen)", &seen}, {"11-20 (kept aside)", &unseen}}) {
    std::printf("%s: entities %d of %d (%.0f %%), attributes %d of %d (%.0f %%)\n", name, recall->entities_found,
                recall->entities, share(recall->entities_found, recall->entities), recall->attributes_found, recall->attributes,
                share(recall->attributes_found, recall->attributes));
  }
  std::printf("missing in 01-10:%s\n", seen.missing.c_str());  // not those of 11-20: whoever makes rules must not see them
  EXPECT_GE(share(unseen.entities_found, unseen.entities), 80);
  EXPECT_GE(share(unseen.attributes_found, unseen.attributes), 80);
}

// What is wanted of the texts that the rules were made with. Not reached yet (88 % and 83 %): run with
// --gtest_also_run_disabled_tests.
TEST(Recall, DISABLED_SeenTextsReachNinetyPercent) {
  const auto seen = of(kSeen);
  EXPECT_GE(share(seen.entities_found, seen.entities), 90);
  EXPECT_GE(share(seen.attributes_found, seen.attributes), 90);
}

}  // namespace
}  // namespace pga::request
