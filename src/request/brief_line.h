// A brief as lines and pieces: what the parser and the formatter share.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "request/span.h"

namespace pga::request {

struct BriefPiece {
  std::string_view text;  // trimmed, without the `;`
  size_t offset = 0;      // in the brief
};

struct BriefLine {
  std::vector<BriefPiece> pieces;
  std::string_view comment;  // with its `#`
  bool indented = false;
  int number = 0;  // 1-based
  size_t offset = 0;
};

// `;` inside parentheses, braces or quotes separates nothing; `#` begins a comment at the line's beginning or after a space.
std::vector<BriefLine> brief_lines(std::string_view text);

}  // namespace pga::request
