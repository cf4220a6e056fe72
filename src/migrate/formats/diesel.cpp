// Diesel: a folder <version>_<name> with up.sql, down.sql and, where there must be no transaction, metadata.toml with
// run_in_transaction = false (for both directions). Diesel sends a file as one query.
// Its version is what stands before the first '_', without dashes: 2017-08-31-230457 follows 20140925132248.
#include <algorithm>

#include "base/text.h"
#include "migrate/formats/support.h"
#include "migrate/stamp.h"

namespace pga::migrate {
const Format& format_diesel();
namespace {
namespace fs = std::filesystem;

std::optional<FileName> parse_folder(const std::string& folder) {
  const auto bar = folder.find('_');
  FileName out{.version = replace_all(folder.substr(0, bar), "-", ""), .name = {}};
  if (bar != std::string::npos) out.name = folder.substr(bar + 1);
  if (!all_digits(out.version)) return std::nullopt;
  return out;
}

std::string folder_of(const Migration& migration) {
  std::string version = migration.version;
  if (parse_stamp(version)) version.insert(8, "-").insert(6, "-").insert(4, "-");
  return version + "_" + migration.name;
}

Result<Migration> read_one(const fs::path& folder, const FileName& name) {
  Migration out{.version = name.version, .name = name.name, .path = (folder / "up.sql").string()};
  PGA_TRY(const std::string text, read_text(out.path));
  out.checksum = sha256_hex(text);
  RunsAs runs = RunsAs::transaction;
  if (fs::exists(folder / "metadata.toml")) {
    PGA_TRY(const std::string metadata, read_text((folder / "metadata.toml").string()));
    for (const auto& line : split(metadata, '\n')) {
      std::string setting = replace_all(line.substr(0, line.find('#')), " ", "");
      if (trim(setting) == "run_in_transaction=false") runs = RunsAs::plain;
    }
  }
  PGA_CHECK(read_up(out, text, out.path, runs));
  const auto down = (folder / "down.sql").string();
  if (!fs::exists(down)) return out;
  PGA_TRY(const std::string down_text, read_text(down));
  PGA_CHECK(read_down(out, down_text, down, runs));
  return out;
}

class Diesel final : public Format {
 public:
  std::string_view slug() const override { return "diesel"; }
  std::string_view describe() const override { return "<version>_<name>/up.sql, down.sql and metadata.toml"; }

  bool detect(const std::string& folder) const override {
    const auto folders = entries(folder);
    return folders && std::any_of(folders->begin(), folders->end(), [](const auto& path) {
             return parse_folder(path.filename().string()) && fs::exists(path / "up.sql");
           });
  }

  Result<std::vector<Migration>> read(const std::string& folder) const override {
    PGA_TRY(const auto folders, entries(folder));
    std::vector<Migration> out;
    for (const auto& path : folders) {
      const auto name = parse_folder(path.filename().string());
      if (!name || !fs::exists(path / "up.sql")) continue;
      PGA_TRY(auto one, read_one(path, *name));
      out.push_back(std::move(one));
    }
    return ordered(std::move(out));
  }

  Result<std::vector<std::string>> write(const Migration& migration, const std::string& folder,
                                         const WriteOptions& options) const override {
    PGA_CHECK(check_name(migration));
    std::vector<FileText> files;
    for (const auto& one : divide(migration, {.lone_steps = true, .same_mode = true})) {
      const auto path = fs::path(folder) / folder_of(one);
      if (!transactional(one.up) || !transactional(one.down))
        files.push_back({(path / "metadata.toml").string(), "run_in_transaction = false\n"});
      if (one.has_down) files.push_back({(path / "down.sql").string(), down_sql(one, options, false)});
      files.push_back({(path / "up.sql").string(), proof_lines(one, "--") + up_sql(one, options, false)});
    }
    return write_files(files, options);
  }

 protected:
  Result<std::vector<std::string>> versions(const std::string& folder) const override {
    PGA_TRY(const auto folders, entries(folder));
    std::vector<std::string> out;
    for (const auto& path : folders)
      if (const auto name = parse_folder(path.filename().string())) out.push_back(name->version);
    return out;
  }
};
}  // namespace

const Format& format_diesel() {
  static const Diesel format;
  return format;
}
}  // namespace pga::migrate
