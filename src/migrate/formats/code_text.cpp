#include "migrate/formats/code_text.h"

#include <algorithm>

#include "base/text.h"

namespace pga::migrate {
namespace {

std::string_view quote_of(Language language) {
  return language == Language::javascript ? "`" : "\"\"\"";
}

// A quote of Python's needs a backslash where it could be taken for a piece of the end.
bool python_escapes(std::string_view sql, size_t at) {
  const bool before = at > 0 && sql[at - 1] == '"';
  const bool after = at + 1 == sql.size() || sql[at + 1] == '"';
  return before || after;
}

void append_decoded(Language language, char escaped, std::string& out) {
  switch (escaped) {
    case 'r':
      out += '\r';
      return;
    case 'n':
      out += '\n';
      return;
    case 't':
      out += '\t';
      return;
    default:
      if (language == Language::python && escaped != '\\' && escaped != '"' && escaped != '\'') out += '\\';
      out += escaped;
  }
}

// The value of the string that begins at `at` (behind its opening quote); at: behind the closing one. False: it does not end, or
// something is put into it.
bool decode(Language language, std::string_view text, size_t& at, std::string& out) {
  const auto quote = quote_of(language);
  while (at < text.size()) {
    if (text.substr(at).starts_with(quote)) {
      at += quote.size();
      return true;
    }
    if (language == Language::javascript && text.substr(at).starts_with("${")) return false;
    if (text[at] == '\\' && at + 1 < text.size()) {
      append_decoded(language, text[at + 1], out);
      at += 2;
      continue;
    }
    out += text[at++];
  }
  return false;
}

}  // namespace

std::string code_string(Language language, std::string_view sql) {
  std::string out(quote_of(language));
  for (size_t i = 0; i < sql.size(); ++i) {
    const char c = sql[i];
    const bool javascript =
        language == Language::javascript && (c == '`' || (c == '$' && i + 1 < sql.size() && sql[i + 1] == '{'));
    const bool python = language == Language::python && c == '"' && python_escapes(sql, i);
    if (c == '\\' || javascript || python) out += '\\';
    out += c == '\r' ? "\\r" : std::string(1, c);
  }
  return out += quote_of(language);
}

Result<std::vector<CodeLine>> code_lines(Language language, std::string_view text, const std::string& file) {
  const auto quote = quote_of(language);
  const std::string_view comment = language == Language::javascript ? "//" : "#";
  std::vector<CodeLine> out;
  int number = 1;
  for (size_t at = 0; at < text.size(); ++number) {
    size_t end = std::min(text.find('\n', at), text.size());
    CodeLine line{.number = number, .text = std::string(trim(text.substr(at, end - at))), .value = {}};
    if (line.text.empty() || line.text.starts_with(comment)) {
      at = end + 1;
      continue;
    }
    if (const auto open = text.substr(at, end - at).find(quote); open != std::string_view::npos) {
      size_t behind = at + open + quote.size();
      const size_t begin = behind;
      if (!decode(language, text, behind, line.value)) return not_our_script(file, number);
      number += static_cast<int>(std::count(text.begin() + static_cast<std::ptrdiff_t>(begin),
                                            text.begin() + static_cast<std::ptrdiff_t>(behind), '\n'));
      end = std::min(text.find('\n', behind), text.size());
      line.text = std::string(trim(text.substr(at, open))) + "\x01" + std::string(trim(text.substr(behind, end - behind)));
    }
    out.push_back(std::move(line));
    at = end + 1;
  }
  return out;
}

void CodeSide::add(int line, const std::string& statement) {
  if (line > lines) sql += std::string(static_cast<size_t>(line - lines), '\n');
  lines = std::max(lines, line) + static_cast<int>(std::count(statement.begin(), statement.end(), '\n'));
  sql += statement;
  const auto last = statement.substr(statement.rfind('\n') + 1);
  if (last.find("--") != std::string::npos) {
    sql += '\n';
    ++lines;
  }
  sql += ";\n";
  ++lines;
}

tl::unexpected<Error> not_our_script(const std::string& file, int line) {
  return fail("not-our-script", "this is not what pgarchitect writes: a script that does more than pass SQL on cannot be read",
              "use the tool itself for this migration, or keep its SQL in a file of an SQL format", {file, line});
}

Result<std::vector<FileText>> code_files(const std::string& folder, std::string_view ending) {
  PGA_TRY(const auto files, entries(folder));
  std::vector<FileText> out;
  for (const auto& file : files) {
    if (!file.string().ends_with(ending) || !std::filesystem::is_regular_file(file)) continue;
    PGA_TRY(auto text, read_text(file.string()));
    out.push_back({file.string(), std::move(text)});
  }
  return out;
}

}  // namespace pga::migrate
