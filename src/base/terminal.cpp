#include "base/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "base/text.h"
#include "base/utf8.h"

namespace pga {
namespace {

constexpr int kGap = 2;            // columns between two columns of a table
constexpr int kNarrowest = 8;      // a column is not wrapped below this
constexpr int kDefaultWidth = 80;  // a terminal that does not tell its size

int terminal_width(int descriptor) {
  if (const char* columns = std::getenv("COLUMNS"); columns != nullptr) {
    if (const int given = std::atoi(columns); given >= 20) return given;
  }
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20) return size.ws_col;
  return kDefaultWidth;
}

bool wants_colors(ColorMode mode, bool is_terminal) {
  if (mode != ColorMode::automatic) return mode == ColorMode::always;
  const char* no_color = std::getenv("NO_COLOR");  // https://no-color.org: present and not empty
  const char* term = std::getenv("TERM");
  return is_terminal && (no_color == nullptr || *no_color == '\0') && (term == nullptr || std::string_view(term) != "dumb");
}

const char* escape_of(Style style) {
  switch (style) {
    case Style::bold:
      return "\x1B[1m";
    case Style::dim:
      return "\x1B[2m";
    case Style::red:
      return "\x1B[31m";
    case Style::green:
      return "\x1B[32m";
    case Style::yellow:
      return "\x1B[33m";
    case Style::blue:
      return "\x1B[34m";
    case Style::cyan:
      return "\x1B[36m";
    case Style::plain:
      break;
  }
  return "";
}

// As many bytes of `word` as fit into `width` columns, at least one character.
size_t fitting_prefix(std::string_view word, int width) {
  size_t at = 0;
  int used = 0;
  while (at < word.size()) {
    const Codepoint point = decode_utf8(word, at);
    used += point.valid ? column_width(point.value) : 1;
    if (used > width && at > 0) break;
    at += point.length;
  }
  return at;
}

void wrap_line(std::string_view text, int width, std::vector<std::string>& out) {
  if (display_width(text) <= width) {
    out.emplace_back(text);
    return;
  }
  // The indent of a line is that of its continuations too, unless it leaves no room.
  if (const size_t indent = text.find_first_not_of(' ');
      indent != std::string_view::npos && indent > 0 && static_cast<int>(indent) < width / 2) {
    std::vector<std::string> inner;
    wrap_line(text.substr(indent), width - static_cast<int>(indent), inner);
    for (const auto& part : inner) out.push_back(std::string(indent, ' ') + part);
    return;
  }
  std::string current;
  for (const auto& part : split(text, ' ')) {
    std::string_view word = part;
    if (!current.empty() && display_width(current) + 1 + display_width(word) > width) {
      out.push_back(std::move(current));
      current.clear();
    }
    while (current.empty() && display_width(word) > width) {
      const size_t length = fitting_prefix(word, width);
      out.emplace_back(word.substr(0, length));
      word.remove_prefix(length);
    }
    if (!current.empty()) current += ' ';
    current += word;
  }
  if (!current.empty()) out.push_back(std::move(current));
}

int widest_line(std::string_view cell) {
  int width = 0;
  for (const auto& text : split(cell, '\n')) width = std::max(width, display_width(text));
  return width;
}

std::vector<int> natural_widths(const Table& table) {
  std::vector<int> widths;
  const auto take = [&](const std::vector<std::string>& row) {
    if (row.size() > widths.size()) widths.resize(row.size(), 0);
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], widest_line(row[i]));
  };
  take(table.header);
  for (const auto& row : table.rows) take(row);
  return widths;
}

// Takes columns away from the widest until the sum fits, but never below kNarrowest.
void shrink(std::vector<int>& widths, int width) {
  if (widths.empty()) return;
  int total = kGap * (static_cast<int>(widths.size()) - 1);
  for (const int w : widths) total += w;
  while (total > width) {
    const auto widest = std::max_element(widths.begin(), widths.end());
    if (*widest <= kNarrowest) return;
    --*widest;
    --total;
  }
}

