// The JSON form of statements. nlohmann-json stays in this file.
#include <nlohmann/json.hpp>

#include "base/json.h"
#include "request/brief.h"

namespace pga::request {

namespace {

constexpr int kMeanings = static_cast<int>(Meaning::open) + 1;

constexpr std::string_view kSides[] = {"one", "at_most_one", "many", "at_least_one", "unknown"};

void text_field(Json& json, std::string_view name, const std::string& value) {
  if (!value.empty()) json.field(name, value);
}

void list_field(Json& json, std::string_view name, const std::vector<std::string>& values) {
  if (!values.empty()) json.strings(name, values);
}

template <class T>
void number_field(Json& json, std::string_view name, const std::optional<T>& value) {
  if (value) json.field(name, *value);
}

void write(Json& json, const Attribute& one) {
  json.object().field("name", one.name);
  text_field(json, "type", one.type);
  if (one.optional) json.field("optional", *one.optional);
  if (one.unique) json.field("unique", true);
  if (one.personal) json.field("personal", true);
  list_field(json, "values", one.values);
  text_field(json, "check", one.check);
  text_field(json, "default", one.default_value);
  text_field(json, "references", one.references);
  text_field(json, "on_delete", one.on_delete);
  json.end();
}

void write(Json& json, const Statement& s) {
  json.object().field("meaning", slug(s.meaning));
  for (const auto& [name, value] : {std::pair{"subject", &s.subject},
                                    {"object", &s.object},
                                    {"role", &s.role},
                                    {"name", &s.name},
                                    {"scope", &s.scope},
                                    {"condition", &s.condition},
                                    {"action", &s.action}})
    text_field(json, name, *value);
  list_field(json, "names", s.names);
  list_field(json, "others", s.others);
  list_field(json, "values", s.values);
  if (!s.attributes.empty()) {
    json.key("attributes").array();
    for (const auto& one : s.attributes) write(json, one);
    json.end();
  }
  if (!s.transitions.empty()) {
    json.key("transitions").array();
    for (const auto& [from, to] : s.transitions) json.array().value(from).value(to).end();
    json.end();
  }
  if (!s.filters.empty()) {
    json.key("filters").array();
    for (const auto& one : s.filters) {
      json.object().field("column", one.column).field("kind", one.kind);
      text_field(json, "value", one.value);
      json.end();
    }
    json.end();
  }
  if (!s.order.empty()) {
    json.key("order").array();
    for (const auto& one : s.order) json.object().field("column", one.column).field("descending", one.descending).end();
    json.end();
  }
  if (s.subject_side != Side::unknown) json.field("subject_side", kSides[static_cast<size_t>(s.subject_side)]);
  if (s.object_side != Side::unknown) json.field("object_side", kSides[static_cast<size_t>(s.object_side)]);
  number_field(json, "low", s.low);
  number_field(json, "high", s.high);
  number_field(json, "count", s.count);
  number_field(json, "page", s.page);
  number_field(json, "rate", s.rate);
  number_field(json, "target_ms", s.target_ms);
  number_field(json, "growth_per_day", s.growth_per_day);
  if (s.negated) json.field("negated", true);
  if (!s.options.empty()) {
    json.key("options").object();
    for (const auto& [name, value] : s.options) json.field(name, value);
    json.end();
  }
  json.end();
}

using Value = nlohmann::json;

std::string text_of(const Value& value, const char* name) {
  const auto at = value.find(name);
  return at != value.end() && at->is_string() ? at->get<std::string>() : std::string();
}

std::vector<std::string> list_of(const Value& value, const char* name) {
  std::vector<std::string> result;
  const auto at = value.find(name);
  if (at == value.end() || !at->is_array()) return result;
  for (const auto& item : *at) {
    if (item.is_string()) result.push_back(item.get<std::string>());
  }
  return result;
}

bool flag_of(const Value& value, const char* name) {
  const auto at = value.find(name);
  return at != value.end() && at->is_boolean() && at->get<bool>();
}

template <class T>
std::optional<T> number_of(const Value& value, const char* name) {
  const auto at = value.find(name);
  if (at == value.end() || !at->is_number()) return std::nullopt;
  return at->get<T>();
}

Side side_in(const Value& value, const char* name) {
  const auto text = text_of(value, name);
  for (size_t at = 0; at < std::size(kSides); ++at) {
    if (kSides[at] == text) return static_cast<Side>(at);
  }
  return Side::unknown;
}

Attribute read_attribute(const Value& value) {
  Attribute one;
  one.name = text_of(value, "name");
  one.type = text_of(value, "type");
  if (const auto at = value.find("optional"); at != value.end() && at->is_boolean()) one.optional = at->get<bool>();
  one.unique = flag_of(value, "unique");
  one.personal = flag_of(value, "personal");
  one.values = list_of(value, "values");
  one.check = text_of(value, "check");
  one.default_value = text_of(value, "default");
  one.references = text_of(value, "references");
  one.on_delete = text_of(value, "on_delete");
  return one;
}

template <class Take>
void each_in(const Value& value, const char* name, const Take& take) {
  const auto at = value.find(name);
  if (at == value.end() || !at->is_array()) return;
  for (const auto& item : *at) take(item);
}

std::optional<Statement> read_statement(const Value& value) {
  if (!value.is_object()) return std::nullopt;
  const auto meaning = text_of(value, "meaning");
  int index = 0;
  while (index < kMeanings && slug(static_cast<Meaning>(index)) != meaning) ++index;
  if (index == kMeanings) return std::nullopt;
  Statement s;
  s.meaning = static_cast<Meaning>(index);
  s.shape = "brief";
  s.subject = text_of(value, "subject"), s.object = text_of(value, "object"), s.role = text_of(value, "role"),
  s.name = text_of(value, "name");
  s.scope = text_of(value, "scope"), s.condition = text_of(value, "condition"), s.action = text_of(value, "action");
  s.names = list_of(value, "names"), s.others = list_of(value, "others"), s.values = list_of(value, "values");
  each_in(value, "attributes", [&](const Value& item) {
    if (item.is_object()) s.attributes.push_back(read_attribute(item));
  });
  each_in(value, "transitions", [&](const Value& item) {
    if (item.is_array() && item.size() == 2 && item[0].is_string() && item[1].is_string())
      s.transitions.emplace_back(item[0].get<std::string>(), item[1].get<std::string>());
  });
  each_in(value, "filters", [&](const Value& item) {
    if (item.is_object()) s.filters.push_back({text_of(item, "column"), text_of(item, "kind"), text_of(item, "value")});
  });
  each_in(value, "order", [&](const Value& item) {
    if (item.is_object()) s.order.push_back({text_of(item, "column"), flag_of(item, "descending")});
  });
  s.subject_side = side_in(value, "subject_side"), s.object_side = side_in(value, "object_side");
  s.low = number_of<std::int64_t>(value, "low"), s.high = number_of<std::int64_t>(value, "high");
  s.count = number_of<std::int64_t>(value, "count"), s.page = number_of<std::int64_t>(value, "page");
  s.rate = number_of<double>(value, "rate"), s.target_ms = number_of<double>(value, "target_ms"),
  s.growth_per_day = number_of<double>(value, "growth_per_day");
  s.negated = flag_of(value, "negated");
  if (const auto at = value.find("options"); at != value.end() && at->is_object()) {
    for (const auto& [name, option] : at->items()) {
      if (option.is_string()) s.options[name] = option.get<std::string>();
    }
  }
  return s;
}

}  // namespace

std::string to_json(const std::vector<Statement>& statements) {
  Json json;
  json.object().key("statements").array();
  for (const auto& one : statements) write(json, one);
  json.end().end();
  return json.take();
}

std::string to_json_line(const Statement& statement) {
  Json json(false);
  write(json, statement);
  auto text = json.take();
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

Result<std::vector<Statement>> statements_from_json(std::string_view text) {
  const auto value = Value::parse(text, nullptr, false);
  const std::string hint = R"(write {"statements": [{"meaning": "entity", "subject": "order"}]})";
  if (value.is_discarded()) return fail("brief-syntax", "The JSON of the brief can not be read.", hint);
  std::vector<Statement> result;
  const auto take = [&](const Value& item) -> bool {
    auto statement = read_statement(item);
    if (statement) result.push_back(std::move(*statement));
    return statement.has_value();
  };
  if (value.is_object() && value.contains("meaning")) {
    if (!take(value)) return fail("brief-syntax", "The statement has no meaning that is known.", hint);
    return result;
  }
  if (!value.is_object() || !value.contains("statements") || !value["statements"].is_array())
    return fail("brief-syntax", "The JSON has no list of statements.", hint);
  size_t number = 0;
  for (const auto& item : value["statements"]) {
    ++number;
    if (!take(item)) return fail("brief-syntax", "Statement " + std::to_string(number) + " has no meaning that is known.", hint);
  }
  return result;
}

bool same_meaning(const Statement& one, const Statement& other) {
  return to_json_line(one) == to_json_line(other);
}

}  // namespace pga::request
