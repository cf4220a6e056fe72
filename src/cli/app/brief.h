// pgarchitect brief: what a brief says, and how it is laid out.
#pragma once
#include <string>

#include "cli/context.h"

namespace pga::app {

struct BriefOptions {
  std::string action;  // fmt | check | explain
  std::string file;
  bool write = false;  // fmt: into the file
};

// 1 when a line is not understood.
Result<int> brief(cli::Context& context, const BriefOptions& options);

}  // namespace pga::app
