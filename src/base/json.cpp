#include "base/json.h"

#include <charconv>
#include <cmath>

#include "base/result.h"
#include "base/utf8.h"

namespace pga {

std::string json_quote(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (size_t at = 0; at < text.size();) {
    const Codepoint point = decode_utf8(text, at);
    if (!point.valid) {
      out += "\xEF\xBF\xBD";
    } else if (point.value == '"' || point.value == '\\') {
      out += '\\';
      out += static_cast<char>(point.value);
    } else if (point.value == '\n') {
      out += "\\n";
    } else if (point.value == '\t') {
      out += "\\t";
    } else if (point.value == '\r') {
      out += "\\r";
    } else if (point.value < 0x20 || point.value == 0x7F) {
      out += "\\u00";
      out += kHex[point.value >> 4];
      out += kHex[point.value & 15];
    } else {
      out += text.substr(at, point.length);
    }
    at += point.length;
  }
  return out + "\"";
}

void Json::new_line() {
  if (!indented_) return;
  text_ += '\n';
  text_.append(levels_.size() * 2, ' ');
}

void Json::before_value() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (levels_.empty()) return;
  PGA_ASSERT(levels_.back().close == ']');
  if (!levels_.back().empty) text_ += ',';
  levels_.back().empty = false;
  new_line();
}

Json& Json::raw(std::string_view text) {
  before_value();
  text_ += text;
  return *this;
}

Json& Json::object() {
  before_value();
  text_ += '{';
  levels_.push_back({'}', true});
  return *this;
}

Json& Json::array() {
  before_value();
  text_ += '[';
  levels_.push_back({']', true});
  return *this;
}

Json& Json::end() {
  PGA_ASSERT(!levels_.empty() && !after_key_);
  const Level level = levels_.back();
  levels_.pop_back();
  if (!level.empty) new_line();
  text_ += level.close;
  return *this;
}

Json& Json::key(std::string_view name) {
  PGA_ASSERT(!levels_.empty() && levels_.back().close == '}' && !after_key_);
  if (!levels_.back().empty) text_ += ',';
  levels_.back().empty = false;
  new_line();
  text_ += json_quote(name) + (indented_ ? ": " : ":");
  after_key_ = true;
  return *this;
}

Json& Json::value(std::string_view text) {
  return raw(json_quote(text));
}
Json& Json::value(bool flag) {
  return raw(flag ? "true" : "false");
}
Json& Json::null() {
  return raw("null");
}

Json& Json::value(double number) {
  if (!std::isfinite(number)) return null();
  char buffer[64];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, number);
  PGA_ASSERT(error == std::errc());
  return raw(std::string_view(buffer, static_cast<size_t>(end - buffer)));
}

Json& Json::strings(std::string_view name, const std::vector<std::string>& values) {
  key(name).array();
  for (const auto& text : values) value(text);
  return end();
}

std::string Json::take() {
  PGA_ASSERT(levels_.empty() && !after_key_);
  std::string out = std::move(text_) + "\n";
  text_.clear();
  return out;
}

}  // namespace pga
