// dbmate: <version>_<name>.sql with "-- migrate:up" and "-- migrate:down", each with its own transaction:false. A part is sent as
// one query: without a transaction it may hold one statement only.
#include <algorithm>

#include "base/text.h"
#include "migrate/formats/support.h"

namespace pga::migrate {
const Format& format_dbmate();
namespace {

struct Mark {
  bool up = false, down = false, plain = false;
};

// "-- migrate:up transaction:false"; dbmate wants the mark at the beginning of its line.
Mark mark_of(std::string_view line) {
  if (!line.starts_with("--")) return {};
  const auto rest = trim(line.substr(2));
  Mark out{.plain = rest.find("transaction:false") != std::string_view::npos};
  const auto is = [&](std::string_view word) {
    return rest.starts_with(word) && (rest.size() == word.size() || rest[word.size()] == ' ' || rest[word.size()] == '\t');
  };
  out.up = is("migrate:up");
  out.down = is("migrate:down");
  return out;
}

std::string part(std::string_view mark, const plan::Script& script, const std::string& sql) {
  return std::string(mark) + (transactional(script) ? "\n" : " transaction:false\n") + sql;
}

Result<Migration> read_one(const std::string& path, const FileName& name) {
  Migration out{.version = name.version, .name = name.name, .path = path};
  PGA_TRY(const std::string text, read_text(path));
  out.checksum = sha256_hex(text);
  size_t up = std::string::npos;
  size_t down = text.size();
  RunsAs up_runs = RunsAs::transaction;
  RunsAs down_runs = RunsAs::transaction;
  bool has_down = false;
  for (const auto& line : lines_of(text)) {
    const auto mark = mark_of(line.text);
    if (mark.up && up == std::string::npos) {
      up = line.end;
      if (mark.plain) up_runs = RunsAs::plain;
    } else if (mark.down && !has_down) {
      down = line.begin;
      has_down = true;
      if (mark.plain) down_runs = RunsAs::plain;
    }
  }
  if (up == std::string::npos || up > down)
    return fail("empty-migration", "the file has no '-- migrate:up' part", "add the mark above the statements", {path});
  PGA_CHECK(read_up(out, only(text, up, down), path, up_runs));
  if (has_down) PGA_CHECK(read_down(out, only(text, down, text.size()), path, down_runs));
  return out;
}

class Dbmate final : public Format {
 public:
  std::string_view slug() const override { return "dbmate"; }
  std::string_view describe() const override { return "<version>_<name>.sql with -- migrate:up and -- migrate:down"; }

  bool detect(const std::string& folder) const override {
    const auto files = entries(folder);
    return files && std::any_of(files->begin(), files->end(), [](const auto& file) {
             if (!parse_name(file.filename().string(), ".sql")) return false;
             const auto text = read_text(file.string());
             if (!text) return false;
             const auto lines = lines_of(*text);
             return std::any_of(lines.begin(), lines.end(), [](const Line& line) { return mark_of(line.text).up; });
           });
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
    PGA_CHECK(no_line_of(migration, slug(), [](std::string_view line) { return mark_of(line).up || mark_of(line).down; }));
    std::vector<FileText> files;
    for (const auto& one : divide(migration, {.lone_steps = true})) {
      const auto path = (std::filesystem::path(folder) / (one.version + "_" + one.name + ".sql")).string();
      files.push_back({path, proof_lines(one, "--") + part("-- migrate:up", one.up, up_sql(one, options, false)) + "\n" +
                                 part("-- migrate:down", one.down, down_sql(one, options, false))});
    }
    return write_files(files, options);
  }

 protected:
  Result<std::vector<std::string>> versions(const std::string& folder) const override {
    return versions_of_names(folder, ".sql");
  }
};
}  // namespace

const Format& format_dbmate() {
  static const Dbmate format;
  return format;
}
}  // namespace pga::migrate
