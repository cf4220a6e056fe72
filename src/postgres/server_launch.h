// Starts a program as the unprivileged user, in a session of its own, with a signal at the death of this process. Internal to
// this room.
//
// The kernel sends that signal when the *thread* that forked ends, so all forks are made by one thread that lives as long as
// the process ("the keeper"), whatever thread asks. Between fork() and execve() the child only makes system calls.
#pragma once
#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "postgres/programs.h"
#include "postgres/server_confine.h"

namespace pga::postgres {

struct Launch {
  std::string program;                 // full path
  std::vector<std::string> arguments;  // without the program's name
  std::string folder;                  // to work in
  std::string log;                     // receives standard output and error
  ServerUser user;
  int inherited = -1;              // this open file becomes number 3 of the program
  const Limits* limits = nullptr;  // confined (server_confine.h), with writes to `folder` only; nullptr: not confined
  Programs programs;               // what a confined program may read
};

struct Launched {
  pid_t pid = 0;
  std::vector<std::string> confinement;  // "seccomp", "landlock 7"
};

Result<Launched> launch(const Launch& wanted);
// Runs a program to its end; an error with the end of its log when it failed.
Status run_to_end(const Launch& wanted);
// The last lines of a log, for error messages.
std::string tail_of(const std::string& log);

// Runs something on the keeper now and waits for it.
void on_keeper(const std::function<void()>& work);

}  // namespace pga::postgres
