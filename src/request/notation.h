// Statements in one line each, for tests and for people who try sentences: meaning, then what is not empty.
//
//   relation s=comment o=events sides=many/one
#pragma once
#include <fmt/format.h>

#include <string>

#include "base/text.h"
#include "request/statement.h"

namespace pga::request {

inline std::string notation(const Attribute& one) {
  std::string text = one.name;
  if (!one.type.empty()) text += ":" + one.type;
  if (one.optional) text += *one.optional ? "?" : "!";
  if (one.unique) text += "^";
  if (one.personal) text += "*";
  if (!one.values.empty()) text += "{" + join(one.values, "|") + "}";
  if (!one.check.empty()) text += "(" + one.check + ")";
  if (!one.default_value.empty()) text += "=" + one.default_value;
  if (!one.references.empty()) text += "->" + one.references;
  if (!one.on_delete.empty()) text += "/" + one.on_delete;
  return text;
}

inline std::string notation(Side side) {
  switch (side) {
    case Side::one:
      return "one";
    case Side::at_most_one:
      return "maybe";
    case Side::many:
      return "many";
    case Side::at_least_one:
      return "some";
    case Side::unknown:
      return "?";
  }
  return "";
}

inline std::string notation(const Statement& s) {
  std::string text(slug(s.meaning));
  const auto field = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) text += fmt::format(" {}={}", name, value.find(' ') == std::string::npos ? value : "'" + value + "'");
  };
  const auto joined = [&](const auto& items, const auto& show) {
    std::vector<std::string> parts;
    for (const auto& item : items) parts.push_back(show(item));
    return join(parts, ",");
  };
  const auto number = [](const auto& value) { return value ? fmt::format("{}", *value) : std::string(); };
  field("s", s.subject);
  field("o", s.object);
  if (s.meaning == Meaning::relation) field("sides", notation(s.subject_side) + "/" + notation(s.object_side));
  field("role", s.role);
  field("name", s.name);
  field("names", join(s.names, ","));
  field("scope", s.scope);
  field("cond", s.condition);
  field("act", s.action);
  field("others", join(s.others, ","));
  field("values", join(s.values, ","));
  field("attrs", joined(s.attributes, [](const Attribute& one) { return notation(one); }));
  field("steps", joined(s.transitions, [](const auto& step) { return step.first + ">" + step.second; }));
  field("by", joined(s.filters,
                     [](const Filter& one) { return one.column + ":" + one.kind + (one.value.empty() ? "" : ":" + one.value); }));
  field("order", joined(s.order, [](const Order& one) { return (one.descending ? "-" : "") + one.column; }));
  field("low", number(s.low));
  field("high", number(s.high));
  field("count", number(s.count));
  field("page", number(s.page));
  field("rate", number(s.rate));
  field("ms", number(s.target_ms));
  field("growth", s.growth_per_day ? fmt::format("{:.0f}", *s.growth_per_day) : "");
  if (s.negated) text += " not";
  for (const auto& [name, value] : s.options) field(name, value.empty() ? "yes" : value);
  return text;
}

inline std::string notation(const Understood& understood) {
  std::string text;
  for (const auto& statement : understood.statements) text += notation(statement) + "\n";
  return text;
}

}  // namespace pga::request
