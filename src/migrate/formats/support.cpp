#include "migrate/formats/support.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/quote.h"
#include "base/text.h"

namespace pga::migrate {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kNothing = "-- pgarchitect: nothing to do in this direction";
constexpr std::string_view kNoWayBack = "-- pgarchitect: no way back";

bool has_line(std::string_view text, std::string_view wanted) {
  const auto lines = lines_of(text);
  return std::any_of(lines.begin(), lines.end(), [&](const Line& line) { return trim(line.text) == wanted; });
}

std::vector<std::string> nothing() {
  return {std::string(kNothing) + "\nSELECT 1"};
}

std::vector<std::string> no_way_back() {
  return {std::string(kNoWayBack) + "\nDO $$BEGIN RAISE EXCEPTION 'this migration has no way back'; END$$"};
}

std::string as_sql(const std::vector<std::string>& statements) {
  return statements.front() + ";\n";
}

bool good_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

bool number_before(std::string_view a, std::string_view b) {
  a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
  b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

}  // namespace

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool version_before(std::string_view a, std::string_view b) {
  const auto left = split(a, '.');
  const auto right = split(b, '.');
  for (size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    const std::string_view x = i < left.size() ? std::string_view(left[i]) : "";
    const std::string_view y = i < right.size() ? std::string_view(right[i]) : "";
    if (number_before(x, y)) return true;
    if (number_before(y, x)) return false;
  }
  return false;
}

std::string leading_digits(std::string_view text) {
  size_t end = 0;
  while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
  return std::string(text.substr(0, end));
}

Result<std::vector<fs::path>> entries(const std::string& folder) {
  std::vector<fs::path> out;
  std::error_code error;
  if (!fs::exists(folder, error)) return out;  // a folder that write() has not made yet
  for (const auto& entry : fs::directory_iterator(folder, error)) out.push_back(entry.path());
  if (error) return fail("unreadable-file", "cannot read the folder " + folder, "check the path", {folder});
  std::sort(out.begin(), out.end());
  return out;
}

std::optional<FileName> parse_name(std::string_view file, std::string_view ending) {
  if (!file.ends_with(ending)) return std::nullopt;
  const auto stem = file.substr(0, file.size() - ending.size());
  FileName out{.version = leading_digits(stem), .name = {}};
  if (out.version.empty()) return std::nullopt;
  auto rest = stem.substr(out.version.size());
  if (!rest.empty() && rest.front() != '_' && rest.front() != '-') return std::nullopt;
  if (!rest.empty()) rest.remove_prefix(1);
  out.name = std::string(rest);
  return out;
}

Result<std::vector<std::string>> versions_of_names(const std::string& folder, std::string_view ending) {
  PGA_TRY(const auto files, entries(folder));
  std::vector<std::string> out;
  for (const auto& file : files)
    if (const auto name = parse_name(file.filename().string(), ending)) out.push_back(name->version);
  return out;
}

Result<std::vector<Migration>> ordered(std::vector<Migration> migrations) {
  std::stable_sort(migrations.begin(), migrations.end(),
                   [](const auto& a, const auto& b) { return version_before(a.version, b.version); });
  for (size_t i = 1; i < migrations.size(); ++i)
    if (!version_before(migrations[i - 1].version, migrations[i].version))
      return fail("duplicate-version", migrations[i - 1].path + " and " + migrations[i].path + " have one version",
                  "give one of them another version", {migrations[i].path});
  return migrations;
}

Status check_name(const Migration& migration) {
  if (all_digits(migration.version) && good_name(migration.name)) return {};
  return fail("bad-migration-name", "version or name cannot be part of a file name",
              "use digits for the version and a-z, 0-9, _ and - for the name");
}

Result<std::vector<std::string>> write_files(const std::vector<FileText>& files, const WriteOptions& options) {
  std::vector<std::string> out;
  std::vector<std::string> fresh;
  std::error_code error;
  for (const auto& file : files) {
    const bool existed = fs::exists(file.path, error);
    fs::create_directories(fs::path(file.path).parent_path(), error);
    if (auto written = write_text(file.path, file.text, options.overwrite); !written) {
      for (const auto& path : fresh) fs::remove(path, error);
      return fail(std::move(written).error());
    }
    if (!existed) fresh.push_back(file.path);
    out.push_back(file.path);
  }
  return out;
}

std::string up_sql(const Migration& migration, const WriteOptions& options, bool wrapped) {
  return migration.up.empty() ? as_sql(nothing()) : script_to_sql(migration.up, options, wrapped);
}

std::string down_sql(const Migration& migration, const WriteOptions& options, bool wrapped) {
  if (!migration.has_down) return as_sql(no_way_back());
  return migration.down.empty() ? as_sql(nothing()) : script_to_sql(migration.down, options, wrapped);
}

std::vector<std::string> up_statements(const Migration& migration, const WriteOptions& options, bool wrapped) {
  return migration.up.empty() ? nothing() : script_to_statements(migration.up, options, wrapped);
}

std::vector<std::string> down_statements(const Migration& migration, const WriteOptions& options, bool wrapped) {
  if (!migration.has_down) return no_way_back();
  return migration.down.empty() ? nothing() : script_to_statements(migration.down, options, wrapped);
}

bool transactional(const plan::Script& script) {
  return script.empty() || script.front().transactional;
}

std::string proof_lines(const Migration& migration, std::string_view comment) {
  if (migration.proof_header.empty()) return {};
  std::string out;
  for (const auto& line : split(migration.proof_header, '\n')) out += fmt::format("{} proof: {}\n", comment, comment_safe(line));
  return out;
}

Status read_up(Migration& out, std::string_view sql, const std::string& file, RunsAs runs) {
  if (has_line(sql, kNothing)) return {};
  PGA_TRY(out.up, script_from_sql(sql, file, runs));
  if (out.up.empty()) return fail("empty-migration", "the file holds no statement", "write one, or delete the file", {file});
  return {};
}

Status read_down(Migration& out, std::string_view sql, const std::string& file, RunsAs runs) {
  out.has_down = !has_line(sql, kNoWayBack);
  if (!out.has_down || has_line(sql, kNothing)) return {};
  PGA_TRY(out.down, script_from_sql(sql, file, runs));
  return {};
}

std::string only(std::string_view text, size_t begin, size_t end) {
  std::string out(text);
  for (size_t i = 0; i < out.size(); ++i)
    if ((i < begin || i >= end) && out[i] != '\n') out[i] = ' ';
  return out;
}

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> out;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    out.push_back({at, end, text.substr(at, end - at)});
    at = end + 1;
  }
  return out;
}

Status no_line_of(const Migration& migration, std::string_view tool, const std::function<bool(std::string_view)>& is_mark) {
  for (const auto* script : {&migration.up, &migration.down})
    for (const auto& section : *script)
      for (const auto& step : section.steps)
        for (const auto& line : lines_of(step.sql))
          if (is_mark(line.text))
            return fail("format-cannot-hold",
                        fmt::format("the SQL of {} has the line '{}', which {} would take for its own mark",
                                    comment_safe(step.object), comment_safe(trim(line.text)), tool),
                        "write the migration in another format (pgarchitect formats)");
  return {};
}

}  // namespace pga::migrate
