// Flyway: V<version>__<name>.sql and U<version>__<name>.sql, each with a script configuration beside it (.conf): one transaction
// a file unless executeInTransaction=false; ${…} is a placeholder unless placeholderReplacement=false.
#include <algorithm>

#include "base/text.h"
#include "migrate/formats/support.h"

namespace pga::migrate {
const Format& format_flyway();
namespace {
namespace fs = std::filesystem;

// "V1_10__Add_users.sql" -> "1.10", "Add_users".
std::optional<FileName> parse_flyway(std::string_view file, char prefix) {
  const auto bars = file.find("__");
  if (!file.ends_with(".sql") || file.empty() || file[0] != prefix || bars == std::string_view::npos) return std::nullopt;
  FileName out{.version = replace_all(std::string(file.substr(1, bars - 1)), "_", "."), .name = {}};
  out.name = std::string(file.substr(bars + 2, file.size() - bars - 6));
  const auto numbers = split(out.version, '.');
  const bool good = std::all_of(numbers.begin(), numbers.end(), [](const auto& number) { return all_digits(number); });
  if (prefix != 'R' && !good) return std::nullopt;
  return out;
}

std::vector<FileText> script_files(const std::string& path, const std::string& text, const plan::Script& script) {
  const bool placeholders = text.find("${") != std::string::npos;
  std::vector<FileText> out;
  if (!transactional(script) || placeholders)
    out.push_back({path + ".conf", std::string(transactional(script) ? "" : "executeInTransaction=false\n") +
                                       (placeholders ? "placeholderReplacement=false\n" : "")});
  out.push_back({path, text});
  return out;
}

Result<RunsAs> runs_as(const std::string& path) {
  if (!fs::exists(path + ".conf")) return RunsAs::transaction;
  PGA_TRY(const std::string conf, read_text(path + ".conf"));
  for (const auto& line : split(conf, '\n')) {
    std::string plain = replace_all(line, " ", "");
    if (to_lower(trim(plain)) == "executeintransaction=false") return RunsAs::plain;
  }
  return RunsAs::transaction;
}

// Flyway itself leaves out the transaction when a statement may not be in one.
void as_flyway_runs(plan::Script& script) {
  for (auto& section : script)
    if (std::any_of(section.steps.begin(), section.steps.end(), [](const auto& step) { return refuses_transaction(step.sql); }))
      section.transactional = false;
}

Result<Migration> read_one(const fs::path& file, const FileName& name) {
  Migration out{.version = name.version, .name = name.name, .path = file.string()};
  PGA_TRY(const std::string text, read_text(out.path));
  out.checksum = sha256_hex(text);
  PGA_TRY(const auto runs, runs_as(out.path));
  PGA_CHECK(read_up(out, text, out.path, runs));
  as_flyway_runs(out.up);
  PGA_TRY(const auto siblings, entries(file.parent_path().string()));
  for (const auto& sibling : siblings) {
    const auto undo = parse_flyway(sibling.filename().string(), 'U');
    if (!undo || version_before(undo->version, out.version) || version_before(out.version, undo->version)) continue;
    PGA_TRY(const std::string down, read_text(sibling.string()));
    PGA_TRY(const auto down_runs, runs_as(sibling.string()));
    PGA_CHECK(read_down(out, down, sibling.string(), down_runs));
    as_flyway_runs(out.down);
    break;
  }
  return out;
}

class Flyway final : public Format {
 public:
  std::string_view slug() const override { return "flyway"; }
  std::string_view describe() const override { return "V<version>__<name>.sql and U<version>__<name>.sql, .conf files"; }

  bool detect(const std::string& folder) const override {
    const auto files = entries(folder);
    return files && std::any_of(files->begin(), files->end(),
                                [](const auto& file) { return parse_flyway(file.filename().string(), 'V').has_value(); });
  }

  Result<std::vector<Migration>> read(const std::string& folder) const override {
    PGA_TRY(const auto files, entries(folder));
    std::vector<Migration> out;
    for (const auto& file : files) {
      const auto name = parse_flyway(file.filename().string(), 'V');
      if (!name) continue;
      PGA_TRY(auto one, read_one(file, *name));
      out.push_back(std::move(one));
    }
    PGA_TRY(out, ordered(std::move(out)));
    // Repeatable scripts run after all others, by name.
    for (const auto& file : files) {
      const auto name = parse_flyway(file.filename().string(), 'R');
      if (!name) continue;
      PGA_TRY(auto one, read_one(file, {out.empty() ? "1" : version_after(split(out.back().version, '.')[0]), name->name}));
      out.push_back(std::move(one));
    }
    return out;
  }

  Result<std::vector<std::string>> write(const Migration& migration, const std::string& folder,
                                         const WriteOptions& options) const override {
    PGA_CHECK(check_name(migration));
    std::vector<FileText> files;
    for (const auto& one : divide(migration, {})) {
      const std::string base = one.version + "__" + one.name + ".sql";
      if (one.has_down)
        for (auto& file : script_files((fs::path(folder) / ("U" + base)).string(), down_sql(one, options, false), one.down))
          files.push_back(std::move(file));
      const std::string up = proof_lines(one, "--") + up_sql(one, options, false);
      for (auto& file : script_files((fs::path(folder) / ("V" + base)).string(), up, one.up)) files.push_back(std::move(file));
    }
    return write_files(files, options);
  }

 protected:
  Result<std::vector<std::string>> versions(const std::string& folder) const override {
    PGA_TRY(const auto files, entries(folder));
    std::vector<std::string> out;
    for (const auto& file : files)
      if (const auto name = parse_flyway(file.filename().string(), 'V')) out.push_back(name->version);
    return out;
  }
  Stamp stamp() const override { return Stamp::sequence; }
};
}  // namespace

const Format& format_flyway() {
  static const Flyway format;
  return format;
}
}  // namespace pga::migrate
