// A folder as one file, and back: how an initialised data folder is kept. One file is written beside and renamed, so that
// it is there wholly or not at all; a check sum over all of it finds damage; and reading it is one sequential read. Internal to
// this room.
#pragma once
#include <string>

#include "postgres/programs.h"

namespace pga::postgres {

// Writes the folders and regular files below `folder` to `file` (replaced atomically).
Status pack_folder(const std::string& folder, const std::string& file);
// Makes `folder`, which must not exist, from the file. Code "damaged-cache" when the file is not whole.
Status unpack_folder(const std::string& file, const std::string& folder, const ServerUser& owner);

}  // namespace pga::postgres
