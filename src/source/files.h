// The texts that a source consists of, in memory: from a folder or from a git revision. Internal to this room.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace pga::source {

struct SqlFile {
  std::string name;  // for messages: as the user would type it
  std::string path;  // below the folder, with '/': "deploy/users.sql"
  std::string text;
};

// Every *.sql below the folder and sqitch.plan, by path. Errors: no-file, not-readable, empty-folder.
Result<std::vector<SqlFile>> read_folder(const std::filesystem::path& folder);
Result<std::string> read_text(const std::filesystem::path& file);

// A file or folder at a revision of the repository of the current directory. folder: tells which it was.
// Errors: no-git, not-a-repository, no-revision, no-path, empty-folder.
Result<std::vector<SqlFile>> read_git(const std::string& revision, const std::string& path, bool& folder);

struct Migrations {
  std::string format;        // "golang-migrate", "dbmate", "goose", "flyway", "liquibase", "sqitch", "diesel", "numbered"
  std::vector<SqlFile> ups;  // in the order in which they run
};
// What the files are when they are migrations; nullopt: an ordinary folder of SQL.
std::optional<Migrations> find_migrations(const std::vector<SqlFile>& files);

}  // namespace pga::source
