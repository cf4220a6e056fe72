// What must be gone when this process ends: the running private servers and their folders. Internal to this room.
//
// A slot is taken when a folder is made, learns the server's process when there is one, and is given back by end(). exit()
// and the signals SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE and SIGXCPU end all slots; the signal then does what it did
// before. A signal that is ignored stays ignored. A forked child owns none of its parent's slots.
#pragma once
#include <sys/types.h>

#include <string>

namespace pga::postgres::watch {

int add(const std::string& folder);  // -1: no slot is free
void set_server(int slot, pid_t server);
// Stops the server of a slot (immediate shutdown: nothing of it is kept), keeps the folder.
void stop_server(int slot);
// Stops the server, removes the folder, frees the slot.
void end(int slot);
// The process has ended by itself; its status is taken.
bool server_has_ended(int slot);

}  // namespace pga::postgres::watch
