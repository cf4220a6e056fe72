// What people read: lines, headings, aligned tables, and one progress line for long work.
//
//   Terminal out(stdout, ColorMode::automatic);
//   out.heading("Tables");
//   out.table({{"name", "rows"}, {{"users", "1200"}, {"events", "88"}}});
//   Progress progress(err);  progress.show("building index 3 of 7");
//
// Colours appear only where they are wanted: --color=always, or --color=auto on a terminal with NO_COLOR unset and
// TERM not "dumb". Results go to stdout, progress and errors to stderr. In a pipe there are no colours, no progress
// line, no wrapping. Not thread-safe: one thread writes.
#pragma once
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace pga {

enum class ColorMode : uint8_t { automatic, always, never };
bool parse_color(std::string_view text, ColorMode& out);  // auto, always, never

enum class Style : uint8_t { plain, bold, dim, red, green, yellow, blue, cyan };

struct Table {
  std::vector<std::string> header;             // may be empty: no heading line
  std::vector<std::vector<std::string>> rows;  // cells may hold \n; missing cells are empty
  std::vector<size_t> right = {};              // columns that are aligned to the right (numbers)
};

// The table as lines, at most `width` columns wide where that is possible (0: no limit): the widest columns are
// wrapped.
std::vector<std::string> layout(const Table& table, int width);
// Words of a text in lines of at most `width` columns (0: no limit); a longer word is broken. Newlines are kept.
std::vector<std::string> wrap(std::string_view text, int width);

class Terminal {
 public:
  Terminal(std::FILE* stream, ColorMode color);
  // Writes into a string instead, for tests and for pages.
  Terminal(std::string& into, int width, bool color = false);

  void print(std::string_view text);
  void line(std::string_view text = {});
  void heading(std::string_view text);                    // an empty line above it unless it is the first thing
  void paragraph(std::string_view text, int indent = 0);  // wrapped to the width
  void table(const Table& table, int indent = 0);
  std::string paint(Style style, std::string_view text) const;  // unchanged without colours
  bool is_terminal() const { return is_terminal_; }
  bool colors() const { return colors_; }
  int width() const { return width_; }  // 0: not a terminal, no limit
  void flush();

 private:
  std::FILE* stream_ = nullptr;
  std::string* into_ = nullptr;
  bool is_terminal_ = false;
  bool colors_ = false;
  bool anything_ = false;
  int width_ = 0;
};

// One line that is written over and over on a terminal; nothing at all in a pipe. Gone when the object goes.
class Progress {
 public:
  explicit Progress(Terminal& terminal) : terminal_(terminal) {}
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void show(std::string_view text);
  void clear();

 private:
  Terminal& terminal_;
  bool shown_ = false;
};

}  // namespace pga
