#include "base/utf8.h"

#include <algorithm>
#include <array>

namespace pga {
namespace {

struct Range {
  uint32_t first;
  uint32_t last;
};

// Blocks of combining and invisible characters (Unicode general categories Mn, Me, Cf), joined where only gaps lie
// between.
constexpr std::array kZeroWidth = {
    Range{0x0000, 0x001F}, Range{0x007F, 0x009F}, Range{0x0300, 0x036F}, Range{0x0483, 0x0489}, Range{0x0591, 0x05BD},
    Range{0x0610, 0x061A}, Range{0x064B, 0x065F}, Range{0x06D6, 0x06DC}, Range{0x0900, 0x0902}, Range{0x093C, 0x093C},
    Range{0x0941, 0x0948}, Range{0x094D, 0x094D}, Range{0x0E31, 0x0E31}, Range{0x0E34, 0x0E3A}, Range{0x0E47, 0x0E4E},
    Range{0x1AB0, 0x1AFF}, Range{0x1DC0, 0x1DFF}, Range{0x200B, 0x200F}, Range{0x2028, 0x202E}, Range{0x2060, 0x2064},
    Range{0x20D0, 0x20FF}, Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F}, Range{0xFEFF, 0xFEFF}, Range{0xE0100, 0xE01EF}};

// East Asian Width W and F (UAX #11) and emoji with a wide presentation.
constexpr std::array kWide = {Range{0x1100, 0x115F},   Range{0x231A, 0x231B},  Range{0x23E9, 0x23EC},   Range{0x2614, 0x2615},
                              Range{0x26A1, 0x26A1},   Range{0x2705, 0x2705},  Range{0x274C, 0x274C},   Range{0x2E80, 0x303E},
                              Range{0x3041, 0x33FF},   Range{0x3400, 0x4DBF},  Range{0x4E00, 0x9FFF},   Range{0xA000, 0xA4CF},
                              Range{0xA960, 0xA97F},   Range{0xAC00, 0xD7A3},  Range{0xF900, 0xFAFF},   Range{0xFE30, 0xFE6F},
                              Range{0xFF00, 0xFF60},   Range{0xFFE0, 0xFFE6},  Range{0x1F300, 0x1F64F}, Range{0x1F680, 0x1F6FF},
                              Range{0x1F900, 0x1F9FF}, Range{0x20000, 0x3FFFD}};

template <size_t N>
bool within(const std::array<Range, N>& ranges, uint32_t point) {
  const auto it = std::upper_bound(ranges.begin(), ranges.end(), point,
                                   [](uint32_t value, const Range& range) { return value < range.first; });
  return it != ranges.begin() && point <= std::prev(it)->last;
}

// The least value that may be written in this many bytes (longer forms of a smaller value are not UTF-8).
constexpr std::array<uint32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};

size_t skip_escape(std::string_view text, size_t at) {
  if (text.substr(at, 2) != "\x1B[") return 0;
  const size_t end = text.find_first_of("mK", at + 2);
  return end == std::string_view::npos ? 0 : end + 1 - at;
}

}  // namespace

Codepoint decode_utf8(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) -> uint32_t { return static_cast<unsigned char>(text[i]); };
  const uint32_t first = byte(at);
  if (first < 0x80) return {first, 1, true};
  const size_t length = first >= 0xF0 && first <= 0xF4  ? 4
                        : first >= 0xE0 && first < 0xF0 ? 3
                        : first >= 0xC2 && first < 0xE0 ? 2
                                                        : 0;
  if (length == 0 || at + length > text.size()) return {first, 1, false};
  uint32_t value = first & (0xFFU >> (length + 1));
  for (size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0U) != 0x80U) return {first, 1, false};
    value = value << 6 | (byte(at + i) & 0x3FU);
  }
  if (value < kLeast[length] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return {first, 1, false};
  return {value, length, true};
}

int column_width(uint32_t codepoint) {
  if (within(kZeroWidth, codepoint)) return 0;
  return within(kWide, codepoint) ? 2 : 1;
}

int display_width(std::string_view text) {
  int width = 0;
  for (size_t at = 0; at < text.size();) {
    if (const size_t escape = skip_escape(text, at); escape > 0) {
      at += escape;
      continue;
    }
    const Codepoint point = decode_utf8(text, at);
    width += point.valid ? column_width(point.value) : 1;
    at += point.length;
  }
  return width;
}

}  // namespace pga
