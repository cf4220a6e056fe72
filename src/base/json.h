// A small JSON writer: keys stand in the order in which they are written, so the same value always gives the same
// bytes.
//
//   Json json;
//   json.object().field("code", "no-file").key("steps").array();
//   for (const auto& step : steps) json.value(step);
//   json.end().end();
//   out.print(json.take());
//
// Text may hold anything: control characters are escaped, bytes that are not UTF-8 become U+FFFD (the replacement
// character). Unbalanced object()/end() calls and a value without a key inside an object are internal errors
// (PGA_ASSERT).
#pragma once
#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace pga {

class Json {
 public:
  explicit Json(bool indented = true) : indented_(indented) {}
  Json& object();
  Json& array();
  Json& end();  // closes the innermost object or array
  Json& key(std::string_view name);
  Json& value(std::string_view text);
  Json& value(const char* text) { return value(std::string_view(text)); }
  Json& value(const std::string& text) { return value(std::string_view(text)); }
  Json& value(bool flag);
  Json& value(double number);  // shortest form that reads back the same; NaN and infinities become null
  template <std::integral T>
  requires(!std::same_as<T, bool>) Json& value(T number) { return raw(std::to_string(number)); }
  Json& null();
  template <class T>
  Json& field(std::string_view name, const T& v) {
    return key(name).value(v);
  }
  Json& strings(std::string_view name, const std::vector<std::string>& values);
  std::string take();  // the text with a final newline; the writer is empty afterwards

 private:
  struct Level {
    char close;
    bool empty;
  };
  Json& raw(std::string_view text);
  void before_value();
  void new_line();
  bool indented_;
  bool after_key_ = false;
  std::vector<Level> levels_;
  std::string text_;
};

std::string json_quote(std::string_view text);  // with the quotes

}  // namespace pga
