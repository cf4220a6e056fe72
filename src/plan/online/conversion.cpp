#include "plan/online/conversion.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/text.h"
#include "schema/kind.h"

namespace pga::plan::data {

using schema::Database;
using schema::Id;
using schema::Object;

namespace {

struct Type {
  std::string base;         // "character varying", "timestamp with time zone"
  std::optional<int> size;  // the first modifier
  std::optional<int> scale;
  bool array = false;
};

std::optional<int> number(std::string_view text) {
  int out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

Type parse(std::string text) {
  Type out;
  if (text.ends_with("[]")) {
    out.array = true;
    text.resize(text.size() - 2);
  }
  const size_t open = text.find('('), close = text.find(')', open == std::string::npos ? 0 : open);
  if (open != std::string::npos && close != std::string::npos) {
    const auto parts = split(text.substr(open + 1, close - open - 1), ',');
    out.size = number(parts[0]);
    if (parts.size() > 1) out.scale = number(parts[1]);
    text.erase(open, close - open + 1);
  }
  out.base = text;
  return out;
}

int integer_width(const std::string& base) {
  if (base == "smallint") return 2;
  if (base == "integer") return 4;
  return base == "bigint" ? 8 : 0;
}

bool textual(const Type& type) {
  return type.base == "text" || type.base == "character varying";
}

bool fits(std::optional<int> inner, std::optional<int> outer) {  // no limit holds everything
  return !outer || (inner && *inner <= *outer);
}

// Types whose text says everything, so that they come back from it unchanged.
bool speaks_fully(const std::string& base) {
  constexpr std::array<std::string_view, 17> kTypes = {"numeric",
                                                       "uuid",
                                                       "boolean",
                                                       "date",
                                                       "inet",
                                                       "cidr",
                                                       "macaddr",
                                                       "json",
                                                       "jsonb",
                                                       "xml",
                                                       "bytea",
                                                       "real",
                                                       "double precision",
                                                       "timestamp without time zone",
                                                       "timestamp with time zone",
                                                       "time without time zone",
                                                       "interval"};
  return integer_width(base) > 0 || std::ranges::find(kTypes, base) != kTypes.end();
}

bool numbers_survive(const Type& from, const Type& to) {
  const int width = integer_width(from.base);
  if (width > 0) {
    if (integer_width(to.base) > 0) return true;  // a number that does not fit is an error
    if (to.base == "numeric") return !to.size || to.scale.value_or(0) >= 0;
    if (to.base == "double precision") return width <= 4;
    return to.base == "real" && width == 2;
  }
  if (from.base == "numeric" && to.base == "numeric") {
    if (!to.size) return true;
    return from.size && from.scale.value_or(0) <= to.scale.value_or(0);
  }
  return from.base == "real" && to.base == "double precision";
}

bool survives(const Type& from, const Type& to) {
  if (from.array != to.array) return to.base == "text" && !to.array && speaks_fully(from.base);
  if (numbers_survive(from, to)) return true;
  if (textual(to)) {
    if (textual(from)) return fits(from.size, to.size);
    return !to.size && (speaks_fully(from.base) || from.base == "character");
  }
  if (from.base == "character" && to.base == "character") return fits(from.size, to.size);
  if (from.base == "jsonb" && to.base == "json") return true;
  const bool times = from.base.starts_with("time") || from.base == "interval";
  if (times && from.base == to.base) return fits(from.size, to.size);
  return from.base == "date" && to.base == "timestamp without time zone";
}

bool is_enum(const Object& column, const Database& in) {
  static const schema::Kind* const kind = schema::find_kind("enum_type");
  const auto path = column.list("user_type");
  return kind != nullptr && path.size() == 2 && in.find(Id{kind->id(), path}) != nullptr && !column.text("type").ends_with("]");
}

}  // namespace

std::string converted(const Object& from, const Object& to, const std::string& value) {
  if (from.text("type") == to.text("type")) return value;
  const bool user_type = from.value("user_type") || to.value("user_type");
  return value + (user_type ? "::text::" : "::") + to.text("type");
}

bool keeps_values(const Object& from, const Object& to, const Database& from_db, const Database& to_db) {
  if (from.text("type") == to.text("type")) return true;
  const Type before = parse(from.text("type")), after = parse(to.text("type"));
  if (from.value("user_type") || to.value("user_type")) {
    const bool was = is_enum(from, from_db), is = is_enum(to, to_db);
    const bool from_text = textual(before) && !before.array, to_text = textual(after) && !after.array && !after.size;
    return (was && is) || (was && to_text) || (from_text && is);
  }
  return survives(before, after);
}

bool always_converts(const Object& from, const Object& to) {
  if (from.text("type") == to.text("type")) return true;
  if (to.value("user_type")) return false;
  const Type before = parse(from.text("type")), after = parse(to.text("type"));
  if (textual(after) && !after.array) return true;
  const int width = integer_width(before.base);
  if (before.array != after.array || width == 0) return false;
  return width <= integer_width(after.base) || (after.base == "numeric" && !after.size) || after.base == "double precision";
}

}  // namespace pga::plan::data
