#include "source/files.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "base/quote.h"

namespace pga::source {
namespace fs = std::filesystem;

Result<std::string> read_text(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  if (!in) return fail("not-readable", "the file " + comment_safe(file.string()) + " cannot be read");
  return out.str();
}

Result<std::vector<SqlFile>> read_folder(const fs::path& folder) {
  std::vector<SqlFile> files;
  std::error_code failed;
  fs::recursive_directory_iterator at(folder, failed);
  if (failed) return fail("not-readable", "the folder " + comment_safe(folder.string()) + " cannot be read", failed.message());
  for (const fs::recursive_directory_iterator end; at != end; at.increment(failed)) {
    if (failed) return fail("not-readable", "the folder " + comment_safe(folder.string()) + " cannot be read", failed.message());
    const bool wanted = at->path().extension() == ".sql" || at->path().filename() == "sqitch.plan";
    if (!wanted || !at->is_regular_file(failed)) continue;
    PGA_TRY(auto text, read_text(at->path()));
    files.push_back({at->path().string(), at->path().lexically_relative(folder).generic_string(), std::move(text)});
  }
  if (files.empty()) {
    return fail("empty-folder", "the folder " + comment_safe(folder.string()) + " holds no .sql file",
                "for an empty database say empty:");
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

}  // namespace pga::source
