// goose: <version>_<name>.sql with "-- +goose Up" and "-- +goose Down"; "-- +goose NO TRANSACTION" holds for both. Statements run
// one by one; every one stands between StatementBegin and StatementEnd, so that no ';' inside it is looked at.
#include <algorithm>

#include "base/text.h"
#include "migrate/formats/support.h"

namespace pga::migrate {
const Format& format_goose();
namespace {

// The command of an annotation: "Up", "StatementBegin", …; "": the line is none.
std::string_view command_of(std::string_view line) {
  if (!line.starts_with("--")) return {};
  const auto rest = trim(line.substr(2));
  return rest.starts_with("+goose ") ? rest.substr(7) : std::string_view{};
}

std::string part(std::string_view mark, const std::vector<std::string>& statements) {
  std::string out = std::string(mark) + "\n";
  for (const auto& statement : statements) {
    // goose skips comments above a statement but not those within: marks stand above StatementBegin.
    size_t at = 0;
    while (statement.compare(at, 3, "-- ") == 0) at = statement.find('\n', at) + 1;
    const auto last = statement.substr(statement.rfind('\n') + 1);
    out += "\n" + statement.substr(0, at) + "-- +goose StatementBegin\n" + statement.substr(at) +
           (last.find("--") == std::string::npos ? ";\n" : "\n;\n") + "-- +goose StatementEnd\n";
  }
  return out;
}

Result<Migration> read_one(const std::string& path, const FileName& name) {
  Migration out{.version = name.version, .name = name.name, .path = path};
  PGA_TRY(std::string text, read_text(path));
  out.checksum = sha256_hex(text);
  size_t up = std::string::npos;
  size_t down = text.size();
  bool has_down = false;
  RunsAs runs = RunsAs::transaction;
  const std::string source = text;
  for (const auto& line : lines_of(source)) {
    const auto command = command_of(line.text);
    if (command == "Up") up = line.end;
    if (command == "NO TRANSACTION") runs = RunsAs::plain;
    if (command == "Down") {
      down = line.begin;
      has_down = true;
    }
    // The end of a block ends a statement, with or without a ';' of its own; a space more is nothing.
    if (command == "StatementEnd")
      text.replace(line.begin, line.end - line.begin, ";" + std::string(line.end - line.begin - 1, ' '));
  }
  if (up == std::string::npos || up > down)
    return fail("empty-migration", "the file has no '-- +goose Up' part", "add the mark above the statements", {path});
  PGA_CHECK(read_up(out, only(text, up, down), path, runs));
  if (has_down) PGA_CHECK(read_down(out, only(text, down, text.size()), path, runs));
  return out;
}

bool has_mark(const std::filesystem::path& file) {
  const auto text = read_text(file.string());
  if (!text) return false;
  const auto lines = lines_of(*text);
  return std::any_of(lines.begin(), lines.end(), [](const Line& line) { return command_of(line.text) == "Up"; });
}

class Goose final : public Format {
 public:
  std::string_view slug() const override { return "goose"; }
  std::string_view describe() const override { return "<version>_<name>.sql with -- +goose Up and -- +goose Down"; }

  bool detect(const std::string& folder) const override {
    const auto files = entries(folder);
    return files && std::any_of(files->begin(), files->end(),
                                [](const auto& file) { return parse_name(file.filename().string(), ".sql") && has_mark(file); });
  }

  Result<std::vector<Migration>> read(const std::string& folder) const override {
    PGA_TRY(const auto files, entries(folder));
    std::vector<Migration> out;
    for (const auto& file : files) {
      const auto name = parse_name(file.filename().string(), ".sql");
      if (!name) continue;
      PGA_TRY(auto one, read_one(file.string(), *name));
      out.push_back(std::move(one));
    }
    return ordered(std::move(out));
  }

  Result<std::vector<std::string>> write(const Migration& migration, const std::string& folder,
                                         const WriteOptions& options) const override {
    PGA_CHECK(check_name(migration));
    PGA_CHECK(no_line_of(migration, slug(), [](std::string_view line) { return !command_of(line).empty(); }));
    std::vector<FileText> files;
    for (const auto& one : divide(migration, {.same_mode = true})) {
      const auto path = (std::filesystem::path(folder) / (one.version + "_" + one.name + ".sql")).string();
      const bool plain = !transactional(one.up) || !transactional(one.down);
      files.push_back({path, proof_lines(one, "--") + (plain ? "-- +goose NO TRANSACTION\n" : "") +
                                 part("-- +goose Up", up_statements(one, options, false)) + "\n" +
                                 part("-- +goose Down", down_statements(one, options, false))});
    }
    return write_files(files, options);
  }

 protected:
  Result<std::vector<std::string>> versions(const std::string& folder) const override {
    return versions_of_names(folder, ".sql");
  }
};
}  // namespace

const Format& format_goose() {
  static const Goose format;
  return format;
}
}  // namespace pga::migrate
