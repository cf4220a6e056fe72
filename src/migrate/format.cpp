#include "migrate/format.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/text.h"
#include "migrate/divide.h"
#include "migrate/formats/support.h"
#include "migrate/stamp.h"

namespace pga::migrate {
#define PGA_FORMAT(slug) const Format& format_##slug();
#include "migrate/formats/registry.def"
#undef PGA_FORMAT

const std::vector<const Format*>& formats() {
#define PGA_FORMAT(slug) &format_##slug(),
  static const std::vector<const Format*> all = {
#include "migrate/formats/registry.def"
  };
#undef PGA_FORMAT
  return all;
}

const Format* find_format(std::string_view slug) {
  for (const auto* format : formats())
    if (format->slug() == slug) return format;
  return nullptr;
}

const Format* detect_format(const std::string& folder) {
  for (const auto* format : formats())
    if (format->detect(folder)) return format;
  return nullptr;
}

Result<std::vector<source::MigrationText>> script_ups(const std::string& folder) {
  const Format* format = detect_format(folder);
  if (format == nullptr)
    return fail("unknown-format", "the folder " + folder + " holds no migrations of a format that is known",
                "pgarchitect formats lists them", {folder});
  PGA_TRY(const auto migrations, format->read(folder));
  std::vector<source::MigrationText> out;
  for (const auto& one : migrations) out.push_back({one.path, script_to_sql(one.up, {})});
  return out;
}

std::string file_name_of(std::string_view words) {
  constexpr size_t kLongest = 80;  // with version, part and ending: below the 255 bytes of a file name, and readable
  std::string out;
  for (const char c : to_lower(words)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (plain)
      out += c;
    else if (!out.empty() && out.back() != '_')
      out += '_';
  }
  out.resize(std::min(out.size(), kLongest));
  while (!out.empty() && out.back() == '_') out.pop_back();
  return out.empty() ? "migration" : out;
}

Result<std::string> Format::next_version(const std::string& folder, const Clock& clock, VersionStyle style) const {
  PGA_TRY(const auto present, versions(folder));
  std::string highest;
  for (const auto& version : present)
    if (highest.empty() || version_before(highest, version)) highest = version;
  if (style == VersionStyle::automatic) {
    const bool sequence = highest.empty() ? stamp() == Stamp::sequence : highest.size() < 12;
    style = sequence ? VersionStyle::sequence : VersionStyle::timestamp;
  }
  // A dotted version (Flyway's 1.2) is followed by the next whole number.
  const std::string above = highest.empty() ? "" : version_after(highest.substr(0, highest.find('.')));
  if (style == VersionStyle::sequence) return above.empty() ? std::string("1") : above;
  const int64_t now = clock();
  std::string fresh = stamp() == Stamp::milliseconds ? std::to_string(now * 1000) : stamp_text(now);
  return above.empty() || !version_before(fresh, above) ? fresh : above;
}

Result<std::string> read_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail("unreadable-file", "cannot read " + path, "check its permissions", {path});
  std::string text((std::istreambuf_iterator<char>(in)), {});
  if (in.bad()) return fail("unreadable-file", "cannot read " + path, "check its permissions", {path});
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  return replace_all(std::move(text), "\r\n", "\n");
}

Status write_text(const std::string& path, std::string_view text, bool overwrite) {
  const std::string temporary = path + ".tmp" + std::to_string(::getpid());
  std::error_code ignored;
  {
    std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
    out << text;
    out.flush();
    if (!out) {
      std::filesystem::remove(temporary, ignored);
      return fail("cannot-write", "cannot write " + path, "check the folder and its permissions", {path});
    }
  }
  // link() refuses an existing target, so two writers cannot overwrite each other.
  const int outcome = overwrite ? ::rename(temporary.c_str(), path.c_str()) : ::link(temporary.c_str(), path.c_str());
  const int reason = errno;
  std::filesystem::remove(temporary, ignored);
  if (outcome == 0) return {};
  if (reason == EEXIST) return fail("migration-exists", path + " exists already", "choose another version or name", {path});
  return fail("cannot-write", "cannot write " + path + ": " + std::strerror(reason), "check the folder", {path});
}

}  // namespace pga::migrate