void lay_row(const std::vector<std::string>& row, const std::vector<int>& widths, const std::vector<size_t>& right,
             std::vector<std::string>& out) {
  std::vector<std::vector<std::string>> cells(widths.size());
  size_t height = 1;
  for (size_t i = 0; i < widths.size(); ++i) {
    if (i < row.size()) cells[i] = wrap(row[i], std::max(widths[i], 1));
    height = std::max(height, cells[i].size());
  }
  for (size_t y = 0; y < height; ++y) {
    std::string text;
    for (size_t i = 0; i < widths.size(); ++i) {
      const std::string_view cell = y < cells[i].size() ? std::string_view(cells[i][y]) : std::string_view();
      const auto padding = static_cast<size_t>(std::max(0, widths[i] - display_width(cell)));
      if (i > 0) text.append(kGap, ' ');
      const bool to_right = std::find(right.begin(), right.end(), i) != right.end();
      text += to_right ? std::string(padding, ' ').append(cell) : std::string(cell).append(padding, ' ');
    }
    text.erase(text.find_last_not_of(' ') + 1);
    out.push_back(std::move(text));
  }
}

}  // namespace

bool parse_color(std::string_view text, ColorMode& out) {
  if (text == "auto")
    out = ColorMode::automatic;
  else if (text == "always")
    out = ColorMode::always;
  else if (text == "never")
    out = ColorMode::never;
  else
    return false;
  return true;
}

std::vector<std::string> wrap(std::string_view text, int width) {
  std::vector<std::string> out;
  for (const auto& part : split(text, '\n')) {
    if (width <= 0)
      out.push_back(part);
    else
      wrap_line(part, width, out);
  }
  return out;
}

std::vector<std::string> layout(const Table& table, int width) {
  std::vector<int> widths = natural_widths(table);
  if (width > 0) shrink(widths, width);
  std::vector<std::string> out;
  if (!table.header.empty()) lay_row(table.header, widths, table.right, out);
  for (const auto& row : table.rows) lay_row(row, widths, table.right, out);
  return out;
}

Terminal::Terminal(std::FILE* stream, ColorMode color) : stream_(stream) {
  is_terminal_ = isatty(fileno(stream)) == 1;
  colors_ = wants_colors(color, is_terminal_);
  width_ = is_terminal_ ? terminal_width(fileno(stream)) : 0;
}

Terminal::Terminal(std::string& into, int width, bool color) : into_(&into), colors_(color), width_(width) {}

void Terminal::print(std::string_view text) {
  if (text.empty()) return;
  anything_ = true;
  if (into_ != nullptr)
    into_->append(text);
  else
    std::fwrite(text.data(), 1, text.size(), stream_);
}

void Terminal::line(std::string_view text) {
  print(text);
  print("\n");
}

void Terminal::heading(std::string_view text) {
  if (anything_) line();
  line(paint(Style::bold, text));
}

void Terminal::paragraph(std::string_view text, int indent) {
  const int room = width_ == 0 ? 0 : std::max(20, width_ - indent);
  for (const auto& part : wrap(text, room)) line(part.empty() ? "" : std::string(static_cast<size_t>(indent), ' ') + part);
}

void Terminal::table(const Table& table, int indent) {
  const auto lines = layout(table, width_ == 0 ? 0 : std::max(20, width_ - indent));
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::string text = std::string(static_cast<size_t>(indent), ' ') + lines[i];
    line(i == 0 && !table.header.empty() ? paint(Style::bold, text) : text);
  }
}

std::string Terminal::paint(Style style, std::string_view text) const {
  if (!colors_ || style == Style::plain || text.empty()) return std::string(text);
  return escape_of(style) + std::string(text) + "\x1B[0m";
}

void Terminal::flush() {
  if (stream_ != nullptr) std::fflush(stream_);
}

void Progress::show(std::string_view text) {
  if (!terminal_.is_terminal()) return;
  const auto lines = wrap(text, std::max(1, terminal_.width() - 1));
  terminal_.print("\r\x1B[K" + terminal_.paint(Style::dim, lines.empty() ? "" : lines.front()));
  terminal_.flush();
  shown_ = true;
}

void Progress::clear() {
  if (!shown_) return;
  terminal_.print("\r\x1B[K");
  terminal_.flush();
  shown_ = false;
}

}  // namespace pga
