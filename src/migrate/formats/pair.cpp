#include "migrate/formats/pair.h"

#include <algorithm>

#include "base/text.h"

namespace pga::migrate {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kUp = ".up.sql";
constexpr std::string_view kDown = ".down.sql";

Result<Migration> read_one(const fs::path& up, RunsAs runs) {
  const std::string file = up.filename().string();
  const auto name = parse_name(file, kUp);
  if (!name)
    return fail("bad-migration-name", "the file name does not begin with a version", "name it <version>_<name>.up.sql",
                {up.string()});
  Migration out{.version = name->version, .name = name->name, .path = up.string()};
  PGA_TRY(const std::string text, read_text(up.string()));
  PGA_CHECK(read_up(out, text, up.string(), runs));
  out.checksum = sha256_hex(text);
  const auto down = (up.parent_path() / (file.substr(0, file.size() - kUp.size()) + std::string(kDown))).string();
  if (!fs::exists(down)) return out;
  PGA_TRY(const std::string down_text, read_text(down));
  PGA_CHECK(read_down(out, down_text, down, runs));
  return out;
}

}  // namespace

std::vector<FileText> pair_files(const Migration& migration, const std::string& folder, const std::string& head,
                                 const WriteOptions& options) {
  const std::string base = (fs::path(folder) / (migration.version + "_" + migration.name)).string();
  std::vector<FileText> out;
  // The down file first: an up file without its down must never be seen.
  if (migration.has_down) out.push_back({base + std::string(kDown), down_sql(migration, options, true)});
  out.push_back({base + std::string(kUp), head + proof_lines(migration, "--") + up_sql(migration, options, true)});
  return out;
}

Result<std::vector<Migration>> read_pairs(const std::string& folder, RunsAs runs) {
  PGA_TRY(const auto files, entries(folder));
  std::vector<Migration> out;
  for (const auto& file : files) {
    if (!file.string().ends_with(kUp)) continue;
    PGA_TRY(auto one, read_one(file, runs));
    out.push_back(std::move(one));
  }
  return ordered(std::move(out));
}

bool any_up_file_has(const std::string& folder, std::string_view text) {
  const auto files = entries(folder);
  return files && std::any_of(files->begin(), files->end(), [&](const fs::path& file) {
           if (!parse_name(file.filename().string(), kUp)) return false;
           const auto content = read_text(file.string());
           return content && content->find(text) != std::string::npos;
         });
}

}  // namespace pga::migrate
