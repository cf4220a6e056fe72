// UTF-8: decoding one character at a time, and how many columns of a terminal a text takes.
// Nothing depends on the locale of the process: the same text always has the same width.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace pga {

struct Codepoint {
  uint32_t value = 0;
  size_t length = 1;   // bytes
  bool valid = false;  // false: the byte at this place does not begin a well-formed sequence (length is 1)
};

Codepoint decode_utf8(std::string_view text, size_t at);  // at < text.size()
int column_width(uint32_t codepoint);                     // 0 combining and control, 2 East Asian wide and emoji, else 1
int display_width(std::string_view text);                 // ANSI colour sequences count as nothing

}  // namespace pga
