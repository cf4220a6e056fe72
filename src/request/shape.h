// Shapes: what can be said. shapes/registry.def has one line a shape (slug, title, example); shapes/<family>.cpp has the phrases
// and what they mean. To add a wording: one line in the family's rules. To add a shape: a line in the registry and a rule.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "request/phrase.h"
#include "request/statement.h"

namespace pga::request {

struct Shape {
  std::string_view id;       // "S12"
  std::string_view slug;     // "unique"
  std::string_view title;    // "`A is unique per B`": {X} {Y} entities, {A} {B} attributes
  std::string_view example;  // a sentence with {X} {Y} {A} {B} for the user's own nouns
};
const std::vector<Shape>& shapes();
const Shape* find_shape(std::string_view id);

class Reading;
using Build = std::function<void(Reading&, const Captures&)>;
// Looks at the words that were captured before a match counts; null: always.
using Accept = bool (*)(const Tokens&, const Captures&);

struct Rule {
  std::string_view shape;
  std::vector<std::string_view> phrases;
  Build build;
  Accept accepts = nullptr;
  bool goes_on = false;  // only after another statement of the same clause ("…, newest first")
  bool denies = false;   // a “no” among its words is meant ("invoice numbers without gaps")
};

// One function a family, each in its file.
std::vector<Rule> structure_rules();
std::vector<Rule> attribute_rules();
std::vector<Rule> value_rules();
std::vector<Rule> relation_rules();
std::vector<Rule> rule_rules();
std::vector<Rule> use_rules();
std::vector<Rule> life_rules();
std::vector<Rule> pattern_rules();
std::vector<Rule> change_rules();
std::vector<Rule> around_rules();

}  // namespace pga::request
