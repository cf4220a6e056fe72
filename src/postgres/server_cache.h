// Initialised data folders, made once a version and kept as one file each (server_pack.h) in cache_folder()/clusters. Internal
// to this room.
//
// The name of a file is a hash of the version, the options of initdb and the identity of the postgres program (path, inode,
// size, time): after a package upgrade another one is made. Several processes may want the same one: one makes it, the others
// wait.
#pragma once
#include <string>

#include "postgres/programs.h"
#include "postgres/server_scratch.h"

namespace pga::postgres {

// Of the program's file; differs after a package upgrade. "" when it is gone.
std::string identity_of(const Programs& programs);
// Makes scratch.path()/data, owned by the user of the server. `rebuild`: do not trust what is kept.
Status make_data_folder(const Programs& programs, const ServerUser& user, const Scratch& scratch, bool rebuild = false);
// The file that keeps the data folder of these programs; "" when there is nowhere to keep it.
std::string cached_cluster(const Programs& programs);

}  // namespace pga::postgres
