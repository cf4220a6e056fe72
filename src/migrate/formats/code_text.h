// SQL inside JavaScript and Python, and files that consist of fixed lines around such texts. Internal to formats/.
//
// A migration in a programming language can do anything; only files that have nothing but our own lines in them are read back.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "migrate/formats/support.h"

namespace pga::migrate {

enum class Language : uint8_t { javascript, python };
// `…` or """…""": any SQL, read by the language as exactly these bytes.
std::string code_string(Language language, std::string_view sql);

// A line of code with its strings taken out: "await knex.raw(\x01);" and the string's value.
struct CodeLine {
  int number = 0;  // 1-based; where the string begins
  std::string text;
  std::string value;
};
// Blank lines and comments are left out. Errors: not-our-script.
Result<std::vector<CodeLine>> code_lines(Language language, std::string_view text, const std::string& file);

// One direction of such a file as SQL whose lines stand where they stand in the file.
struct CodeSide {
  std::string sql;
  bool plain = false;  // outside a transaction
  int lines = 1;       // of sql so far
  void add(int line, const std::string& statement);
  RunsAs runs() const { return plain ? RunsAs::plain : RunsAs::transaction; }
};
tl::unexpected<Error> not_our_script(const std::string& file, int line);

// The files of a folder that end so, with their texts.
Result<std::vector<FileText>> code_files(const std::string& folder, std::string_view ending);

}  // namespace pga::migrate
