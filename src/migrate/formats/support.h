// What the formats share: names and versions of files, writing several files as one, texts around scripts. Internal to formats/.
#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "migrate/divide.h"
#include "migrate/format.h"

namespace pga::migrate {

bool all_digits(std::string_view text);
// Compares versions as numbers of any length, piece by piece where they have dots: 2 < 10, 1.9 < 1.10.
bool version_before(std::string_view a, std::string_view b);
std::string leading_digits(std::string_view text);

// The files (or folders) of a folder by name, ascending. Errors: unreadable-file.
Result<std::vector<std::filesystem::path>> entries(const std::string& folder);
// "20240101_add.sql" -> version "20240101", name "add"; nullopt: it does not begin with digits or ends otherwise.
struct FileName {
  std::string version, name;
};
std::optional<FileName> parse_name(std::string_view file, std::string_view ending);
Result<std::vector<std::string>> versions_of_names(const std::string& folder, std::string_view ending);

// Orders by version. Errors: duplicate-version.
Result<std::vector<Migration>> ordered(std::vector<Migration> migrations);
// Errors: bad-migration-name.
Status check_name(const Migration& migration);

struct FileText {
  std::string path, text;
};
// All or nothing: when one fails, those that were created are removed. Returns the paths.
Result<std::vector<std::string>> write_files(const std::vector<FileText>& files, const WriteOptions& options);

// One direction as SQL. An empty one is a SELECT that does nothing, a missing way back raises an exception; both are marked.
std::string up_sql(const Migration& migration, const WriteOptions& options, bool wrapped);
std::string down_sql(const Migration& migration, const WriteOptions& options, bool wrapped);
std::vector<std::string> up_statements(const Migration& migration, const WriteOptions& options, bool wrapped);
std::vector<std::string> down_statements(const Migration& migration, const WriteOptions& options, bool wrapped);
bool transactional(const plan::Script& script);  // of the first section; true when there is none
std::string proof_lines(const Migration& migration, std::string_view comment);

// Fill out.up and out.down from SQL. read_up: empty-migration when there is neither a statement nor our mark that there is none.
Status read_up(Migration& out, std::string_view sql, const std::string& file, RunsAs runs);
Status read_down(Migration& out, std::string_view sql, const std::string& file, RunsAs runs);

// The text with everything outside [begin, end) blanked, so that lines and columns stay what they are.
std::string only(std::string_view text, size_t begin, size_t end);
struct Line {
  size_t begin = 0, end = 0;  // without the line feed
  std::string_view text;
};
std::vector<Line> lines_of(std::string_view text);
// format-cannot-hold when a line of the migration's own SQL would be taken for a mark of the tool.
Status no_line_of(const Migration& migration, std::string_view tool, const std::function<bool(std::string_view)>& is_mark);

}  // namespace pga::migrate
