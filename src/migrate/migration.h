// One migration as it stands in a folder: both directions, in whatever format the files have. Plain values.
#pragma once
#include <string>

#include "plan/step.h"

namespace pga::migrate {

struct Migration {
  std::string version, name;
  plan::Script up, down;
  std::string proof_header;  // comment text written at the head of the up file; not part of the script
  bool has_down = false;
  std::string path;      // of the up file
  std::string checksum;  // sha256 of the up file, without byte order mark and with LF line ends
};

}  // namespace pga::migrate
