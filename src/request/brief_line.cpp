#include "request/brief_line.h"

#include "base/text.h"

namespace pga::request {

namespace {

void add_piece(BriefLine& line, std::string_view text, size_t offset) {
  const auto trimmed = trim(text);
  if (trimmed.empty()) return;
  line.pieces.push_back({trimmed, offset + static_cast<size_t>(trimmed.data() - text.data())});
}

BriefLine read_line(std::string_view text, size_t offset, int number) {
  BriefLine line;
  line.number = number;
  line.offset = offset;
  line.indented = !text.empty() && (text.front() == ' ' || text.front() == '\t');
  const auto start = trim(text);
  const bool whole = start.starts_with("open ") || start.starts_with("decide ");  // prose: a `;` is part of it
  int depth = 0;
  bool quoted = false;
  size_t begin = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"' && (at == 0 || text[at - 1] != '\\')) quoted = !quoted;
    if (quoted) continue;
    if (c == '(' || c == '{') ++depth;
    if ((c == ')' || c == '}') && depth > 0) --depth;
    if (c == '#' && (at == 0 || text[at - 1] == ' ' || text[at - 1] == '\t')) {
      add_piece(line, text.substr(begin, at - begin), offset + begin);
      line.comment = trim(text.substr(at));
      return line;
    }
    if (c == ';' && depth == 0 && !whole) {
      add_piece(line, text.substr(begin, at - begin), offset + begin);
      begin = at + 1;
    }
  }
  add_piece(line, text.substr(std::min(begin, text.size())), offset + begin);
  return line;
}

}  // namespace

std::vector<BriefLine> brief_lines(std::string_view text) {
  std::vector<BriefLine> lines;
  size_t at = 0;
  int number = 1;
  while (at < text.size()) {
    const size_t end = std::min(text.find('\n', at), text.size());
    auto line = text.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(read_line(line, at, number++));
    at = end + 1;
  }
  return lines;
}

}  // namespace pga::request
