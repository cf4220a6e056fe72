// What formats share that keep a migration as <version>_<name>.up.sql and <version>_<name>.down.sql. Internal to formats/.
#pragma once
#include <string>
#include <vector>

#include "migrate/formats/support.h"

namespace pga::migrate {

// head: comment lines at the top of the up file.
std::vector<FileText> pair_files(const Migration& migration, const std::string& folder, const std::string& head,
                                 const WriteOptions& options);
Result<std::vector<Migration>> read_pairs(const std::string& folder, RunsAs runs);
// An up file of the folder holds this text.
bool any_up_file_has(const std::string& folder, std::string_view text);

}  // namespace pga::migrate
